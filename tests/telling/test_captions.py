from dataclasses import replace

import pytest

from tests.handmade import Sketch, assembled, averaged, gates
from vizgraph import views
from vizgraph.model import Ref
from vizgraph.telling.captions import WIDTH, Captions, shorten


@pytest.mark.parametrize(
    ("expression", "caption"),
    [
        ("x1 * x2 * x3", "x1 * x2 * x3"),
        ("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", "1 / (…)"),
        ("1 + exp(-(w0*x0 + w1*x1 + w2))", "1 + exp(…)"),
        ("w0*x0 + w1*x1 + w2", "w0*x0 + … + w2"),
        ("first(a) - second(b) + third(c) - d", "first(…) - … - d"),
        ("cat([first, second, third], 0)", "cat(…)"),
        ("broken ( bracket is no reason to stop", "broken (…"),
        ("x.square().sum(1)", "(…).sum(…)"),
        ("x.square().sum(1).sqrt()", "(…).sqrt()"),  # what is done last tells it from the one before
        ("F.cross_entropy(guess, labels)", "cross_entropy(…)"),
        ("Cube.apply(x, 2.0) + x.sin()", "… + x.sin()"),
        ("guess + 0.5 * restored + 0.1 * hidden", "… + 0.1 * hidden"),
        ("10*(slope.norm(dim=1)-1).square().mean()", "10*(…).mean()"),
        ("relu(self.bn1(x))+self.conv3(x)", "relu(…)+conv3(…)"),
        ("y[:, 0] = first * second", "y[…] = first * …"),
        ("one_name_that_goes_on_and_on_and_on", "one_name_that_g…"),
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


def test_no_derivative_is_named_by_what_was_left_out() -> None:
    sketch = Sketch()
    sketch.leaf("x", 1.0)
    sketch.operation("y", "exp", (Ref("x"),), 1.0, expression="exp(x * x * x * x * x)", inputs=("x",))
    view = views.math(sketch.run("y"))
    assert Captions(view).node("y") == "exp(…)"
    assert Captions(view).derivative(view.graph.edges[0]) == ""


def test_many_names_are_cut_short() -> None:
    view = views.math(gates())
    captions = Captions(view)
    assert captions.values(["x", "y", "x", "z"]) == "x, y, z"


def test_the_outer_function_is_called_what_no_value_is_called() -> None:
    assert Captions(views.math(gates())).outer() == "A"
    sketch = Sketch()
    sketch.leaf("A", 1.0)
    sketch.operation("L", "neg", (Ref("A"),), -1.0, expression="-A", name="L", inputs=("A",))
    assert Captions(views.math(sketch.run("L"))).outer() == "F"


def test_a_name_that_several_nodes_have_is_numbered_in_the_order_of_the_program() -> None:
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    sketch.operation("mul_1", "mul", (Ref("x"), 3.0), 6.0, expression="3 * x", name="y", inputs=("x",))
    sketch.operation("mul_2", "mul", (Ref("mul_1"), 3.0), 18.0, expression="3 * y", name="y", inputs=("mul_1",))
    run = sketch.run("mul_2")
    captions = Captions(views.math(run))
    assert [captions.value(node) for node in ("x", "mul_1", "mul_2")] == ["x", "y₁", "y₂"]
    assert captions.derivative(views.math(run).graph.edges[1]) == "∂y₂/∂y₁"
    assert Captions(views.engine(run)).node("mul_2") == "MulBackward0 (y₂)"


def test_of_a_long_path_the_end_is_kept() -> None:
    sketch = Sketch()
    for name in ("transformer.layers.0.attention.weight", "a_very_long_name_without_any_path"):
        sketch.leaf(name, 1.0)
    captions = Captions(views.math(replace(sketch.run(), calls=())))
    assert [captions.value(name) for name in (node.id for node in sketch.nodes)] == [
        "…0.attention.weight",
        "a_very_long_name_wi…",
    ]


def test_operations_of_which_nothing_else_is_known_are_numbered() -> None:
    sketch = Sketch()
    sketch.leaf("x", 1.0)
    for id, source in (("relu_1", "x"), ("exp_1", "relu_1"), ("relu_2", "exp_1")):
        sketch.operation(id, id.split("_")[0], (Ref(source),), 1.0, inputs=(source,))
    captions = Captions(views.math(replace(sketch.run("relu_2"), calls=())))
    assert [captions.value(id) for id in ("relu_1", "exp_1", "relu_2")] == ["relu₁", "exp", "relu₂"]


def test_a_result_of_several_says_which_it_is() -> None:
    sketch = Sketch()
    sketch.leaf("x", [1.0, 2.0])
    sketch.operation("unbind_1", "unbind", (Ref("x"),), 1.0, expression="x.unbind()", inputs=("x",))
    two = (Ref("unbind_1"), Ref("unbind_1", 1))
    sketch.operation("mul_1", "mul", two, 2.0, expression="a * b", inputs=("unbind_1", "unbind_1"))
    run = sketch.run("mul_1")
    edges = tuple(replace(edge, result=edge.slot) if edge.target == "mul_1" else edge for edge in run.graph.edges)
    view = views.math(replace(run, graph=replace(run.graph, edges=edges)))
    captions = Captions(view)
    assert [captions.source(edge) for edge in view.graph.edges] == ["x", "x.unbind()[0]", "x.unbind()[1]"]


def test_a_name_is_told_from_an_expression() -> None:
    captions = Captions(views.math(assembled()))
    assert [captions.is_named(node) for node in ("a", "mul_1", "write_2")] == [True, False, True]


def test_a_caption_leaves_out_torch_as_the_drawing_does() -> None:
    sketch = Sketch()
    sketch.leaf("x", [1.0, 2.0])
    sketch.operation("dot_1", "dot", (Ref("x"), Ref("x")), 5.0, expression="torch.dot(x, x)", inputs=("x", "x"))
    assert Captions(views.math(sketch.run("dot_1"))).node("dot_1") == "dot(x, x)"
