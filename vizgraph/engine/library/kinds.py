"""Tell what kind a value is: ``type``, ``isinstance`` and ``__name__``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor

from vizgraph.engine.evaluation import operators, printing
from vizgraph.engine.evaluation.values import Backward, Class, Instance, Maker, Special, Type, Written
from vizgraph.engine.library import raising, things

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

# What isinstance knows by name, besides the errors and the classes of the program.
TYPES: Final[dict[str, type]] = {
    "int": int, "float": float, "bool": bool, "str": str, "list": list, "tuple": tuple, "dict": dict,
    "range": range, "Tensor": Tensor, "Parameter": torch.nn.Parameter, "ndarray": np.ndarray,
}  # fmt: skip


def type_of(i: Interpreter, node: ast.AST, value: Any) -> Type:
    if isinstance(value, Instance):
        return Type(value.written.name, f"<class '__main__.{value.written.name}'>", value.written)
    kind = type(_behind(value))
    if not isinstance(value, (*printing.PRINTABLE, list, tuple, dict, Written)):
        raise i.refuse(node, "this value has no type to show", "ask for the type of a number or a tensor")
    if isinstance(value, Written):
        return Type("function", "<class 'function'>", kind)
    return Type(kind.__name__, str(kind), kind)


def _behind(value: Any) -> Any:
    match value:
        case Backward(function=function):
            return function
        case raising.Raised(error=error):
            return error
    return value


def name_of(i: Interpreter, owner: Any, node: ast.Attribute) -> str:
    """Return ``owner.__name__``, for what has one in Python and a name of ours."""
    if isinstance(owner, (Type, Special, Written)):
        return owner.name
    raise i.failure(node, f"'{things.kind_name(owner)}' object has no attribute '__name__'", kind=AttributeError)


def isinstance_(i: Interpreter, node: ast.AST, value: Any, kinds: Any) -> bool:
    return any(_is_a(i, node, value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def _is_a(i: Interpreter, node: ast.AST, value: Any, kind: Any) -> bool:
    if isinstance(kind, Class):
        return isinstance(value, Instance) and value.written.is_a(kind)
    known = kind.kind if isinstance(kind, Maker) else None
    known = known or (TYPES.get(kind.name) if isinstance(kind, Special) else None) or raising.kind_of(kind)
    if known is None:
        raise i.refuse(node, "isinstance knows numbers, strings, lists and torch.Tensor here", "write int or float")
    return isinstance(_behind(value), known)


def repr_(i: Interpreter, node: ast.AST, value: Any) -> str:
    printing.check(i, node, value)
    return str(operators.bounded(repr(value)))


# What torch.finfo and torch.iinfo tell of a dtype.
LIMITS: Final[dict[str, Callable[[Any], Any]]] = {
    "bits":            lambda info: info.bits,
    "dtype":           lambda info: info.dtype,
    "eps":             lambda info: info.eps,
    "max":             lambda info: info.max,
    "min":             lambda info: info.min,
    "resolution":      lambda info: info.resolution,
    "smallest_normal": lambda info: info.smallest_normal,
    "tiny":            lambda info: info.tiny,
}  # fmt: skip


def read_limits(i: Interpreter, owner: Any, node: ast.Attribute) -> Any:
    with i.explaining(node):
        if node.attr in LIMITS:
            return operators.bounded(LIMITS[node.attr](owner))
    raise i.refuse(node, f"the attribute {node.attr} is not in the language", "use eps, max, min or tiny")


PYTHON: Final[dict[str, Callable[..., Any]]] = {"type": type_of, "isinstance": isinstance_, "repr": repr_}
