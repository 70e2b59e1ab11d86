"""Find the text of a place."""

from __future__ import annotations

import ast

import pytest

from vizgraph import language
from vizgraph.model import Span


@pytest.mark.parametrize(
    "source",
    ["y = (a + b)*c[1:2]", "y = f(a,\n      b)", "y = α × (β² + 1)", "if x:\n    y = -x", ">>> y = a^2 + b"],
)
def test_the_text_of_a_place_is_what_was_typed_there(source: str) -> None:
    lines = tuple(source.split("\n"))
    tree = language.parse(source).tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            assert language.segment(lines, language.span_of(node)) == node.id


def test_a_text_over_several_lines_is_put_on_one() -> None:
    assert language.segment(("y = f(a,", "      b,", "      c)"), Span(1, 5, 3, 9)) == "f(a, b, c)"
