import pytest

from tests.handmade import averaged, gates
from vizgraph import views
from vizgraph.captions import WIDTH, Captions, shorten


@pytest.mark.parametrize(
    ("expression", "caption"),
    [
        ("x1 * x2 * x3", "x1 * x2 * x3"),
        ("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", "1 / (…)"),
        ("1 + exp(-(w0*x0 + w1*x1 + w2))", "1 + exp(…)"),
        ("torch.cat([first, second, third], 0)", "torch.cat(…)"),
        ("broken ( bracket is no reason to stop", "broken (…"),
        ("one_name_that_goes_on_and_on_and_on", "one_name_that_goes_on_and…"),
    ],
)
def test_a_long_expression_loses_the_inside_of_its_brackets_first(expression: str, caption: str) -> None:
    assert shorten(expression) == caption
    assert len(caption) <= WIDTH


def test_the_math_view_speaks_of_values_and_the_engine_view_of_functions() -> None:
    run = gates()
    assert Captions(views.math(run)).node("q") == "q"
    assert Captions(views.engine(run)).node("q") == "QBackward0 (q)"
    assert Captions(views.engine(run)).value("q") == "q"
    assert Captions(views.engine(run)).node("x") == "x"


def test_an_operand_used_twice_says_which_use_it_is() -> None:
    view = views.math(averaged())
    captions = Captions(view)
    assert [captions.source(edge) for edge in view.graph.edges] == ["a (use 1 of 2)", "a (use 2 of 2)"]
    assert [captions.derivative(edge) for edge in view.graph.edges] == ["", ""]


def test_a_derivative_is_named_where_the_names_are_short() -> None:
    view = views.math(gates())
    captions = Captions(view)
    assert [captions.derivative(edge) for edge in view.graph.edges] == ["∂q/∂x", "∂q/∂y", "∂f/∂q", "∂f/∂z"]


def test_many_names_are_cut_short() -> None:
    view = views.math(gates())
    captions = Captions(view)
    assert captions.values(["x", "y", "x", "z"]) == "x, y, z"
