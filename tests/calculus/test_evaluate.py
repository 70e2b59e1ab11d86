"""Evaluate formulas in float64; sympy's own slow evaluation is the oracle."""

from __future__ import annotations

import math

import pytest
import sympy

from vizgraph.calculus import special
from vizgraph.calculus.evaluate import Evaluator

X, Y = sympy.symbols("v0000 v0001", real=True)
POINT = {X: 0.3, Y: -1.7}


@pytest.mark.parametrize(
    "formula",
    [
        X + 2 * Y, X / Y, Y**3, X**Y, sympy.sqrt(X), sympy.exp(X) * sympy.log(X), sympy.sin(Y) + sympy.cos(X),
        sympy.tan(X), sympy.asin(X), sympy.acos(X), sympy.atan(Y), sympy.atan2(X, Y), sympy.sinh(X), sympy.cosh(Y),
        sympy.tanh(Y), sympy.asinh(Y), sympy.acosh(X + 1), sympy.atanh(X), sympy.erf(X), sympy.Abs(Y), sympy.sign(Y),
        sympy.Heaviside(Y), sympy.pi * X, sympy.Rational(1, 3) * X, sympy.Float(0.1) * Y,
    ],
    ids=str,
)  # fmt: skip
def test_values_are_those_of_sympy(formula: sympy.Expr) -> None:
    assert math.isclose(Evaluator(POINT)(formula), float(formula.evalf(subs=POINT)), rel_tol=1e-13)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (special.Step(Y), 0.0), (special.Step(X), 1.0), (special.Sign(Y), -1.0), (special.Absolute(Y), 1.7),
        (special.Floor(Y), -2.0), (special.Ceiling(Y), -1.0), (special.Round(Y), -2.0),
        (special.Largest(X, Y), 0.3), (special.Smallest(X, Y, sympy.Integer(-3)), -3.0),
    ],
    ids=str,
)  # fmt: skip
def test_our_own_functions_have_their_values(formula: sympy.Expr, value: float) -> None:
    assert Evaluator(POINT)(formula) == value


@pytest.mark.parametrize(
    "formula", [sympy.log(Y), sympy.sqrt(Y), sympy.asin(Y), sympy.gamma(X), sympy.I * X, Y**X], ids=str
)
def test_what_has_no_real_value_here_is_nan(formula: sympy.Expr) -> None:
    assert math.isnan(Evaluator(POINT)(formula))


def test_overflow_is_infinite_and_its_reciprocal_nought() -> None:
    evaluate = Evaluator({X: 1000.0, Y: 0.0})
    assert evaluate(sympy.exp(X)) == math.inf
    assert evaluate(1 / (1 + sympy.exp(X))) == 0.0
    assert evaluate(1 / sympy.sqrt(Y)) == math.inf


def test_slopes_of_our_functions_are_those_of_differences() -> None:
    step = 1e-6
    for formula in (
        special.Largest(X**2, Y, X),
        special.Smallest(X, Y**2),
        special.Absolute(X * Y),
        special.Floor(X) * X,
    ):
        for symbol in (X, Y):
            above, below = ({**POINT, symbol: POINT[symbol] + sign * step} for sign in (1, -1))
            difference = (Evaluator(above)(formula) - Evaluator(below)(formula)) / (2 * step)
            assert math.isclose(Evaluator(POINT)(formula.diff(symbol)), difference, abs_tol=1e-6)


def test_our_functions_of_numbers_fold_to_numbers() -> None:
    two, three = sympy.Integer(2), sympy.Rational(-7, 2)
    assert special.Largest(two, three) == 2
    assert special.Smallest(two, three) == three
    assert special.Absolute(three) == -three
    assert (special.Floor(three), special.Ceiling(three), special.Round(three)) == (-4, -3, -4)
    assert (special.Step(three), special.Sign(three)) == (0, -1)
