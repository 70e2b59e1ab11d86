"""Trees of formulas: what they say in LaTeX, and that no name can break out of them."""

from __future__ import annotations

import pytest

from vizgraph.model import Tree
from vizgraph.notation import mathml
from vizgraph.notation.labels import Label
from vizgraph.notation.mathml import latex

x, y = mathml.word("x"), mathml.word("y")


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (mathml.label(Label("x1")), "x_{1}"),
        (mathml.label(Label("A", (0, 1))), "A_{0,1}"),
        (mathml.word("lambda"), r"\lambda"),
        (mathml.word("weight"), r"\mathrm{weight}"),
        (mathml.number(-0.1966119), "- 0.1966"),
        (mathml.number(2e-7), r"2 \cdot 10^{-7}"),
        (mathml.number(float("inf")), r"\infty"),
        (mathml.frac(x, y), r"\frac{x}{y}"),
        (mathml.root(x), r"\sqrt{x}"),
        (mathml.transposed(x), r"x^{\top}"),
        (mathml.partial(mathml.named("y1"), x), r"\frac{\partial y_{1}}{\partial x}"),
        (mathml.partial(y, x, whole=True), r"\frac{d y}{d x}"),
        (mathml.apply("sin", x), r"\sin ( x )"),
        (mathml.matrix([[x, y], [y, x]]), r"\begin{bmatrix} x & y \\ y & x \end{bmatrix}"),
        (mathml.pick("c0.1", mathml.live("v0", 0.1)), "0.1"),
    ],
)
def test_a_tree_is_written_in_latex(tree: Tree, expected: str) -> None:
    assert latex(tree) == expected


def test_a_sum_takes_the_sign_of_its_terms() -> None:
    assert latex(mathml.added([x, mathml.number(-2.0), y])) == "x - 2 + y"
    assert latex(mathml.added([])) == "0"


def test_a_factor_that_is_a_sum_or_negative_stands_in_brackets() -> None:
    assert latex(mathml.factor(mathml.added([x, y]))) == "( x + y )"
    assert latex(mathml.factor(mathml.number(-4.0))) == "( - 4 )"
    assert latex(mathml.factor(x)) == "x"


@pytest.mark.parametrize("name", ["}", "\\input{/etc/passwd}", "$x$", "a_b", "%", "^2", "<script>", "x & y"])
def test_latex_shows_a_name_and_never_obeys_it(name: str) -> None:
    written = latex(mathml.named(name))
    inside = written.removeprefix(r"\mathrm{").removesuffix("}")
    for sign in "\\{}$%&#^_~":
        # every sign that LaTeX would obey has a backslash before it, or is the one that we put there
        unescaped = inside.replace(r"\textbackslash{}", "").replace(r"\^{}", "").replace(r"\~{}", "")
        for known in ("\\{", "\\}", "\\_", "\\#", "\\$", "\\%", "\\&"):
            unescaped = unescaped.replace(known, "")
        assert sign not in unescaped


def test_every_tag_of_a_built_tree_is_one_that_the_page_knows() -> None:
    def tags(tree: Tree) -> set[str]:
        return set() if isinstance(tree, str) else {str(tree[0])}.union(*map(tags, tree[1:]))

    built = mathml.row(
        mathml.matrix([[mathml.live("v0", 1.5)]]), mathml.partial(x, y), mathml.root(x), mathml.text("a"),
        mathml.sub(x, y), mathml.pick("f", mathml.transposed(y)), ("munder", x, y), ("msubsup", x, y, x),
    )  # fmt: skip
    assert tags(built) <= mathml.TAGS
