"""Read and write the attributes that the language knows, by literal tables."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor

from vizgraph.engine.functions import METHODS, Function, Kind
from vizgraph.engine.specials import OBJECTS, TENSORS
from vizgraph.engine.values import Backward, Bound, Method, Namespace, Special

if TYPE_CHECKING:
    from vizgraph.engine.expressions import Expressions

# Attributes of tensors with a plain value, and those that are tensors and so belong in the graph.
PLAIN: Final[dict[str, Callable[[Tensor], Any]]] = {
    "shape":         lambda tensor: tensor.shape,
    "dtype":         lambda tensor: tensor.dtype,
    "ndim":          lambda tensor: tensor.ndim,
    "device":        lambda tensor: tensor.device,
    "requires_grad": lambda tensor: tensor.requires_grad,
    "is_leaf":       lambda tensor: tensor.is_leaf,
    "grad":          lambda tensor: tensor.grad,
    "retains_grad":  lambda tensor: tensor.retains_grad,
    "grad_fn":       lambda tensor: None if tensor.grad_fn is None else Backward(tensor.grad_fn),
    "output_nr":     lambda tensor: tensor.output_nr,
}  # fmt: skip
MADE: Final = {
    "T":    Function("transpose", Kind.SHAPE, lambda tensor: tensor.T),
    "mT":   Function("transpose", Kind.SHAPE, lambda tensor: tensor.mT),
    "data": Function("detach",    Kind.SHAPE, lambda tensor: tensor.data),
}  # fmt: skip


def read(interpreter: Expressions, owner: Any, node: ast.Attribute) -> Any:
    """Return ``owner.name`` for the owners and names that the language knows."""
    name = node.attr
    if isinstance(owner, Namespace):
        if name in owner.members:
            return owner.members[name]
        raise _refusal(interpreter, node, f"{owner.name}.{name}", owner.members)
    if isinstance(owner, Tensor):
        return _of_tensor(interpreter, owner, node)
    if isinstance(owner, Backward):
        return _of_backward(interpreter, owner, node)
    for kind, methods in OBJECTS.items():
        if isinstance(owner, kind) and name in methods:
            return Bound(Special(name, methods[name]), owner)
    raise _refusal(interpreter, node, f"the attribute {name}", ())


def write(interpreter: Expressions, owner: Any, node: ast.Attribute, value: Any) -> None:
    """Do ``owner.name = value`` for the three attributes that tutorials write."""
    if not isinstance(owner, Tensor) or node.attr not in ("grad", "requires_grad", "data"):
        raise interpreter.refuse(node, f"the attribute {node.attr} can't be assigned", "assign to a name")
    with interpreter.torch_errors(node):
        if node.attr == "grad":
            before = interpreter.session.gradient(owner)
            owner.grad = value
            how = f"{interpreter.text(node)} = {'None' if value is None else '…'}"
            interpreter.session.rewrite(owner, before, how, interpreter.span(node))
        elif node.attr == "requires_grad":
            owner.requires_grad_(bool(value))
            interpreter.recorder.made(owner)
            interpreter.recorder.became_leaf(owner)
        elif isinstance(value, Tensor):
            owner.data = value.detach()
            interpreter.recorder.rewritten(owner)


def _of_tensor(interpreter: Expressions, owner: Tensor, node: ast.Attribute) -> Any:
    name = node.attr
    if name in PLAIN:
        value = PLAIN[name](owner)
        if isinstance(value, Tensor):
            interpreter.recorder.looked_at(value, interpreter.text(node), interpreter.span(node))
        elif name == "grad" and value is None and not owner.is_leaf:
            interpreter.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute "
                "won't be populated during autograd.backward(). If you indeed want the .grad field to be populated "
                "for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor."
            )
        return value
    if name in MADE:
        return interpreter.apply(MADE[name], [owner], {}, node)
    if name in TENSORS:
        return Bound(Special(name, TENSORS[name]), owner)
    if name in METHODS:
        return Method(METHODS[name], owner)
    raise _refusal(interpreter, node, f"the tensor method {name}", (*METHODS, *PLAIN, *MADE, *TENSORS))


def _of_backward(interpreter: Expressions, owner: Backward, node: ast.Attribute) -> Any:
    if node.attr == "next_functions":
        return tuple(
            (None if function is None else Backward(function), result)
            for function, result in owner.function.next_functions
        )
    if node.attr == "name":
        return Special("name", lambda interpreter, node: owner.function.name())
    raise _refusal(interpreter, node, f"the attribute {node.attr} of a grad_fn", ("next_functions", "name"))


def _refusal(interpreter: Expressions, node: ast.Attribute, what: str, known: Iterable[str]) -> Exception:
    near = difflib.get_close_matches(node.attr, list(known), n=1)
    hint = f"did you mean {near[0]}?" if near else "use one of the functions that the documentation lists"
    return interpreter.refuse(node, f"{what} is not in the language", hint)
