"""Derive every lesson from its real run; torch's engine and the published formulas are the oracle."""

from __future__ import annotations

import pytest
import sympy

from vizgraph import visualize
from vizgraph.lessons import Lesson, lesson, lessons
from vizgraph.model import Derivation
from vizgraph.notation import mathml

# In the leaves alone their formulas are too long to be read: they stand as products of local derivatives.
BY_STEPS = ("vanishing", "attention", "perceptron_step")

# d(output) / d(leaf) as the sources of the lessons give them, by the columns that torch found
PUBLISHED = {
    "sum_of_squares": [["2*x0", "2*x1", "2*x2"]],
    "linear_regression": [[f"2*(w0*x0 + w1*x1 + w2*x2 - y)*x{i}" for i in range(3)]],
    "dot_product": [[f"4*x{i}" for i in range(4)]],
    "matrix_identities": [["2*A00*x0 + (A01 + A10)*x1", "(A01 + A10)*x0 + 2*A11*x1"]],
    "jacobian_of_Ax": [["A00", "A01", "A02"], ["A10", "A11", "A12"]],
    "squared_norm": [["2*x0", "2*x1", "2*x2"]],
    "gates": [["z", "z", "x + y"]],
    "two_paths": [["b + 1", "a + 2*b + 1"]],
    "blitz": [["9*a0**2", "0", "-2*b0", "0"], ["0", "9*a1**2", "0", "-2*b1"]],
}


def derived(one: Lesson) -> Derivation | None:
    picture = visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)
    return picture.derivation


def plain(formula: str) -> sympy.Expr:
    """Our own text, read by sympy: x[0] as x0, A[0,1] as A01."""
    text = formula.replace("[", "").replace("]", "").replace(",", "")
    return sympy.sympify(text, {name: sympy.Symbol(name) for name in ("E", "Q", "S", "I", "N", "beta")})


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.id)
def test_every_lesson_has_a_derivation_that_agrees(one: Lesson) -> None:
    result = derived(one)
    if result is None:
        assert "error" in one.expect
        return
    assert bool(result.note) == (one.id in BY_STEPS)
    assert all(cell is not None for row in result.cells for cell in row)
    assert one.id in BY_STEPS or all(formula for row in result.symbolic for formula in row)
    assert all(check.symbolic is not None and check.finite is not None for check in result.checks)
    assert [check for check in result.checks if check.agrees is not True] == []
    assert len(result.checks) == len(result.rows) * len(result.columns)
    assert sum(map(len, result.latex)) <= 20_000
    if "jacobian" in one.expect:
        assert [list(row) for row in result.numeric] == one.expect["jacobian"]
    if "jacobian_symbolic" in one.expect:
        assert [list(row) for row in result.symbolic] == one.expect["jacobian_symbolic"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_formulas_are_those_of_the_textbook(name: str) -> None:
    one = lesson(name)
    assert one is not None
    result = derived(one)
    assert result is not None
    for row, published in zip(result.symbolic, PUBLISHED[name], strict=True):
        for formula, expected in zip(row, published, strict=True):
            assert sympy.expand(plain(formula) - plain(expected)) == 0


def test_the_seed_lesson_is_written_exactly() -> None:
    for name in ("unknown_outer_function", "unknown_outer_function_math"):
        one = lesson(name)
        assert one is not None
        result = derived(one)
        assert result is not None
        assert result.symbolic == (("x2*x3", "x1*x3", "x1*x2"), ("1", "1", "1"), ("1", "x3", "x2"))


def test_the_sigmoid_neuron_is_its_output_times_one_minus_it() -> None:
    one = lesson("sigmoid_neuron")
    assert one is not None
    result = derived(one)
    assert result is not None
    f = sympy.sympify("1/(1 + exp(-(w0*x0 + w1*x1 + w2)))")
    for formula, inside in zip(result.symbolic[0], ("x0", "w0", "x1", "w1", "1"), strict=True):
        assert sympy.simplify(plain(formula) - f * (1 - f) * plain(inside)) == 0


def test_a_gradient_that_the_program_asked_for_is_a_formula_and_its_derivative_the_hessian() -> None:
    one = lesson("second_derivative")
    assert one is not None
    result = derived(one)
    assert result is not None
    assert result.hessian is not None
    assert result.symbolic == (("6*x",),)
    assert result.hessian.of == "y"
    assert result.hessian.numbers == ((12.0,),)
    assert [mathml.latex(formula.tree) for formula in result.hessian.gradient] == ["3 x^{2}"]


def test_a_layer_is_a_diagonal_of_slopes_times_its_weights() -> None:
    one = lesson("perceptron_step")
    assert one is not None
    result = derived(one)
    assert result is not None
    found = [mathml.latex(link.compact.tree) for link in result.links if link.compact]
    assert r"\mathrm{diag} ( h \odot ( 1 - h ) ) ( I_{2} \otimes x^{\top} )" in found
    assert r"\mathrm{diag} ( o \odot ( 1 - o ) ) W_{2}" in found
    assert r"- {( t - o )}^{\top}" in found
