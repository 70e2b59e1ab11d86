"""Type programs with the signs of textbooks and keyboards, and with signs that hide something."""

from __future__ import annotations

import ast

import pytest

from vizgraph import language
from vizgraph.errors import VizgraphError
from vizgraph.language.characters import Translation

KIND = {
    "z = a×b÷c − d": "z = a*b/c - d",
    "z = a·b⋅c": "z = a*b*c",
    "f（x，y）＝［1］": "f(x,y)=[1]",
    "z = x²": "z = x**2",
    "z = x¹²⁺": None,
    "z = x⁻²": "z = x**-2",
    "z = x¹⁰ + y³": "z = x**10 + y**3",
    "z = x₁ + x₁₂": "z = x1 + x12",
    "z = Aᵀ @ A": "z = A.T @ A",
    "z = x ≤ y": "z = x <= y",
    "z = x^2": "z = x**2",
    "z = ∞ * x": "z = inf * x",
    "θ = α*β + λ": "θ = α*β + λ",
    "z\u00a0=\u3000x": "z = x",
}


@pytest.mark.parametrize(("typed", "read"), [(a, b) for a, b in KIND.items() if b])
def test_a_sign_with_one_reading_is_read(typed: str, read: str) -> None:
    assert Translation(typed).text == read


def test_a_caret_is_a_power_in_a_textbook_and_not_in_python() -> None:
    assert ast.dump(language.parse("z = x^2").tree) == ast.dump(language.parse("z = x**2").tree)
    with pytest.raises(VizgraphError, match=r"\^ is not a power in Python") as caught:
        language.parse("import torch\nz = 3^2")
    assert (caught.value.span.line, caught.value.span.column) == (2, 5)


def test_a_caret_in_a_string_stays() -> None:
    assert Translation("z = x^2 # a^b\nprint('a^b')").text == "z = x**2 # a^b\nprint('a^b')"


REFUSED = {
    "y = ｅval": ("FULLWIDTH LATIN SMALL LETTER E", 5, "type e instead"),
    "y = х": ("CYRILLIC SMALL LETTER HA", 5, "type a plain letter"),
    "y = ſum(x)": ("LATIN SMALL LETTER LONG S", 5, "type s instead"),
    "y = x\u200b": ("ZERO WIDTH SPACE", 6, "remove it"),
    "y = \u202ex": ("RIGHT-TO-LEFT OVERRIDE", 5, "remove it"),
    "y = x\x00": (r"U\+0000", 6, "remove it"),
    "y = x\f": (r"U\+000C", 6, "remove it"),
    "y = ２": ("FULLWIDTH DIGIT TWO", 5, "type 2 instead"),
    "y = 𝑥": ("MATHEMATICAL ITALIC SMALL X", 5, "type x instead"),
    "y = ∑x": ("SUMMATION", 5, "write sum"),
    "y = “a”": ("LEFT DOUBLE QUOTATION MARK", 5, 'type " instead'),
    "y′ = x": ("PRIME", 2, "leave the prime mark out"),
    "求导": ("CJK", 1, "plain letter"),
    "y = 20°": ("DEGREE", 7, "pi / 180"),
    "y = x 😀": ("GRINNING FACE", 7, "remove it"),
    "# \u202e\ny = x": ("RIGHT-TO-LEFT OVERRIDE", 3, "remove it"),
    "y = 'a\x1b'": (r"U\+001B", 7, "remove it"),
    "é = x": ("LATIN SMALL LETTER E WITH ACUTE", 1, "plain letter"),
}


@pytest.mark.parametrize(("source", "name", "column", "hint"), [(s, *rest) for s, rest in REFUSED.items()])
def test_a_sign_without_a_reading_is_named_with_its_column(source: str, name: str, column: int, hint: str) -> None:
    with pytest.raises(VizgraphError, match=name) as caught:
        language.parse(source)
    assert caught.value.span.column == column
    assert caught.value.hint is not None
    assert hint in caught.value.hint


def test_comments_and_strings_may_be_in_any_language() -> None:
    program = language.parse("y = x # 求导 é 😀\nprint('梯度 “x”')")
    assert program.outputs == ("y",)


def test_places_are_those_that_were_typed() -> None:
    source = "y = a² × b + undefined_α"
    tree = language.parse(source).tree
    names = {node.id: language.span_of(node) for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name, span in names.items():
        assert source[span.column - 1 : span.end_column - 1] == name
