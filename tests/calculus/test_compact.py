"""Matrix expressions of derivatives, as the textbooks of matrix calculus have them (numerator layout)."""

from __future__ import annotations

from typing import Any

import pytest

from vizgraph import visualize
from vizgraph.notation.mathml import latex

A = [[1, 2], [3, 4]]


def whole(source: str, **values: Any) -> str | None:
    leaves = ["x"] if "x" in values else None
    found = visualize(source, values=values, requires_grad=leaves).derivation
    assert found is not None
    return latex(found.compact.tree) if found.compact else None


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("y = A @ x", {"A": A, "x": [1, 2]}, "A"),
        ("y = x @ A", {"A": A, "x": [1, 2]}, r"A^{\top}"),
        ("y = a @ x", {"a": [3, 4], "x": [1, 2]}, r"a^{\top}"),
        ("y = x @ x", {"x": [1, 2]}, r"2 x^{\top}"),
        ("y = x @ A @ x", {"A": A, "x": [1, 2]}, r"x^{\top} ( A + A^{\top} )"),
        ("y = norm(x)", {"x": [3, 4]}, r"\frac{x^{\top}}{\| x \|}"),
        ("y = sum(x)", {"x": [3, 4]}, r"\mathbf{1}^{\top}"),
        ("y = sum(x**2)", {"x": [3, 4]}, r"2 x^{\top}"),
        ("y = mean(x)", {"x": [3, 4]}, r"\frac{1}{2} \mathbf{1}^{\top}"),
        ("y = softmax(x, 0)", {"x": [1, 2, 3]}, r"\mathrm{diag} ( y ) - y y^{\top}"),
        ("y = 3*x + 1", {"x": [1, 2]}, "3 I"),
        ("y = -x", {"x": [1, 2]}, "- I"),
        ("y = x*w", {"x": [1, 2], "w": [3, 4]}, r"\mathrm{diag} ( w )"),
        ("y = exp(x)", {"x": [1, 2]}, r"\mathrm{diag} ( \exp ( x ) )"),
        ("y = outer(x, b)", {"x": [1, 2], "b": [3, 4]}, r"I_{2} \otimes b"),
        ("y = x @ w", {"x": [[1, 2], [3, 4]], "w": [1, 2]}, r"I_{2} \otimes w^{\top}"),
        ("a = c @ x\nb = a - d\nz = b**2", {"x": [1, 2], "c": [3, 4], "d": 1}, r"2 b c^{\top}"),
    ],
)
def test_what_a_textbook_knows_is_one_expression(source: str, values: dict[str, Any], expected: str) -> None:
    assert whole(source, **values) == expected


@pytest.mark.parametrize("source", ["y = cumsum(x, 0)", "y = x[0]*x[1]", "y = cumprod(x, 0)", "y = prod(x)"])
def test_what_has_no_expression_is_left_to_its_entries(source: str) -> None:
    assert whole(source, x=[1.5, 2.0, 3.0]) is None


def test_every_link_of_a_chain_has_its_own_expression() -> None:
    values = {"x": [1, 2], "c": [3, 4], "d": 1}
    found = visualize("a = c @ x\nb = a - d\nz = b**2", values=values, requires_grad=["x"]).derivation
    assert found is not None
    shown = {(link.target, link.source): latex(link.compact.tree) if link.compact else None for link in found.links}
    assert shown == {("matmul_1", "x"): r"c^{\top}", ("sub_1", "matmul_1"): None, ("pow_1", "sub_1"): None}
