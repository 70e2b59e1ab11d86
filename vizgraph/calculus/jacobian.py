"""Differentiate formulas entry by entry, as far as the result can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from vizgraph.calculus.replay import HOLE
from vizgraph.calculus.sizes import DERIVATIVE_NODES, JACOBIAN_NODES, Sizes

_UNREAL = (sympy.I, sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


def differentiate(
    outputs: Sequence[Any], symbols: Sequence[Any | None], sizes: Sizes
) -> tuple[list[list[Any | None]], bool]:
    """d outputs / d symbols, and whether all that could be written was.

    An entry is None where there is no formula: the output has a hole, the symbol
    is None, or the derivative is predicted to be too long."""
    left = JACOBIAN_NODES
    complete = True
    rows: list[list[Any | None]] = []
    for output in outputs:
        row: list[Any | None] = []
        for symbol in symbols:
            if symbol is None or HOLE in sizes.symbols(output):
                row.append(None)
                continue
            nodes = sizes.derivative(output, symbol)
            if nodes > min(left, DERIVATIVE_NODES):
                complete = False
                row.append(None)
                continue
            left -= nodes
            row.append(_slope(output, symbol) if nodes else sympy.Integer(0))
        rows.append(row)
    return rows, complete


def _slope(output: Any, symbol: Any) -> Any | None:
    slope = _tidy(output.diff(symbol))
    return None if slope.has(*_UNREAL) else slope


def _tidy(slope: Any) -> Any:
    """The common number in front, equal bases under one exponent: nothing that could take long."""
    if slope.is_Mul:
        content, rest = slope.as_content_primitive(clear=False)
        slope = content * sympy.powsimp(rest, deep=False, combine="exp")
    return slope
