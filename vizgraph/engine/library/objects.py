"""Give the methods of lists, dicts, strings and sizes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
import torch.utils.hooks

from vizgraph.engine.evaluation import operators
from vizgraph.engine.library import strings

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _append(i: Interpreter, node: ast.AST, items: list[Any], item: Any) -> None:
    if item is items:
        raise i.refuse(node, "a list can't hold itself", "append a copy: list(…)")
    items.append(item)
    operators.bounded(items)


def _extend(i: Interpreter, node: ast.AST, items: list[Any], more: Any) -> None:
    items.extend(i.items(more, node))
    operators.bounded(items)


def _insert(i: Interpreter, node: ast.AST, items: list[Any], place: int, item: Any) -> None:
    items.insert(place, item)
    operators.bounded(items)


def _pop(i: Interpreter, node: ast.AST, items: list[Any], place: int = -1) -> Any:
    return items.pop(place)


def _remove(i: Interpreter, node: ast.AST, items: list[Any], item: Any) -> None:
    items.pop(_place(items, item))


def _place(items: list[Any], item: Any) -> int:
    operators.weigh((items, item))
    return items.index(item)


def _update(i: Interpreter, node: ast.AST, mapping: dict[Any, Any], *more: dict[Any, Any], **named: Any) -> None:
    for other in (*more, named):
        if not isinstance(other, dict):
            raise i.failure(node, f"'{type(other).__name__}' object is not a dict")
        mapping.update(other)
    operators.bounded(mapping)


OBJECTS: Final[dict[type, dict[str, Callable[..., Any]]]] = {
    list: {
        "append": _append,
        "extend": _extend,
        "insert": _insert,
        "pop": _pop,
        "copy": lambda i, node, items: list(items),
        "remove": _remove,
        "index": lambda i, node, items, item: _place(items, item),
        "reverse": lambda i, node, items: items.reverse(),
        "clear": lambda i, node, items: items.clear(),
    },
    dict: {
        "items": lambda i, node, mapping: iter(list(mapping.items())),
        "keys": lambda i, node, mapping: list(mapping),
        "values": lambda i, node, mapping: list(mapping.values()),
        "get": lambda i, node, mapping, key, default=None: mapping.get(key, default),
        "pop": lambda i, node, mapping, *given: mapping.pop(*given),
        "update": _update,
    },
    str: strings.METHODS,
    torch.utils.hooks.RemovableHandle: {"remove": lambda i, node, handle: handle.remove()},
    torch.Size: {"numel": lambda i, node, size: size.numel()},
}
# Methods that Python has and the language has not, and what to write instead.
INSTEAD: Final = {"format_map": "write an f-string such as f'{x:.2f}'"}
