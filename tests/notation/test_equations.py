"""Functions as they stand on a blackboard; the right sides were written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notation.test_plan import planned
from vizgraph.notation.equations import Equations
from vizgraph.notation.mathml import latex


def written(source: str, **values: Any) -> list[str]:
    return [f"{latex(one.left)} = {latex(one.right)}" for one in Equations(planned(source, values)).named()]


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("y = x1*x2*x3", {"x1": 1, "x2": 2, "x3": 3}, "y = x_{1} x_{2} x_{3}"),
        ("y = x1 + x2*x3", {"x1": 1, "x2": 2, "x3": 3}, "y = x_{1} + x_{2} x_{3}"),
        ("y = a - (b - c)", {"a": 1, "b": 2, "c": 3}, "y = a - ( b - c )"),
        ("y = (a + b)*c", {"a": 1, "b": 2, "c": 3}, "y = ( a + b ) c"),
        ("y = (a + b)**2", {"a": 1, "b": 2}, "y = {( a + b )}^{2}"),
        ("y = 3*a**2", {"a": 1}, "y = 3 a^{2}"),
        ("y = a/(b + 1)", {"a": 1, "b": 2}, r"y = \frac{a}{b + 1}"),
        ("y = -a", {"a": 1}, "y = - a"),
        ("y = exp(-a)", {"a": 1}, "y = e^{- a}"),
        ("e = exp(a)", {"a": 1}, r"e = \exp ( a )"),
        ("y = sqrt(a)", {"a": 1}, r"y = \sqrt{a}"),
        ("y = log(a)", {"a": 1}, r"y = \ln ( a )"),
        ("y = A @ x", {"A": [[1, 2]], "x": [1, 2]}, "y = A x"),
        ("y = x @ A @ x", {"A": [[1, 2], [3, 4]], "x": [1, 2]}, r"y = x^{\top} A x"),
        ("y = 2*(x @ x)", {"x": [1, 2]}, r"y = 2 x^{\top} x"),
        ("y = sum(x)", {"x": [1, 2]}, r"y = \underset{i}{\sum} x_{i}"),
        ("y = norm(x)", {"x": [1, 2]}, r"y = \| x \|"),
        ("y = x*w", {"x": [1, 2], "w": [3, 4]}, r"y = x \odot w"),
        ("y = outer(a, b)", {"a": [1, 2], "b": [3, 4]}, r"y = a b^{\top}"),
        ("y = x[1]*2", {"x": [1, 2]}, r"y = x_{1} \cdot 2"),
        ("y = softmax(x, 0)", {"x": [1, 2]}, r"y = \mathrm{softmax} ( x )"),
    ],
)
def test_a_function_is_written_as_on_a_blackboard(source: str, values: dict[str, Any], expected: str) -> None:
    assert written(source, **values) == [expected]


def test_entries_that_are_written_one_by_one_are_equations_of_their_own() -> None:
    source = (
        "import torch\na = torch.tensor(2.0, requires_grad=True)\ny = torch.zeros(2)\n"
        "y[0] = a*a\ny[1] = 3*a\ny.backward(torch.ones(2))"
    )
    assert written(source) == ["y_{0} = a a", "y_{1} = 3 a"]


def test_a_named_value_is_not_written_out_where_it_is_used() -> None:
    assert written("a = x*w\nb = a - y\nz = b**2", x=1, w=2, y=3) == ["a = x w", "b = a - y", "z = b^{2}"]


def test_nameless_values_that_are_used_again_and_again_are_cut_short() -> None:
    """Written out, each turn is three times the one before it: 3**40 parts."""
    turns = "x = torch.tensor(1.0, requires_grad=True)\ndef f(x):\n    return torch.sin(x) * torch.cos(x) + x\n"
    source = f"import torch\n{turns}y = {'f(' * 40}x{')' * 40}\ny.backward()"
    (line,) = written(source)
    assert r"\ldots" in line
    assert len(line) < 5_000
