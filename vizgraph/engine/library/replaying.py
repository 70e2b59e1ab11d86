"""Give what looks behind autograd: checkpoints and forward mode; what is left out is refused by its name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor
from torch.autograd import forward_ad

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Context, Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _checkpoint(
    i: Interpreter,
    node: ast.AST,
    function: Any,
    *given: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    **named: Any,
) -> Any:
    """The same numbers and gradients: what a checkpoint saves is memory, which nobody can see here."""
    if use_reentrant:
        raise i.refuse(node, "a reentrant checkpoint is not in the language", "write use_reentrant=False")
    i.warn("A checkpoint computes its inside twice to save memory; it is drawn as if it were computed once.")
    return calls.call(i, function, list(given), named, node)


def _left_out(name: str, hint: str) -> Special:
    def refuse(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
        raise i.refuse(node, f"{name} is not in the language", hint)

    return Special(name, refuse)


CHECKPOINT: Final = {"checkpoint": Special("checkpoint", _checkpoint)}
GRAPH: Final = {
    "saved_tensors_hooks": _left_out("saved_tensors_hooks", "look at what was saved: y.grad_fn._saved_self"),
    "save_on_cpu": _left_out("save_on_cpu", "leave it out: everything is on the cpu here"),
    "disable_saved_tensors_hooks": _left_out("disable_saved_tensors_hooks", "leave it out"),
}  # fmt: skip

# --- forward mode -----------------------------------------------------------------------

_MAKE: Final = Function("make_dual", Kind.SHAPE, forward_ad.make_dual)


def _make_dual(i: Interpreter, node: ast.AST, tensor: Any, tangent: Any) -> Any:
    return i.apply(_MAKE, [tensor, tangent], {}, node)


def _unpack_dual(i: Interpreter, node: ast.AST, tensor: Any) -> Any:
    if not isinstance(tensor, Tensor):
        raise i.failure(node, "unpack_dual takes a tensor", "give it what the function returned")
    return forward_ad.unpack_dual(tensor)  # type: ignore[no-untyped-call]


FORWARD: Final[dict[str, Any]] = {
    "dual_level":  Context("torch.autograd.forward_ad.dual_level", forward_ad.dual_level),
    "make_dual":   Special("make_dual", _make_dual),
    "unpack_dual": Special("unpack_dual", _unpack_dual),
}  # fmt: skip
