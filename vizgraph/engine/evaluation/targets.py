"""Bind values to what stands on the left of an assignment."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.values import Ignored, Thing
from vizgraph.engine.library import arrays, attributes, containers, networks, operating
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _write(tensor: Tensor, index: Any, value: Any) -> Tensor:
    tensor[index] = value
    return tensor


WRITE: Final = Function("write", Kind.INPLACE, _write, inplace=True)


def bind(i: Interpreter, target: ast.expr, value: Any) -> None:
    """Give a value to a name, to several names, to entries of a tensor or list, or to an attribute."""
    match target:
        case ast.Name(id=name):
            i.scope.bind(name, value)
            if isinstance(value, Tensor):
                i.recorder.name(value, name)
            elif isinstance(value, nn.Module):
                networks.give_name(i, value, name)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(i, targets, value, target)
        case ast.Subscript():
            owner, index = i.evaluate(target.value), i.evaluate(target.slice)
            write(i, target, owner, index, value)
        case ast.Attribute():
            attributes.write(i, i.evaluate(target.value), target, value)
        case _:
            raise i.refuse(target, "this can't be assigned to", "assign to a name")


def write(i: Interpreter, node: ast.Subscript, owner: Any, index: Any, value: Any) -> None:
    """Do ``owner[index] = value``."""
    if isinstance(owner, Tensor):
        i.apply(WRITE, [owner, index, value], {}, node, f"{i.text(node)} = {_short(i, value)}")
    elif isinstance(owner, arrays.ARRAYS):
        with i.explaining(node):
            arrays.write(i, node, owner, index, value)
    elif isinstance(owner, Thing):
        operating.call_method(i, owner, "__setitem__", [index, value], node, "does not support item assignment")
    elif isinstance(owner, nn.Module):
        containers.write_item(i, node, owner, index, value)
    elif isinstance(owner, Ignored):
        return
    elif isinstance(owner, (list, dict)):
        with i.explaining(node):
            if isinstance(owner, dict):
                operators.check_key(index)
            elif isinstance(index, slice):
                value = i.items(value, node)
            owner[index] = value
            operators.bounded(owner if isinstance(owner, list) else list(owner))
    else:
        raise i.failure(node, f"'{type(owner).__name__}' object does not support item assignment")


def _short(i: Interpreter, value: Any) -> str:
    if isinstance(value, Tensor) and i.recorder.knows(value):
        return i.recorder.made(value).entry.expression
    return str(value) if isinstance(value, (int, float)) else "…"


def _unpack(i: Interpreter, targets: list[ast.expr], value: Any, node: ast.expr) -> None:
    if isinstance(value, Ignored):
        for target in targets:
            bind(i, target, value)
        return
    items = i.items(value, node)
    starred = [place for place, target in enumerate(targets) if isinstance(target, ast.Starred)]
    fixed = len(targets) - len(starred)
    if len(items) < fixed:
        least = "at least " if starred else ""
        said = f"not enough values to unpack (expected {least}{fixed}, got {len(items)})"
        raise i.failure(node, said, kind=ValueError)
    if len(items) > fixed and not starred:
        raise i.failure(node, f"too many values to unpack (expected {fixed})", kind=ValueError)
    for place in starred:  # the parser allows one
        size = len(items) - fixed
        items = [*items[:place], items[place : place + size], *items[place + size :]]
    for target, item in zip(targets, items, strict=True):
        bind(i, target.value if isinstance(target, ast.Starred) else target, item)
