"""Read what a function of autograd shows of itself: its name, its inputs, and what it saved."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Backward, Bound, Special
from vizgraph.engine.recording.walk import class_name, is_leaf

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _saved(i: Interpreter, owner: Backward, node: ast.Attribute) -> Any:
    """Return what a function of autograd saved for its backward: one of the names in SAVED, where it has it."""
    read = SAVED.get(node.attr)
    known = [name for name in SAVED if name in dir(owner.function)]
    if read is None or node.attr not in known:
        near = ", ".join(known) or "nothing that can be looked at"
        said = f"'{type(owner.function).__name__}' object has no attribute '{node.attr}'"
        raise i.failure(node, said, f"it saved {near}", AttributeError)
    with i.explaining(node):
        value = read(owner.function)
    if isinstance(value, Tensor):
        i.recorder.looked_at(value, i.text(node), i.span(node))
    if not isinstance(value, (Tensor, int, float, bool, str, type(None), torch.Size, tuple, torch.dtype)):
        raise i.refuse(node, f"{node.attr} is no value of the language", "look at another saved value")
    return value


SAVED: Final[dict[str, Callable[[Any], Any]]] = {
    f"_saved_{name}": attrgetter(f"_saved_{name}")
    for name in "self other result exponent mat1 mat2 tensor1 tensor2 tensors weight target total_weight reduction "
    "dim keepdim beta alpha scalar p index indices mask condition self_sym_sizes self_sym_strides other_sym_sizes "
    "input bias output grad_output log_sumexp value min max threshold negative_slope sizes ignore_index mean rstd "
    "running_mean running_var result0 result1 result2 training momentum eps normalized_shape self_sizes vec size "
    "unbiased correction L LU pivots Q R U S Vh A batch1 batch2 vec1 vec2 mat".split()
}


def read(i: Interpreter, owner: Backward, node: ast.Attribute) -> Any:
    if node.attr.startswith("_saved_"):
        return _saved(i, owner, node)
    if node.attr == "next_functions":
        return tuple(
            (None if function is None else i.backward_of(function), result)
            for function, result in owner.function.next_functions
        )
    if node.attr == "name":
        return Special("name", lambda i, node: owner.function.name())
    if node.attr == "register_hook":
        return Bound(Special("register_hook", _register_hook), owner)
    if node.attr == "variable" and is_leaf(owner.function):
        return owner.function.variable
    if node.attr == "metadata" or node.attr in dir(owner.function):
        said = f"the attribute {node.attr} of a grad_fn is not in the language"
        raise i.refuse(node, said, "use next_functions, name(), or what it saved: _saved_self")
    said = f"'{class_name(owner.function)}' object has no attribute '{node.attr}'"
    raise i.failure(node, said, "use next_functions or name()", AttributeError)


def _register_hook(i: Interpreter, node: ast.AST, owner: Backward, hook: Any) -> Any:
    """Do ``y.grad_fn.register_hook``: the hook sees the gradients of the inputs and those of the outputs."""

    def run(inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> Any:
        return calls.call(i, hook, [inputs, outputs], {}, node)

    i.session.hooked = True
    return owner.function.register_hook(run)
