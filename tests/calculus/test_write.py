"""Write formulas in Python syntax, which Python itself reads, and in LaTeX."""

from __future__ import annotations

import math

import pytest
import sympy

from vizgraph.calculus import special
from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.write import Writer, matrix_in_latex, number_in_latex
from vizgraph.notation.labels import Label

X, Y = sympy.symbols("v0000 v0001", real=True)
WRITER = Writer({X: Label("x", (0,)), Y: Label("w1")})
NAMES = {
    "x": [0.3], "w1": -1.7, "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "sin": math.sin, "tanh": math.tanh,
    "Max": max, "Min": min, "Abs": abs, "sign": lambda x: math.copysign(1, x), "Heaviside": lambda x: float(x > 0),
    "floor": math.floor, "ceiling": math.ceil, "round": round, "pi": math.pi,
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "text", "latex"),
    [
        (X * Y, "x[0]*w1", "x_{0} w_{1}"),
        (2 * X**2 / Y, "2*x[0]**2/w1", r"\frac{2 x_{0}^{2}}{w_{1}}"),
        (sympy.sqrt(X) - 3, "sqrt(x[0]) - 3", r"\sqrt{x_{0}} - 3"),
        (sympy.Float(0.3) * X, "0.3*x[0]", "0.3 x_{0}"),
        (sympy.Float(1e-8) * X, "1e-08*x[0]", r"1 \cdot 10^{-8} x_{0}"),
        (sympy.exp(1) * X, "exp(1)*x[0]", "e x_{0}"),
        (sympy.log(X), "log(x[0])", r"\ln{\left(x_{0} \right)}"),
        (special.Step(X - Y), "Heaviside(x[0] - w1)", r"\mathbf{1}_{x_{0} - w_{1} > 0}"),
        (special.Largest(X, Y) ** 2, "Max(x[0], w1)**2", r"{\max\left(x_{0}, w_{1}\right)}^{2}"),
        (special.Absolute(X), "Abs(x[0])", r"\left|x_{0}\right|"),
        (special.Sign(X), "sign(x[0])", r"\operatorname{sign}\left(x_{0}\right)"),
        (special.Floor(X), "floor(x[0])", r"\left\lfloor x_{0} \right\rfloor"),
    ],
)
def test_formulas_are_written_as_people_write_them(formula: sympy.Expr, text: str, latex: str) -> None:
    assert WRITER.python(formula) == text
    assert WRITER.latex(formula) == latex


@pytest.mark.parametrize(
    "formula",
    [
        X / (1 + sympy.exp(-X * Y)) ** 2, (X + Y) ** 3 / Y, special.Smallest(X, Y) * special.Sign(Y),
        sympy.tanh(X) ** 2, special.Round(Y) + special.Ceiling(Y), X ** sympy.Rational(3, 2), sympy.pi * X, -X - Y,
    ],
    ids=str,
)  # fmt: skip
def test_what_is_written_is_python(formula: sympy.Expr) -> None:
    value = Evaluator({X: 0.3, Y: -1.7})(formula)
    assert math.isclose(eval(WRITER.python(formula), dict(NAMES)), value, rel_tol=1e-12)


def test_numbers_in_latex_have_four_digits_and_real_powers() -> None:
    texts = [number_in_latex(n) for n in (1.100000023841858, 6.0, 1e-7, -2.5e12, math.inf, -math.inf, math.nan)]
    assert texts == [
        "1.1", "6", r"1 \cdot 10^{-7}", r"-2.5 \cdot 10^{12}", r"\infty", r"-\infty", r"\mathrm{nan}",
    ]  # fmt: skip


def test_matrices_have_their_cells_in_rows() -> None:
    assert matrix_in_latex([["a", "b"], ["c", "d"]]) == r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"
