"""Multiply the links of a chain: every derivative as a sum over paths of products of local derivatives.

It is what a formula becomes that would be too long if it were written in the leaves alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.jacobian import Slope
from vizgraph.calculus.replay import Steps
from vizgraph.calculus.sizes import SLOPE_NODES, Sizes
from vizgraph.model import Link
from vizgraph.notation.plan import Plan

Cell = tuple[Any, float]  # the formula, None where it is too long, and its number
Entries = tuple[tuple[Cell, ...], ...]
NOTHING: Cell = (sympy.Integer(0), 0.0)


class Product:
    """d(value) / d(leaf entries) of every stopped value, from the links between them."""

    def __init__(self, plan: Plan, sizes: Sizes, found: Steps, pairs: Sequence[tuple[Link, list[list[Slope]]]]) -> None:
        self._plan, self._sizes, self._found = plan, sizes, found
        self._evaluate = Evaluator(found.point)
        self._into: dict[str, dict[str, list[list[Slope]]]] = {}
        for link, rows in pairs:
            self._into.setdefault(link.target, {})[link.source] = rows

    def entries(self, columns: Sequence[str]) -> Entries:
        """The rows of all outputs, one after the other; () where something on the way has no formula."""
        places = self._places(columns)
        if len(places) != len(columns):
            return ()
        known: dict[str, list[list[Cell]]] = {}
        for target in self._found.made:
            if not self._is_complete(target):
                return ()
            known[target] = self._rows(target, known, places)
        if not all(call.id in known for call, _ in self._plan.outputs):
            return ()
        return tuple(tuple(row) for call, _ in self._plan.outputs for row in known[call.id])

    def _places(self, columns: Sequence[str]) -> list[tuple[str, int]]:
        """(leaf, entry) of every column."""
        found = {}
        for call in self._plan.calls:
            if call.kind == "leaf" and call.id in self._found.symbols:
                for entry, symbol in enumerate(self._found.symbols[call.id].flat):
                    if symbol in self._found.labels:
                        found[self._found.labels[symbol].python] = (call.id, entry)
        return [found[column] for column in columns if column in found]

    def _is_complete(self, target: str) -> bool:
        """Whether all that a value is made of is among its links, each with formulas."""
        inside = frozenset().union(*(self._sizes.symbols(entry) for entry in self._found.made[target].flat))
        linked = self._into.get(target, {})
        for source, symbols in self._found.symbols.items():
            if source != target and inside & frozenset(symbols.flat) and source not in linked:
                return False
        if not inside <= self._found.labels.keys():  # a hole
            return False
        return all(slope.formula is not None for rows in linked.values() for row in rows for slope in row)

    def _rows(
        self, target: str, known: dict[str, list[list[Cell]]], places: Sequence[tuple[str, int]]
    ) -> list[list[Cell]]:
        linked = self._into.get(target, {})
        return [
            [self._cell(row, linked, known, place, j) for j, place in enumerate(places)]
            for row in range(self._found.made[target].size)
        ]

    def _cell(
        self,
        row: int,
        linked: dict[str, list[list[Slope]]],
        known: dict[str, list[list[Cell]]],
        place: tuple[str, int],
        j: int,
    ) -> Cell:
        terms: list[Cell] = []
        for source, rows in linked.items():
            for entry, slope in enumerate(rows[row]):
                inner = NOTHING
                if source in known:
                    inner = known[source][entry][j]
                elif place == (source, entry):
                    inner = (sympy.Integer(1), 1.0)
                if slope.formula != 0 and inner[0] != 0:
                    terms.append(self._times(slope, inner))
        number = sum(number for _, number in terms)
        if any(formula is None for formula, _ in terms):
            return None, number
        formula = sympy.Add(*(formula for formula, _ in terms))
        return (formula if self._sizes.nodes(formula) <= SLOPE_NODES else None), number

    def _times(self, slope: Slope, inner: Cell) -> Cell:
        number = self._evaluate(slope.formula) * inner[1]
        return (None if inner[0] is None else slope.formula * inner[0]), number
