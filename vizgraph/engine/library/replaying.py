"""Give what looks behind autograd: checkpoints, hooks on what is saved, forward mode; refuse the rest by its name."""

from __future__ import annotations

import ast
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.autograd.graph import saved_tensors_hooks

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Context, Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.recording import silent

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


def _saved_tensors_hooks(i: Interpreter, node: ast.AST, pack_hook: Any, unpack_hook: Any) -> Any:
    """Functions of the program see what autograd saves, and what it takes out again in the backward pass."""

    def pack(tensor: Tensor) -> Any:
        with silent.inside(i):
            return calls.call(i, pack_hook, [tensor], {}, node)

    def unpack(packed: Any) -> Any:
        muted, i.printed.muted = i.printed.muted, i.printed.muted or not _runs()
        try:
            with silent.inside(i):
                return calls.call(i, unpack_hook, [packed], {}, node)
        finally:
            i.printed.muted = muted

    i.session.hooked = True
    return saved_tensors_hooks(pack, unpack)


def _runs() -> bool:
    """Whether the engine is in a backward pass: what is looked at besides was not asked for by the program."""
    return torch._C._current_graph_task_id() != -1


CHECKPOINT: Final = {"checkpoint": Special("checkpoint", _checkpoint)}
GRAPH: Final = {
    "saved_tensors_hooks": Special("saved_tensors_hooks", _saved_tensors_hooks),
    "save_on_cpu": Context("torch.autograd.graph.save_on_cpu", lambda pin_memory=False, **_: nullcontext()),
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
