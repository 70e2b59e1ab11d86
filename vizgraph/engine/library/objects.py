"""Give the methods of lists, dicts, strings and sizes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
import torch.utils.hooks

from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.values import Hook
from vizgraph.engine.library import operating, strings

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
    try:
        items.pop(_place(items, item))
    except ValueError:
        raise ValueError("list.remove(x): x not in list") from None


def _count(i: Interpreter, node: ast.AST, items: list[Any], item: Any) -> int:
    operators.weigh((items, item))
    return items.count(item)


def _sort(i: Interpreter, node: ast.AST, items: list[Any], *, key: Any = None, reverse: bool = False) -> None:
    operators.weigh(items)
    items[:] = operating.in_order(i, node, items, key, bool(reverse))


def _add(i: Interpreter, node: ast.AST, items: set[Any], item: Any) -> None:
    items.add(_key(item))
    operators.bounded(items)


def _join(i: Interpreter, node: ast.AST, items: set[Any], more: Any) -> None:
    for item in i.items(more, node):
        _add(i, node, items, item)


def _key(item: Any) -> Any:
    operators.check_key(item)
    return item


def _sets(i: Interpreter, node: ast.AST, many: tuple[Any, ...]) -> list[set[Any]]:
    return [{_key(item) for item in i.items(one, node)} for one in many]


def _set_default(i: Interpreter, node: ast.AST, mapping: dict[Any, Any], key: Any, default: Any = None) -> Any:
    value = mapping.setdefault(_key(key), default)
    operators.bounded(mapping)
    return value


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
        "count": _count,
        "sort": _sort,
    },
    dict: {
        "items": lambda i, node, mapping: iter(list(mapping.items())),
        "keys": lambda i, node, mapping: list(mapping),
        "values": lambda i, node, mapping: list(mapping.values()),
        "get": lambda i, node, mapping, key, default=None: mapping.get(_key(key), default),
        "pop": lambda i, node, mapping, *given: mapping.pop(*given),
        "setdefault": _set_default,
        "copy": lambda i, node, mapping: mapping.copy(),
        "clear": lambda i, node, mapping: mapping.clear(),
        "update": _update,
    },
    set: {
        "add": _add,
        "remove": lambda i, node, items, item: items.remove(_key(item)),
        "discard": lambda i, node, items, item: items.discard(_key(item)),
        "clear": lambda i, node, items: items.clear(),
        "copy": lambda i, node, items: items.copy(),
        "update": _join,
        "union": lambda i, node, items, *more: items.union(*_sets(i, node, more)),
        "intersection": lambda i, node, items, *more: items.intersection(*_sets(i, node, more)),
        "difference": lambda i, node, items, *more: items.difference(*_sets(i, node, more)),
        "issubset": lambda i, node, items, other: items <= _sets(i, node, (other,))[0],
    },
    str: strings.METHODS,
    Hook: {"remove": lambda i, node, hook: hook.remove()},
    torch.utils.hooks.RemovableHandle: {"remove": lambda i, node, handle: handle.remove()},
    torch.Generator: {
        "manual_seed": lambda i, node, generator, seed: generator.manual_seed(seed),
        "initial_seed": lambda i, node, generator: generator.initial_seed(),
    },
    torch.Size: {"numel": lambda i, node, size: size.numel()},
}
# Methods that Python has and the language has not, and what to write instead.
INSTEAD: Final = {"format_map": "write an f-string such as f'{x:.2f}'"}
