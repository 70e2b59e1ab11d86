"""Take live tensors of any PyTorch code: trace them, watch the code that makes them, check its gradients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from vizgraph import engine, findings, limits
from vizgraph.errors import GradientError, VizgraphError
from vizgraph.pipeline import finished
from vizgraph.visualization import Visualization


def trace(outputs: Any, gradient: Any = None, *, names: Any = None, max_entries: int = 64) -> Visualization:
    """Return the graph and the backward pass of live tensors of any PyTorch code.

    ``outputs`` is a tensor, or a list, tuple or dict of tensors; ``gradient`` the upstream gradient of each (default:
    ones for scalars). ``names`` maps names to tensors (or is a module, whose parameters are named);
    default: the variables of the caller. Tensors of more than ``max_entries`` numbers are
    summarised. The user's ``.grad``, graph and hooks stay as they were.

    >>> import torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> trace((x * x).sum(), names={"x": x}).run.passes[0].gradients[0].gradient.entries
    (2.0, 4.0)
    """
    return _traced(outputs, gradient, names, engine.variables_of_caller(2), max_entries)


def _traced(
    outputs: Any, gradient: Any, names: Any, around: dict[str, Any], max_entries: int, watch: engine.Watch | None = None
) -> Visualization:
    """Trace with the names that were given; beside those of a module, the variables ``around`` the call name things."""
    expected = names
    if names is None:
        names, around = around, {}
    elif isinstance(names, Mapping):
        around = {}
    if watch is not None and isinstance(names, Mapping):
        names = {**watch.modules.parameters(), **names}
    with engine.untouched() as living:
        run = engine.trace(
            outputs, gradient, names=names, expected=expected, around=around, max_entries=max_entries, watch=watch,
            living=living,
        )  # fmt: skip
    return finished(run)


class Recording:
    """What happens in a ``with vizgraph.record():`` block: code that is run as it is, and can be traced after."""

    def __init__(self, watch: engine.Watch) -> None:
        self._watch = watch

    def __enter__(self) -> Recording:
        self._watch.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._watch.__exit__(*error)

    def trace(
        self, outputs: Any, gradient: Any = None, *, names: Any = None, max_entries: int | None = None
    ) -> Visualization:
        """`vizgraph.trace`, with what was seen: forward values, variables, modules, and the line of every operation.

        The passes that the code itself ran in this graph are told, in their order; one more is run only for a
        ``gradient``, or for outputs at which none of them began.
        """
        entries = max_entries or self._watch.max_entries
        return _traced(outputs, gradient, names, engine.variables_of_caller(2), entries, self._watch)


def record(model: Any = None, *, max_entries: int = 64) -> Recording:
    """Watch ordinary code while it runs, for the trace of what it makes.

    ``model`` is the module from which paths such as ``layers.3.attn`` are counted; without it every module that
    is called has the name of its variable in front. The code runs as it would alone, its calls of backward, too.

    >>> import torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with record() as recording:
    ...     hidden = x * 3
    ...     loss = hidden.exp().sum()
    >>> node = next(node for node in recording.trace(loss).run.graph.nodes if node.name == "hidden")
    >>> node.value.entries, node.span.line
    ((3.0, 6.0), 2)
    """
    return Recording(engine.Watch(model, max_entries))


def check(outputs: Any, gradient: Any = None, *, names: Any = None, ignore: Collection[str] = ()) -> Visualization:
    """Trace, and raise `GradientError` with the first serious finding: for tests and training scripts.

    With a module as ``names`` its parameters that no gradient reaches are found, too. ``ignore`` are the kinds
    of findings that are meant to be ("unused", "vanishing", …). Returns what `trace` returns.

    >>> import torch
    >>> x = torch.tensor([0.0, 4.0], requires_grad=True)
    >>> check(x.sqrt().sum(), names={"x": x})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    vizgraph.errors.GradientError: The gradient of x[0] becomes inf in SqrtBackward0: ...
    """
    ignored = {ignore} if isinstance(ignore, str) else set(ignore)
    for kind in sorted(ignored - set(findings.KINDS)):
        raise VizgraphError(f"there is no kind of finding {kind!r}", hint=f"use {', '.join(findings.KINDS)}")
    picture = _traced(outputs, gradient, names, engine.variables_of_caller(2), limits.ENTRIES)
    for finding in picture.findings.serious:
        if finding.kind not in ignored:
            raise GradientError(finding)
    return picture
