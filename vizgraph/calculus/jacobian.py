"""Differentiate formulas entry by entry, as far as the result can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sympy

from vizgraph.calculus.hole import HOLE
from vizgraph.calculus.sizes import DERIVATIVE_NODES, JACOBIAN_NODES, SLOPE_NODES, Sizes

ENTRY_CHARACTERS: Final = 1_000
JACOBIAN_CHARACTERS: Final = 20_000
_UNREAL: Final = (sympy.I, sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


@dataclass(frozen=True, slots=True)
class Slope:
    """One entry of the Jacobian: its formula, and the same as text; None and "" where there is none."""

    formula: Any | None
    text: str


BLANK: Final = Slope(None, "")


class Differentiation:
    """Differentiates entry after entry until the budget is spent; ``complete`` turns False when it is."""

    def __init__(self, sizes: Sizes, write: Callable[[Any], str]) -> None:
        self.complete = True
        self._sizes, self._write = sizes, write
        self._nodes, self._characters = JACOBIAN_NODES, JACOBIAN_CHARACTERS

    def rows(self, outputs: Sequence[Any], symbols: Sequence[Any | None]) -> list[list[Slope]]:
        """d outputs / d symbols; blank where an output has a hole or a symbol is None."""
        return [[self._entry(output, symbol) for symbol in symbols] for output in outputs]

    def _entry(self, output: Any, symbol: Any | None) -> Slope:
        if symbol is None or HOLE in self._sizes.symbols(output):
            return BLANK
        nodes = self._sizes.derivative(output, symbol)
        if nodes == 0:
            return Slope(sympy.Integer(0), "0")
        if nodes > min(DERIVATIVE_NODES, self._nodes):
            return self._give_up()
        self._nodes -= nodes
        formula = _tidy(output.diff(symbol))
        if formula.has(*_UNREAL):
            return BLANK
        text = self._write(formula) if self._sizes.nodes(formula) <= SLOPE_NODES else None
        if text is None or len(text) > min(ENTRY_CHARACTERS, self._characters):
            return self._give_up()
        self._characters -= len(text)
        return Slope(formula, text)

    def _give_up(self) -> Slope:
        self.complete = False
        return BLANK


def _tidy(slope: Any) -> Any:
    """The common number in front, and x**n/x under one exponent: nothing that could take long."""
    if not slope.is_Mul:
        return slope
    content, rest = slope.as_content_primitive(clear=False)
    if any(factor.is_Pow and not factor.exp.is_number for factor in rest.args):
        rest = sympy.powsimp(rest, deep=False, combine="exp")
    return content * rest
