"""Give Python's own functions, those that programs about gradients use.

Each takes the interpreter and the node of its call, then the arguments as written.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import calls, expressions, operators, printing
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Bound, Method, Moded, Special, Thing, Written
from vizgraph.engine.library import kinds, operating, raising, things
from vizgraph.engine.library.functions import BARE, Function

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Call = Callable[..., Any]

DIGITS: Final = 400  # beyond them round changes no number any more, and Python would work out ten to that power


def _print(
    i: Interpreter, node: ast.AST, *values: Any, sep: str | None = " ", end: str | None = "\n", flush: bool = False
) -> None:
    for name, option in (("sep", sep), ("end", end)):
        if not isinstance(option, (str, type(None))):
            raise TypeError(f"{name} must be None or a string, not {type(option).__name__}")
    texts = [printing.text_of(i, node, value) for value in values]
    i.printed.write((" " if sep is None else sep).join(texts) + ("\n" if end is None else end))


def _len(i: Interpreter, node: ast.AST, value: Any) -> Any:
    return operating.length(i, value, node) if isinstance(value, Thing) else len(value)


def _range(i: Interpreter, node: ast.AST, *bounds: Any) -> range:
    return range(*bounds)


def _list(i: Interpreter, node: ast.AST, items: Any = ()) -> list[Any]:
    return i.items(items, node)


def _tuple(i: Interpreter, node: ast.AST, items: Any = ()) -> tuple[Any, ...]:
    return tuple(i.items(items, node))


def _dict(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for more in given:
        pairs = list(more.items()) if isinstance(more, dict) else i.items(more, node)
        for pair in pairs:
            key, value = i.items(pair, node)
            operators.check_key(key)
            found[key] = value
    return {**found, **named}


def _set(i: Interpreter, node: ast.AST, items: Any = ()) -> set[Any]:
    found = i.items(items, node)
    for item in found:
        operators.check_key(item)
    return set(found)


def _iter(i: Interpreter, node: ast.AST, items: Any) -> Any:
    return i.iterate(items, node)


def _next(i: Interpreter, node: ast.AST, items: Any, *default: Any) -> Any:
    try:
        if isinstance(items, Thing):
            return operating.next_of(i, items, node)
        if not isinstance(items, Iterator):
            raise TypeError(f"'{type(items).__name__}' object is not an iterator")
        return next(items)
    except StopIteration:
        if default:
            return default[0]
        raise i.failure(node, "", "there are no more items", StopIteration) from None


def _callable(i: Interpreter, node: ast.AST, value: Any) -> bool:
    if isinstance(value, Thing):
        return "__call__" in value.written.members
    return isinstance(value, (Written, Moded, Special, Function, Method, Bound, nn.Module))


def _id(i: Interpreter, node: ast.AST, value: Any) -> int:
    """A number that tells objects apart, and says nothing about memory."""
    return i.number_of(value)


def _float(i: Interpreter, node: ast.AST, value: Any = 0.0) -> Any:
    if isinstance(value, Thing):
        return operating.call_method(i, value, "__float__", [], node, "is not a number")
    return float(value)


def _int(i: Interpreter, node: ast.AST, value: Any = 0) -> Any:
    if isinstance(value, str) and len(value) > 20:
        raise TooLarge("a number of more than 20 digits")
    return operators.bounded(int(value))


def _bool(i: Interpreter, node: ast.AST, value: Any = False) -> bool:
    return i.truth(value, node)


def _str(i: Interpreter, node: ast.AST, value: Any = "") -> str:
    return str(operators.bounded(printing.text_of(i, node, value)))


def _abs(i: Interpreter, node: ast.AST, value: Any) -> Any:
    return i.apply(BARE["abs"], [value], {}, node) if isinstance(value, Tensor) else abs(value)


def _round(i: Interpreter, node: ast.AST, value: Any, digits: int | None = None) -> Any:
    if isinstance(value, Tensor) and i.textbook:
        return i.apply(BARE["round"], [value], {} if digits is None else {"decimals": digits}, node)
    if isinstance(digits, int):
        digits = max(-DIGITS, min(digits, DIGITS))
    return round(value, digits)


def _pow(i: Interpreter, node: ast.AST, base: Any, exponent: Any) -> Any:
    return expressions.combine(i, node, "Pow", base, exponent)


def _divmod(i: Interpreter, node: ast.AST, left: Any, right: Any) -> tuple[Any, Any]:
    return expressions.combine(i, node, "FloorDiv", left, right), expressions.combine(i, node, "Mod", left, right)


def _sum(i: Interpreter, node: ast.AST, items: Any, *more: Any, **keywords: Any) -> Any:
    """In a textbook the sum of a tensor is torch's; in code it is Python's, item by item, from 0 on."""
    if isinstance(items, Tensor) and i.textbook:
        return i.apply(BARE["sum"], [items, *more], keywords, node)
    total: Any = keywords.get("start", more[0] if more else 0)
    for item in i.items(items, node):
        total = expressions.combine(i, node, "Add", total, item)
    return total


def _extreme(name: str) -> Call:
    plain, better = (max, "Gt") if name == "max" else (min, "Lt")

    def call(i: Interpreter, node: ast.AST, *items: Any, **keywords: Any) -> Any:
        if any(isinstance(item, Tensor) for item in items) and i.textbook:
            return i.apply(BARE[name], list(items), keywords, node)
        wrong = next((keyword for keyword in keywords if keyword not in ("default", "key")), None)
        if wrong is not None:
            raise i.failure(node, f"{name}() got an unexpected keyword argument '{wrong}'")
        candidates = i.items(items[0], node) if len(items) == 1 else list(items)
        if not candidates and "default" in keywords:
            return keywords["default"]
        key = keywords.get("key")
        marks = candidates if key is None else [calls.call(i, key, [item], {}, node) for item in candidates]
        if not candidates or not any(isinstance(mark, (Tensor, Thing)) for mark in marks):
            operators.weigh(marks)
            return candidates[marks.index(plain(marks))] if candidates else plain(candidates)
        best = 0
        for place, mark in enumerate(marks[1:], 1):
            if i.truth(expressions.compare_two(i, node, better, mark, marks[best]), node):
                best = place
        return candidates[best]

    return call


COUNTED: Final = (list, tuple, range, dict, str, Iterator)


class Rows:
    """What zip and enumerate give: items one by one, and how many there will be."""

    def __init__(self, rows: Iterator[Any], count: int | None) -> None:
        self._rows, self._count = rows, count

    def __iter__(self) -> Rows:
        return self

    def __next__(self) -> Any:
        if self._count is not None:
            self._count -= 1
        return next(self._rows)

    def __length_hint__(self) -> int:
        return NotImplemented if self._count is None else max(self._count, 0)


def turns(items: Any) -> int | None:
    """Return how many items there will be, None where nobody can tell."""
    if isinstance(items, Tensor):
        return items.shape[0] if items.dim() else None
    count = operator.length_hint(items, -1) if isinstance(items, COUNTED) else -1
    return count if count >= 0 else None


def _zip(i: Interpreter, node: ast.AST, *items: Any) -> Rows:
    counts = [turns(item) for item in items]
    known = [count for count in counts if count is not None]
    iterators = [i.iterate(item, node) for item in items]

    def rows() -> Iterator[Any]:
        for row in zip(*iterators, strict=False):
            i.step(node)
            yield row

    return Rows(rows(), min(known) if known and len(known) == len(counts) else None)


def _enumerate(i: Interpreter, node: ast.AST, items: Any, start: int = 0) -> Rows:
    return Rows(enumerate(i.iterate(items, node), start), turns(items))


def _reversed(i: Interpreter, node: ast.AST, items: Any) -> Any:
    return reversed(items) if isinstance(items, range) else iter(i.items(items, node)[::-1])


def _sorted(i: Interpreter, node: ast.AST, items: Any, *, key: Any = None, reverse: bool = False) -> list[Any]:
    found = i.items(items, node)
    operators.weigh(found)
    return operating.in_order(i, node, found, key, bool(reverse))


def _map(i: Interpreter, node: ast.AST, function: Any, *items: Any) -> Any:
    rows = [i.items(item, node) for item in items]
    return iter([calls.call(i, function, list(row), {}, node) for row in zip(*rows, strict=False)])


def _filter(i: Interpreter, node: ast.AST, function: Any, items: Any) -> Any:
    found = i.items(items, node)
    if function is None:
        return iter([item for item in found if i.truth(item, node)])
    return iter([item for item in found if i.truth(calls.call(i, function, [item], {}, node), node)])


def _any(i: Interpreter, node: ast.AST, items: Any) -> bool:
    return any(i.truth(item, node) for item in i.items(items, node))


def _all(i: Interpreter, node: ast.AST, items: Any) -> bool:
    return all(i.truth(item, node) for item in i.items(items, node))


PYTHON: Final[dict[str, Call]] = {
    "print": _print,      "len": _len,           "range": _range,       "list": _list,
    "tuple": _tuple,      "dict": _dict,         "float": _float,       "int": _int,
    "bool": _bool,        "str": _str,           "abs": _abs,           "round": _round,
    "pow": _pow,          "divmod": _divmod,     "sum": _sum,           "max": _extreme("max"),
    "min": _extreme("min"), "zip": _zip,         "enumerate": _enumerate, "reversed": _reversed,
    "sorted": _sorted,    "map": _map,           "filter": _filter,     "any": _any,
    "all": _all,          "set": _set,           "frozenset": _set,     "iter": _iter,
    "next": _next,        "callable": _callable, "id": _id,
    **raising.PYTHON, **kinds.PYTHON, **things.PYTHON,
}  # fmt: skip
