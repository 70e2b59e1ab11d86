"""Evaluate a formula in float64, without sympy's own evaluation and without compiling anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy

from vizgraph.calculus import special

# fmt: off
_FUNCTIONS: dict[Any, Callable[..., float]] = {
    sympy.exp:        math.exp,
    sympy.log:        math.log,
    sympy.sin:        math.sin,
    sympy.cos:        math.cos,
    sympy.tan:        math.tan,
    sympy.asin:       math.asin,
    sympy.acos:       math.acos,
    sympy.atan:       math.atan,
    sympy.atan2:      math.atan2,
    sympy.sinh:       math.sinh,
    sympy.cosh:       math.cosh,
    sympy.tanh:       math.tanh,
    sympy.asinh:      math.asinh,
    sympy.acosh:      math.acosh,
    sympy.atanh:      math.atanh,
    sympy.erf:        math.erf,
    sympy.Abs:        abs,
    sympy.sign:       lambda x: math.copysign(float(x != 0), x),
    sympy.Heaviside:  lambda x, edge=0.5: edge if x == 0 else float(x > 0),
    special.Step:     lambda x: 0.5 if x == 0 else float(x > 0),
    special.Sign:     lambda x: math.copysign(float(x != 0), x),
    special.Absolute: abs,
    special.Floor:    lambda x: float(math.floor(x)),
    special.Ceiling:  lambda x: float(math.ceil(x)),
    special.Round:    lambda x: float(round(x)),
    special.Largest:  max,
    special.Smallest: min,
}
# fmt: on


class Evaluator:
    """Evaluates formulas at one point, each shared part once; nan where a formula has no real value."""

    def __init__(self, point: Mapping[Any, float]) -> None:
        self._known: dict[Any, float] = dict(point)

    def __call__(self, formula: Any) -> float:
        value = self._known.get(formula)
        if value is None:
            value = self._known[formula] = self._guarded(formula)
        return value

    def _guarded(self, formula: Any) -> float:
        try:
            return self._compute(formula)
        except OverflowError:
            return math.inf if formula.func in (sympy.exp, sympy.cosh) else math.nan
        except (ValueError, ZeroDivisionError, TypeError, KeyError):  # outside the domain, or no real number at all
            return math.nan

    def _compute(self, formula: Any) -> float:
        if not formula.args:
            return float(formula)
        parts = [self(part) for part in formula.args]
        if formula.is_Add:
            return math.fsum(parts)
        if formula.is_Mul:
            return math.prod(parts)
        if formula.is_Pow:
            return _power(*parts)
        return float(_FUNCTIONS[formula.func](*parts))


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    power = base**exponent
    return math.nan if isinstance(power, complex) else power
