"""Give Python's itertools and functools, each turn a counted step of the program."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from vizgraph import limits
from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Special, specials

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Call = Callable[..., Any]


def _bounded(i: Interpreter, node: ast.AST, items: Iterator[Any]) -> Iterator[Any]:
    for item in items:
        i.step(node)
        yield item


def _lists(i: Interpreter, node: ast.AST, many: tuple[Any, ...]) -> list[list[Any]]:
    return [i.items(one, node) for one in many]


def _product(i: Interpreter, node: ast.AST, *many: Any, repeat: int = 1) -> Iterator[Any]:
    rows = _lists(i, node, many)
    count = math.prod(len(row) for row in rows) ** min(int(repeat), 64)
    if count > limits.SEQUENCE_ITEMS or int(repeat) > 64:
        raise TooLarge(f"a product of more than {limits.SEQUENCE_ITEMS:,} items")
    return iter(list(itertools.product(*rows, repeat=repeat)))


def _several(choose: Call) -> Call:
    def call(i: Interpreter, node: ast.AST, items: Any, r: int | None = None) -> Iterator[Any]:
        found = i.items(items, node)
        return _bounded(i, node, choose(found, len(found) if r is None else r))

    return call


def _chain(i: Interpreter, node: ast.AST, *many: Any) -> Iterator[Any]:
    return itertools.chain.from_iterable(i.iterate(one, node) for one in many)


def _count(i: Interpreter, node: ast.AST, start: int = 0, step: int = 1) -> Iterator[Any]:
    return _bounded(i, node, itertools.count(start, step))


def _cycle(i: Interpreter, node: ast.AST, items: Any) -> Iterator[Any]:
    return _bounded(i, node, itertools.cycle(i.items(items, node)))


def _repeated(i: Interpreter, node: ast.AST, item: Any, times: int | None = None) -> Iterator[Any]:
    return _bounded(i, node, itertools.repeat(item) if times is None else itertools.repeat(item, times))


def _sliced(i: Interpreter, node: ast.AST, items: Any, *bounds: int | None) -> Iterator[Any]:
    return itertools.islice(i.iterate(items, node), *bounds)


def _accumulated(i: Interpreter, node: ast.AST, items: Any, function: Any = None) -> Iterator[Any]:
    return itertools.accumulate(i.items(items, node), lambda a, b: _combined(i, node, function, a, b))


def _combined(i: Interpreter, node: ast.AST, function: Any, left: Any, right: Any) -> Any:
    return i.add(left, right, node) if function is None else calls.call(i, function, [left, right], {}, node)


def _reduced(i: Interpreter, node: ast.AST, function: Any, items: Any, *start: Any) -> Any:
    found = [*start, *i.items(items, node)]
    if not found:
        raise TypeError("reduce() of empty iterable with no initial value")
    total = found[0]
    for item in found[1:]:
        total = calls.call(i, function, [total, item], {}, node)
    return total


def _partial(i: Interpreter, node: ast.AST, function: Any, *given: Any, **named: Any) -> Special:
    def call(i: Interpreter, node: ast.AST, *more: Any, **others: Any) -> Any:
        i.step(node)
        return calls.call(i, function, [*given, *more], {**named, **others}, node)

    return Special("partial", call)


def _wraps(i: Interpreter, node: ast.AST, function: Any) -> Special:
    return Special("wraps", lambda i, node, wrapper: wrapper)


def _cached(i: Interpreter, node: ast.AST, function: Any = None, **options: Any) -> Any:
    return Special("lru_cache", _cached) if function is None or isinstance(function, int) else function


ITERTOOLS: Final = specials({
    "product": _product, "combinations": _several(itertools.combinations),
    "permutations": _several(itertools.permutations), "chain": _chain, "count": _count, "cycle": _cycle,
    "repeat": _repeated, "islice": _sliced, "accumulate": _accumulated,
})  # fmt: skip
FUNCTOOLS: Final = specials({
    "reduce": _reduced, "partial": _partial, "wraps": _wraps, "lru_cache": _cached, "cache": _cached,
})  # fmt: skip
