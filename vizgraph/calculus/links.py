"""Differentiate every named value by the named values that it is made of, and every step by its operands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Final, TypeAlias

from vizgraph.calculus.compact import compact
from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.jacobian import Differentiation, Slope
from vizgraph.calculus.markup import Markup
from vizgraph.calculus.replay import steps
from vizgraph.calculus.sizes import Sizes
from vizgraph.model import Formula, Link
from vizgraph.plan import Plan

LINK_ENTRIES: Final = 64  # of one derivative between two values
ALL_ENTRIES: Final = 400  # of all of them together
MOST_STEPS: Final = 40  # more steps than this are not read one by one

Cells: TypeAlias = tuple[tuple[Formula | None, ...], ...]
Numbers: TypeAlias = tuple[tuple[float, ...], ...]


def links(plan: Plan, sizes: Sizes) -> tuple[Link, ...]:
    """d(named value) / d(named value or leaf before it), for the outputs and the names that the program gave."""
    named = {call.id: plan.names[call.id] for call in plan.calls if call.kind == "operation" and call.id in plan.names}
    return tuple(_links(plan, sizes, named))


def whole(plan: Plan, cells: Cells, numbers: Numbers) -> Formula | None:
    """The Jacobian as one matrix expression, where there is one output and one leaf."""
    leaves = [call.id for call in plan.calls if call.kind == "leaf"]
    outputs = list(dict.fromkeys(call.id for call, _ in plan.outputs))
    if len(leaves) != 1 or len(outputs) != 1:
        return None
    named = {call.id: plan.names[call.id] for call in plan.calls if call.kind == "operation" and call.id in plan.names}
    tree = compact(plan, Link(outputs[0], leaves[0], cells, numbers), named, through=True)
    return None if tree is None else Formula(tree)


def locals_of(plan: Plan, sizes: Sizes) -> tuple[Link, ...]:
    """The local derivatives of every single step."""
    named = {call.id: plan.name(call.id) for call in plan.calls if call.kind == "operation"}
    stops = {id: name for id, name in named.items() if name is not None}
    return tuple(_links(plan, sizes, stops)) if len(stops) <= MOST_STEPS else ()


def _links(plan: Plan, sizes: Sizes, stops: Mapping[str, str]) -> Iterator[Link]:
    found = steps(plan, sizes, stops)
    write, left = Markup(found.labels), ALL_ENTRIES
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
            rows = differentiation.rows(list(made.flat), list(symbols.flat))
            link = Link(target, source, _cells(rows, write), _numbers(rows, evaluate))
            short = compact(plan, link, stops)
            yield replace(link, compact=Formula(short)) if short is not None else link


def _cells(rows: list[list[Slope]], write: Markup) -> Cells:
    return tuple(
        tuple(None if slope.formula is None else Formula(write(slope.formula)) for slope in row) for row in rows
    )


def _numbers(rows: list[list[Slope]], evaluate: Evaluator) -> Numbers:
    return tuple(
        tuple(float("nan") if slope.formula is None else evaluate(slope.formula) for slope in row) for row in rows
    )
