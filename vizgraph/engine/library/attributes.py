"""Read and write the attributes that the language knows, by literal tables."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn, optim
from torch.optim import lr_scheduler

from vizgraph.engine.evaluation.values import (
    Backward,
    Bound,
    Class,
    Ignored,
    Instance,
    Maker,
    Method,
    Namespace,
    Special,
    Super,
    Thing,
)
from vizgraph.engine.library import (
    arrays,
    backwards,
    custom,
    elsewhere,
    kinds,
    networks,
    optimizers,
    raising,
    schedules,
    things,
)
from vizgraph.engine.library.autograd import TENSORS
from vizgraph.engine.library.functions import METHODS, Function
from vizgraph.engine.library.objects import INSTEAD, OBJECTS
from vizgraph.engine.library.table import Kind

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

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
    "output_nr":     lambda tensor: tensor.output_nr,
    "_version":      lambda tensor: tensor._version,
    "is_cuda":       lambda tensor: tensor.is_cuda,
    "layout":        lambda tensor: str(tensor.layout),
    "itemsize":      lambda tensor: tensor.itemsize,
    "nbytes":        lambda tensor: tensor.nbytes,
}  # fmt: skip
MADE: Final = {
    "T":    Function("transpose", Kind.SHAPE, lambda tensor: tensor.T),
    "mT":   Function("transpose", Kind.SHAPE, lambda tensor: tensor.mT),
    "data": Function("detach",    Kind.SHAPE, lambda tensor: tensor.data),
}  # fmt: skip


NOT_KEPT: Final = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
    "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, "
    "use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access "
    "the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information."
)
# The results of torch with names, and the attributes that Python's values have: what is not among them is a mistake.
NAMED: Final[dict[type, tuple[str, ...]]] = {
    kind: kind.__match_args__ for kind in vars(torch.return_types).values() if hasattr(kind, "__match_args__")
} | {torch.autograd.forward_ad.UnpackedDualTensor: ("primal", "tangent")}
EXISTING: Final[dict[type, frozenset[str]]] = {
    kind: frozenset(dir(kind)) for kind in (type(None), int, float, bool, str, list, tuple, dict, Tensor, nn.Parameter)
}
READERS: Final[dict[type, Callable[[Interpreter, Any, ast.Attribute], Any]]] = {
    torch.finfo:     kinds.read_limits,
    torch.iinfo:     kinds.read_limits,
    np.ndarray:      arrays.read,
    np.generic:      arrays.read,
    raising.Raised:  raising.read,
    nn.Module:       networks.read,
    Thing:           things.read,
    Class:           things.read_class,
    Maker:           things.read_maker,
    Super:           things.read_super,
    custom.Context:  custom.read,
    optim.Optimizer: optimizers.read,
    lr_scheduler.LRScheduler: schedules.read,
}  # fmt: skip
WRITERS: Final[dict[type, Callable[[Interpreter, Any, ast.Attribute, Any], None]]] = {
    nn.Module:      networks.write,
    Thing:          things.write,
    Class:          things.write_class,
    custom.Context: custom.write,
}  # fmt: skip


def read(i: Interpreter, owner: Any, node: ast.Attribute) -> Any:
    """Return ``owner.name`` for the owners and names that the language knows."""
    name = node.attr
    if isinstance(owner, Ignored):
        return owner
    if name == "__class__":
        return kinds.type_of(i, node, owner)
    if name == "__name__":
        return kinds.name_of(i, owner, node)
    if isinstance(owner, Namespace):
        if name in owner.members:
            return owner.members[name]
        raise _refusal(i, node, f"{owner.name}.{name}", owner.members)
    if isinstance(owner, Tensor):
        return _of_tensor(i, owner, node)
    if isinstance(owner, Backward):
        return backwards.read(i, owner, node)
    for kind, reader in READERS.items():
        if isinstance(owner, kind):
            return reader(i, owner, node)
    for kind, methods in OBJECTS.items():
        if isinstance(owner, kind) and name in methods:
            return Bound(Special(name, methods[name]), owner)
    if isinstance(owner, str) and name in INSTEAD:
        raise i.refuse(node, f"the string method {name} is not in the language", INSTEAD[name])
    if isinstance(owner, tuple) and type(owner) in NAMED:
        return _of_named(i, owner, node)
    raise absent(i, owner, node) or _refusal(i, node, f"the attribute {name}", ())


def _of_named(i: Interpreter, owner: tuple[Any, ...], node: ast.Attribute) -> Any:
    """Return one of several results by its name: ``x.max(dim=0).values``."""
    names = NAMED[type(owner)]
    if node.attr in names:
        return owner[names.index(node.attr)]
    raise i.failure(node, f"'{type(owner).__name__}' object has no attribute '{node.attr}'", kind=AttributeError)


def absent(i: Interpreter, owner: Any, node: ast.Attribute, known: Iterable[str] = ()) -> Exception | None:
    """Return the error of Python for an attribute that Python does not have either; None for one that it has."""
    names = EXISTING.get(type(owner))
    if names is None or node.attr in names:
        return None
    near = difflib.get_close_matches(node.attr, list(known), n=1)
    said = f"'{type(owner).__name__}' object has no attribute '{node.attr}'"
    return i.failure(node, said, f"did you mean {near[0]}?" if near else "remove it", AttributeError)


def delete(i: Interpreter, owner: Any, node: ast.Attribute) -> None:
    """Do ``del owner.name`` for what the program itself stored."""
    if isinstance(owner, Instance) and node.attr in owner.names:
        del owner.names[node.attr]
    elif isinstance(owner, nn.Module) and node.attr in owner._modules:
        del owner._modules[node.attr]
    elif isinstance(owner, nn.Module) and node.attr in owner._parameters:
        del owner._parameters[node.attr]
    elif isinstance(owner, Tensor) and node.attr == "grad":
        write(i, owner, node, None)
    else:
        raise i.failure(node, f"'{kinds_name(owner)}' object has no attribute '{node.attr}'", kind=AttributeError)


def kinds_name(owner: Any) -> str:
    return owner.written.name if isinstance(owner, Instance) else type(owner).__name__


def write(i: Interpreter, owner: Any, node: ast.Attribute, value: Any) -> None:
    """Do ``owner.name = value`` for the three attributes that tutorials write."""
    if isinstance(owner, Ignored):
        return
    for kind, writer in WRITERS.items():
        if isinstance(owner, kind):
            writer(i, owner, node, value)
            return
    if not isinstance(owner, Tensor) or node.attr not in ("grad", "requires_grad", "data"):
        raise i.refuse(node, f"the attribute {node.attr} can't be assigned", "assign to a name")
    with i.explaining(node, owner):
        if node.attr == "grad":
            before = i.session.gradient(owner)
            owner.grad = value
            how = f"{i.text(node)} = {'None' if value is None else '…'}"
            i.session.rewrite(owner, before, how, i.span(node))
        elif node.attr == "requires_grad":
            owner.requires_grad = bool(value)
            i.recorder.made(owner)
            i.recorder.became_leaf(owner)
        elif isinstance(value, Tensor):
            owner.data = value.detach()
            i.recorder.outdated(owner)


def _of_tensor(i: Interpreter, owner: Tensor, node: ast.Attribute) -> Any:
    name = node.attr
    if name in PLAIN:
        value = PLAIN[name](owner)
        if isinstance(value, Tensor):
            i.recorder.looked_at(value, i.text(node), i.span(node))
        elif name == "grad" and value is None and not owner.is_leaf:
            i.warn_at(node, NOT_KEPT, owner)
        return value
    if name == "grad_fn":
        return None if owner.grad_fn is None else i.backward_of(owner.grad_fn)
    if name in MADE:
        result = i.apply(MADE[name], [owner], {}, node)
        if name == "data":  # shares memory, and unlike detach() no count of its writes
            i.recorder.alias(result, owner)
        return result
    if name in TENSORS:
        return Bound(Special(name, TENSORS[name]), owner)
    if name in METHODS:
        return Method(METHODS[name], owner)
    known = (*METHODS, *PLAIN, *MADE, *TENSORS)
    if isinstance(node.value, ast.Name) and node.value.id in i.free and name not in EXISTING[Tensor]:
        raise _refusal(i, node, f"{node.value.id}.{name}", known)  # a module that was never imported, most likely
    raise absent(i, owner, node, known) or _refusal(i, node, f"the tensor method {name}", known)


def _refusal(i: Interpreter, node: ast.Attribute, what: str, known: Iterable[str]) -> Exception:
    near = difflib.get_close_matches(node.attr, list(known), n=1)
    close = f"did you mean {near[0]}?" if near else None
    hints = [elsewhere.hint_for(what), close]
    if not isinstance(known, Mapping):  # the module was never imported, or else it is a value of that name
        hints.reverse()
    hint = next(filter(None, hints), "use one of the functions that the documentation lists")
    return i.refuse(node, f"{what} is not in the language", hint)
