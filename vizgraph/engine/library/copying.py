"""Copy tensors, modules, lists and objects as Python's copy does: nothing is shared, and leaves stay leaves."""

from __future__ import annotations

import ast
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, Literal

from torch import Tensor, nn

from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.values import Thing, specials
from vizgraph.engine.library.networks import Network

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

UNCOPIED: Final = (
    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If you "
    "were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see "
    "https://github.com/pytorch/pytorch/pull/103001"
)


def copy(i: Interpreter, value: Tensor | nn.Module, node: ast.AST) -> Any:
    """Return a copy that shares nothing: a leaf stays a leaf, and a result with history can't be copied."""
    if isinstance(value, Tensor):
        if not value.is_leaf:
            raise i.failure(node, UNCOPIED, "write y.detach().clone()", RuntimeError)
        return _copied_leaf(i, value, node)
    made: Any
    if isinstance(value, Network):
        made = Network(value.written)
        made.names.update(value.names)
        made.ready, made.training = value.ready, value.training
    else:
        made = value.__new__(type(value))
        made.__dict__.update(value.__dict__)
    made._parameters = {name: None if one is None else _copied_leaf(i, one, node)
                        for name, one in value._parameters.items()}  # fmt: skip
    made._buffers = {name: None if one is None else one.detach().clone() for name, one in value._buffers.items()}
    made._modules = {name: None if one is None else copy(i, one, node) for name, one in value._modules.items()}
    return made


def _copied_leaf(i: Interpreter, tensor: Tensor, node: ast.AST) -> Tensor:
    data = tensor.detach().clone()
    made = nn.Parameter(data, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else data
    made.requires_grad_(tensor.requires_grad)
    if tensor.grad is not None and not isinstance(tensor, nn.Parameter):  # as torch does it
        made.grad = tensor.grad.detach().clone()
    kind: Literal["leaf", "constant"] = "leaf" if made.requires_grad else "constant"
    i.recorder.found("copy", made, i.text(node), i.span(node), kind=kind)
    return made


# --- Python's copy ------------------------------------------------------------


def _deep(i: Interpreter, node: ast.AST, value: Any) -> Any:
    """Copy lists, dicts, tensors and modules; leaves stay leaves, as in Python."""
    operators.weigh(value)
    return _copied(i, node, value, {})


def _copied(i: Interpreter, node: ast.AST, value: Any, made: dict[int, Any]) -> Any:
    if id(value) in made:
        return made[id(value)]
    match value:
        case list():
            items: list[Any] = []
            made[id(value)] = items
            items.extend(_copied(i, node, item, made) for item in value)
            return items
        case tuple() if type(value) is tuple:
            return tuple(_copied(i, node, item, made) for item in value)
        case dict():
            made[id(value)] = found = type(value)() if isinstance(value, OrderedDict) else {}
            found.update((key, _copied(i, node, item, made)) for key, item in value.items())
            return found
        case Tensor() | nn.Module():
            made[id(value)] = i.copy(value, node)
            return made[id(value)]
        case Thing():
            made[id(value)] = other = Thing(value.written)
            other.names.update((name, _copied(i, node, item, made)) for name, item in value.names.items())
            return other
    return value


def _shallow(i: Interpreter, node: ast.AST, value: Any) -> Any:
    if isinstance(value, (list, dict, set)):
        return value.copy()
    if isinstance(value, (Tensor, nn.Module)):
        raise i.refuse(node, "copy.copy of a tensor is not in the language", "write x.clone() or copy.deepcopy(x)")
    return value


COPY: Final = specials({"deepcopy": _deep, "copy": _shallow})
