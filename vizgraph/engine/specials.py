"""Give the functions that need the interpreter: Python's own, and autograd's.

Each takes the interpreter and the node of its call, then the arguments as written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine import operators, printing
from vizgraph.engine.functions import BARE
from vizgraph.engine.gate import TooLarge

if TYPE_CHECKING:
    from vizgraph.engine.expressions import Expressions

Call = Callable[..., Any]


# --- Python's own ------------------------------------------------------------


def _print(
    i: Expressions, node: ast.AST, *values: Any, sep: str | None = " ", end: str | None = "\n", flush: bool = False
) -> None:
    if not isinstance(sep, (str, type(None))) or not isinstance(end, (str, type(None))):
        raise TypeError("sep and end must be strings")
    texts = [printing.text_of(i, node, value) for value in values]
    i.printed.write((" " if sep is None else sep).join(texts) + ("\n" if end is None else end))


def _len(i: Expressions, node: ast.AST, value: Any) -> int:
    return len(value)


def _range(i: Expressions, node: ast.AST, *bounds: int) -> range:
    return range(*bounds)


def _listed(i: Expressions, node: ast.AST, items: Any = ()) -> list[Any]:
    """Every item, within the bound on sequences."""
    result: list[Any] = []
    for item in i.iterate(items, node):
        result.append(item)
        if len(result) > limits.SEQUENCE_ITEMS:
            raise TooLarge(f"a sequence of more than {limits.SEQUENCE_ITEMS:,} items")
    return result


def _tuple(i: Expressions, node: ast.AST, items: Any = ()) -> tuple[Any, ...]:
    return tuple(_listed(i, node, items))


def _float(i: Expressions, node: ast.AST, value: Any = 0.0) -> float:
    return float(value)


def _int(i: Expressions, node: ast.AST, value: Any = 0) -> Any:
    if isinstance(value, str) and len(value) > 20:
        raise TooLarge("a number of more than 20 digits")
    return operators.bounded(int(value))


def _bool(i: Expressions, node: ast.AST, value: Any = False) -> bool:
    return bool(value)


def _str(i: Expressions, node: ast.AST, value: Any = "") -> str:
    return str(operators.bounded(printing.text_of(i, node, value)))


def _abs(i: Expressions, node: ast.AST, value: Any) -> Any:
    return i.apply(BARE["abs"], [value], {}, node) if isinstance(value, Tensor) else abs(value)


def _round(i: Expressions, node: ast.AST, value: Any, digits: int | None = None) -> Any:
    return round(value, digits)


def _sum(i: Expressions, node: ast.AST, items: Any, *more: Any, **keywords: Any) -> Any:
    """In a textbook the sum of a tensor is torch's; in code it is Python's, item by item, from 0 on."""
    if isinstance(items, Tensor) and i.textbook:
        return i.apply(BARE["sum"], [items, *more], keywords, node)
    total: Any = keywords.get("start", more[0] if more else 0)
    for item in _listed(i, node, items):
        total = i.combine(node, "Add", total, item)
    return total


def _extreme(name: str) -> Call:
    plain = max if name == "max" else min

    def call(i: Expressions, node: ast.AST, *items: Any, **keywords: Any) -> Any:
        if any(isinstance(item, Tensor) for item in items) and i.textbook:
            return i.apply(BARE[name], list(items), keywords, node)
        if keywords:
            raise TypeError(f"{name} takes no keywords here")
        return plain(_listed(i, node, items[0]) if len(items) == 1 else list(items))

    return call


def _zip(i: Expressions, node: ast.AST, *items: Any) -> Any:
    return iter(list(zip(*(_listed(i, node, item) for item in items), strict=False)))


def _enumerate(i: Expressions, node: ast.AST, items: Any, start: int = 0) -> Any:
    return enumerate(i.iterate(items, node), start)


def _reversed(i: Expressions, node: ast.AST, items: Any) -> Any:
    return iter(_listed(i, node, items)[::-1])


def _sorted(i: Expressions, node: ast.AST, items: Any, reverse: bool = False) -> list[Any]:
    return sorted(_listed(i, node, items), reverse=reverse)


def _any(i: Expressions, node: ast.AST, items: Any) -> bool:
    return any(_listed(i, node, items))


def _all(i: Expressions, node: ast.AST, items: Any) -> bool:
    return all(_listed(i, node, items))


PYTHON: Final[dict[str, Call]] = {
    "print": _print, "len": _len, "range": _range, "list": _listed, "tuple": _tuple, "float": _float, "int": _int,
    "bool": _bool, "str": _str, "abs": _abs, "round": _round, "sum": _sum, "max": _extreme("max"),
    "min": _extreme("min"), "zip": _zip, "enumerate": _enumerate, "reversed": _reversed, "sorted": _sorted,
    "any": _any, "all": _all,
}  # fmt: skip


# --- autograd's --------------------------------------------------------------


def _backward(
    i: Expressions,
    node: ast.AST,
    tensor: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    _backward_all(i, node, [tensor], None if gradient is None else [gradient], retain_graph, create_graph,
                  inputs=inputs)  # fmt: skip


def _backward_all(
    i: Expressions,
    node: ast.AST,
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    *,
    inputs: Any = None,
) -> None:
    roots = _many(tensors)
    seeds: list[Any] = [None] * len(roots) if grad_tensors is None else _many(grad_tensors)
    for root in roots:
        i.recorder.made(root)
    i.session.backward(
        roots, seeds, i.span(node), retain_graph=retain_graph, create_graph=create_graph, inputs=inputs
    )  # fmt: skip


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _manual_seed(i: Expressions, node: ast.AST, seed: int) -> None:
    torch.manual_seed(seed)


def _numpy(i: Expressions, node: ast.AST, tensor: Tensor) -> Any:
    raise i.refuse(node, "numpy arrays are not in the language", "print the tensor itself")


TENSORS: Final[dict[str, Call]] = {"backward": _backward, "numpy": _numpy}
AUTOGRAD: Final[dict[str, Call]] = {"backward": _backward_all}
TORCH: Final[dict[str, Call]] = {"manual_seed": _manual_seed}


# --- methods of lists, dicts and strings ---------------------------------------


def _append(i: Expressions, node: ast.AST, items: list[Any], item: Any) -> None:
    items.append(item)
    operators.bounded(items)


def _extend(i: Expressions, node: ast.AST, items: list[Any], more: Iterable[Any]) -> None:
    items.extend(_listed(i, node, more))
    operators.bounded(items)


def _pop(i: Expressions, node: ast.AST, items: list[Any], place: int = -1) -> Any:
    return items.pop(place)


OBJECTS: Final[dict[type, dict[str, Call]]] = {
    list: {"append": _append, "extend": _extend, "pop": _pop},
    dict: {
        "items": lambda i, node, mapping: iter(list(mapping.items())),
        "keys": lambda i, node, mapping: list(mapping),
        "values": lambda i, node, mapping: list(mapping.values()),
        "get": lambda i, node, mapping, key, default=None: mapping.get(key, default),
    },
    torch.Size: {"numel": lambda i, node, size: size.numel()},
}
