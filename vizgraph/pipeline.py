"""Read like the straight line: text, values and v become a run, views, a timeline, a drawing, a page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from vizgraph import calculus, codec, engine, findings, language, limits, outer, report, texts
from vizgraph.drawing import layout
from vizgraph.errors import GradientError, VizgraphError
from vizgraph.form import form
from vizgraph.model import Derivation, Layout, Run
from vizgraph.visualization import Visualization
from vizgraph.worker import Zygote, disposable


def visualize(
    source: str,
    *,
    values: Mapping[str, Any] | None = None,
    requires_grad: Collection[str] | None = None,
    gradient: Any = None,
    isolated: bool = False,
    language: str = "en",
) -> Visualization:
    """Run a program and return its graph, its numbers and the animation of its backward pass.

    ``source`` is mathematics (``y = x1*x2``) or PyTorch code. ``values`` gives the free names (number,
    nested list, or text as typed), ``requires_grad`` the names that are leaves (default: all),
    ``gradient`` the upstream gradient of the outputs (default: ones). ``isolated`` runs it in a child
    process under limits of time and memory, for text that nobody has read. ``language`` is that of the sentences, "en"
    or "zh".

    A refused program raises `VizgraphError`; one that ran and then failed returns what it had, with
    ``run.error`` set.

    >>> picture = visualize("y = x1*x2*x3", values={"x1": 1, "x2": 2, "x3": 3}, gradient=0.1)
    >>> [(leaf.name, round(leaf.grad.entries[0], 4)) for leaf in picture.run.leaves]
    [('x1', 0.6), ('x2', 0.3), ('x3', 0.2)]
    """
    job = {
        "source": source,
        "values": dict(values or {}),
        "requires_grad": None if requires_grad is None else list(requires_grad),
        "gradient": gradient,
    }
    with texts.speaking(language):
        if isolated:
            picture = _visualize_isolated({**job, "language": language})
        else:
            picture = Visualization(_run(job), arrange=disposable.arrange_all, derive=_derive)
        _check_names(picture.run, job["values"])
    return picture


def _check_names(run: Run, values: Collection[str]) -> None:
    """A name without a value beside a value without a name: they were meant to be one."""
    free = run.program.free if run.program else ()
    unused = {name.casefold(): name for name in values if all(one.name != name for one in free)}
    for one in free:
        if one.name not in values and one.name.casefold() in unused:
            meant = unused[one.name.casefold()]
            raise VizgraphError(f"name '{one.name}' is not defined", one.span, f"did you mean {meant}?")


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
    return Visualization(run, arrange=disposable.arrange_all, derive=_derive)


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


def stages(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Answer a job stage by stage (docs/ARCHITECTURE.md): only in a process that may die.

    Yields (stage, JSON data) in the wanted order; a program that is refused gives the one stage "refused".
    """
    with texts.speaking(str(job.get("language", texts.ENGLISH))):
        yield from _stages(job)


def _stages(job: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    try:
        place = layout.rows if job.get("layout") == "rows" else layout.arrange

        def arrange(texts: Sequence[str]) -> list[Layout]:
            return [place(text) for text in texts]

        derive = _derive_numbers if job.get("derive") == "numbers" else _derive
        run = _run(job)
        beyond = outer.ask(run, job["outer"]) if job.get("outer") else None
        if beyond is not None:
            run = _run({**job, "gradient": beyond.gradient})
        picture = Visualization(run, arrange=arrange, derive=derive)
        ghost = Visualization(beyond.run, arrange=arrange, derive=derive) if beyond else None
    except VizgraphError as error:
        yield "refused", report.fault(error)
        return
    for name in job.get("want", ("form", "player")):
        if name in STAGES:
            made = STAGES[name](picture, job)
            if name == "player" and ghost is not None and beyond is not None:
                made["outer"] = {"text": beyond.text, "svg": ghost.picture()}
            yield name, made


def _derive(run: Run) -> Derivation | None:
    """The Jacobian three ways: as autograd had it, in symbols, and by differences of forward values."""
    return calculus.derive(run, engine.differences(run), engine.second(run))


def _derive_numbers(run: Run) -> Derivation | None:
    """The same without formulas, for programs whose formulas took too long."""
    return calculus.numbers(run, engine.differences(run))


def _run(job: Mapping[str, Any]) -> Run:
    program = language.parse(job["source"])
    return engine.run(program, job.get("values"), job.get("requires_grad"), job.get("gradient"))


STAGES: Final[dict[str, Callable[[Visualization, Mapping[str, Any]], Any]]] = {
    "run": lambda picture, job: codec.encode(picture.run),
    "form": lambda picture, job: form(picture.run, job.get("values") or {}, job.get("requires_grad")),
    "player": lambda picture, job: picture.payload(opened=job.get("opened", ()), patience=limits.PACKING_SECONDS),
    "derivation": lambda picture, job: codec.encode(picture.derivation),
    "board": lambda picture, job: picture.board,
}


@functools.cache
def _zygote() -> Zygote:
    """One zygote serves every isolated call of this process; it ends with it."""
    return Zygote().start()


def _visualize_isolated(job: dict[str, Any]) -> Visualization:
    """Run the same job in a child of the zygote and read its answer."""
    answer = _zygote().ask({**job, "want": ["run", "derivation"]})
    if "refused" in answer:
        raise report.read_fault(answer["refused"])
    if "run" not in answer:
        raise report.read_fault(answer["failed"]["run"])
    derivation = codec.decode(Derivation, answer["derivation"]) if answer.get("derivation") else None
    return Visualization(
        codec.decode(Run, answer["run"]), arrange=disposable.arrange_all, derive=lambda run: derivation
    )  # fmt: skip
