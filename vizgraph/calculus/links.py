"""Differentiate every named value by the named values that it is made of, and every step by its operands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final, TypeAlias

import sympy

from vizgraph.calculus.arrays import Array
from vizgraph.calculus.compact import compact
from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.jacobian import Differentiation, Slope
from vizgraph.calculus.markup import Markup
from vizgraph.calculus.own import own_slope
from vizgraph.calculus.product import Product
from vizgraph.calculus.replay import Steps, steps
from vizgraph.calculus.sizes import Sizes
from vizgraph.model import Formula, Link
from vizgraph.notation.labels import Label
from vizgraph.notation.plan import Plan, operands

LINK_ENTRIES: Final = 64  # of one derivative between two values
ALL_ENTRIES: Final = 400  # of all of them together
MOST_STEPS: Final = 40  # more steps than this are not read one by one

Cells: TypeAlias = tuple[tuple[Formula | None, ...], ...]
Numbers: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """The links between the named values, and the derivatives of the outputs as sums of products of them.

    ``entries`` is empty where a link has no formula; a formula that is too long to be written is None in it, and
    its number is known all the same. ``labels`` and ``point`` are those of the symbols, named values among them."""

    links: tuple[Link, ...]
    entries: tuple[tuple[tuple[Any | None, float], ...], ...]
    labels: Mapping[Any, Label]
    point: Mapping[Any, float]


def chain(plan: Plan, sizes: Sizes, columns: Sequence[str]) -> Chain:
    """d(named value) / d(named value or leaf before it), for the outputs and the names that the program gave.

    ``columns`` are the entries of the leaves by which the outputs are differentiated."""
    named = _named(plan)
    found = steps(plan, sizes, named)
    pairs = list(_links(plan, sizes, named, found, ALL_ENTRIES))
    entries = Product(plan, sizes, found, pairs).entries(columns)
    return Chain(tuple(link for link, _ in pairs), entries, found.labels, found.point)


def whole(plan: Plan, cells: Cells, numbers: Numbers) -> Formula | None:
    """The Jacobian as one matrix expression, where there is one output and one leaf."""
    leaves = [call.id for call in plan.calls if call.kind == "leaf"]
    outputs = list(dict.fromkeys(call.id for call, _ in plan.outputs))
    if len(leaves) != 1 or len(outputs) != 1:
        return None
    tree = compact(plan, Link(outputs[0], leaves[0], cells, numbers), _named(plan), through=True)
    return None if tree is None else Formula(tree)


def locals_of(plan: Plan, sizes: Sizes) -> tuple[Link, ...]:
    """The local derivatives of every single step through which a gradient flows."""
    flowing = _flowing(plan)
    stops = {id: name for id in flowing if (name := plan.name(id)) is not None}
    if len(stops) > MOST_STEPS:
        return ()
    return tuple(link for link, _ in _links(plan, sizes, stops, steps(plan, sizes, stops), ALL_ENTRIES))


def _named(plan: Plan) -> dict[str, str]:
    flowing = _flowing(plan)
    return {id: plan.names[id] for id in flowing if id in plan.names}


def _flowing(plan: Plan) -> list[str]:
    """The operations from which a gradient of the outputs can still come: nothing behind a cut."""
    calls = {call.id: call for call in plan.calls}
    waiting, found = [call.id for call, _ in plan.outputs], set()
    while waiting:
        call = calls.get(waiting.pop())
        if call is not None and call.kind == "operation" and call.id not in found:
            found.add(call.id)
            waiting.extend(operands(call))
    return [call.id for call in plan.calls if call.id in found]


def _links(
    plan: Plan, sizes: Sizes, stops: Mapping[str, str], found: Steps, left: int
) -> Iterator[tuple[Link, list[list[Slope]]]]:
    write = Markup(found.labels)
    differentiation = Differentiation(sizes, str)
    evaluate = Evaluator(found.point)
    for target, made in found.made.items():
        inside = frozenset().union(*(sizes.symbols(entry) for entry in made.flat))
        for source, symbols in found.symbols.items():
            if source == target or not inside & frozenset(symbols.flat):
                continue
            size = prod(made.shape) * prod(symbols.shape)
            if size > LINK_ENTRIES or size > left:
                continue
            left -= size
            rows = _rows(found, target, symbols, differentiation)
            link = Link(target, source, _cells(rows, write), _numbers(rows, evaluate))
            short = compact(plan, link, stops)
            yield (link if short is None else replace(link, compact=Formula(short))), rows


def _rows(found: Steps, target: str, symbols: Array, differentiation: Differentiation) -> list[list[Slope]]:
    """d target / d symbols, by the result itself where that is how its slope is written."""
    if target not in found.inner:
        return differentiation.rows(list(found.made[target].flat), list(symbols.flat))
    call, operand = found.inner[target]
    inner = differentiation.rows(list(operand.flat), list(symbols.flat))
    outer = own_slope(call, found.symbols[target])
    return [[_combined(row, [line[j] for line in inner]) for j in range(symbols.size)] for row in outer]


def _combined(row: Sequence[Any], column: Sequence[Slope]) -> Slope:
    pairs = [(left, right.formula) for left, right in zip(row, column, strict=True) if left != 0]
    if any(formula is None for _, formula in pairs):
        return Slope(None, "")
    formula = sympy.Add(*(left * formula for left, formula in pairs))
    return Slope(formula, str(formula))


def _cells(rows: list[list[Slope]], write: Markup) -> Cells:
    return tuple(
        tuple(None if slope.formula is None else Formula(write(slope.formula)) for slope in row) for row in rows
    )


def _numbers(rows: list[list[Slope]], evaluate: Evaluator) -> Numbers:
    return tuple(
        tuple(float("nan") if slope.formula is None else evaluate(slope.formula) for slope in row) for row in rows
    )
