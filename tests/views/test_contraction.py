from dataclasses import replace

from tests.handmade import Sketch, assembled, averaged, detached, gates
from vizgraph import views
from vizgraph.model import Fault, Graph, Ref


def arrows(graph: Graph) -> list[tuple[str, str, int, bool]]:
    return [(edge.source, edge.target, edge.slot, edge.flows) for edge in graph.edges]


def kinds(graph: Graph) -> dict[str, tuple[str, str]]:
    return {node.id: (node.kind, node.operation) for node in graph.nodes}


def test_the_engine_view_is_the_engines_graph_and_passes_untouched() -> None:
    run = assembled()
    view = views.engine(run)
    assert (view.graph, view.passes, view.changes) == (run.graph, run.passes, run.changes)


def test_leaves_operations_and_outputs_of_a_simple_circuit() -> None:
    graph = views.math(gates()).graph
    assert kinds(graph) == {
        "x": ("leaf", "input"),
        "y": ("leaf", "input"),
        "z": ("leaf", "input"),
        "q": ("operation", "add"),
        "f": ("output", "mul"),
    }
    assert arrows(graph) == [("x", "q", 0, True), ("y", "q", 1, True), ("q", "f", 0, True), ("z", "f", 1, True)]
    assert graph.outputs == ("f",)


def test_a_chain_of_writes_becomes_one_node_with_an_edge_per_written_value() -> None:
    graph = views.math(assembled()).graph
    assert kinds(graph)["write_2"] == ("output", "assemble")
    assert [node.id for node in graph.nodes] == ["a", "b", "mul_1", "write_2"]
    assert arrows(graph)[2:] == [("mul_1", "write_2", 0, True), ("a", "write_2", 1, True)]
    assert next(node.name for node in graph.nodes if node.id == "write_2") == "y"


def test_a_base_that_is_not_overwritten_whole_is_a_constant_operand_after_the_writes() -> None:
    sketch = Sketch()
    sketch.leaf("a", 2.0)
    sketch.constant("zeros_1", [0.0, 0.0], 2, operation="zeros")
    sketch.operation("write_1", "write", (Ref("zeros_1"), 0, Ref("a")), [2.0, 0.0], name="y", inputs=(None, "a"))
    graph = views.math(sketch.run("write_1")).graph
    assert arrows(graph) == [("a", "write_1", 0, True), ("zeros_1", "write_1", 1, False)]


def test_a_base_with_a_history_is_an_operand_after_the_writes() -> None:
    sketch = Sketch()
    sketch.leaf("a", [2.0, 3.0])
    sketch.operation("mul_1", "mul", (Ref("a"), 2.0), [4.0, 6.0], name="y", inputs=("a", None))
    sketch.leaf("b", 1.0)
    sketch.operation("write_1", "write", (Ref("mul_1"), 0, Ref("b")), [1.0, 6.0], name="y", inputs=("mul_1", "b"))
    graph = views.math(sketch.run("write_1")).graph
    assert arrows(graph) == [("a", "mul_1", 0, True), ("b", "write_1", 0, True), ("mul_1", "write_1", 1, True)]


def test_detach_is_a_cut_with_its_forward_history_behind_it() -> None:
    graph = views.math(detached()).graph
    assert kinds(graph) == {
        "x": ("leaf", "input"),
        "y": ("operation", "mul"),
        "u": ("cut", "detach"),
        "z": ("output", "mul"),
    }
    assert arrows(graph) == [
        ("x", "y", 0, False),
        ("x", "y", 1, False),
        ("y", "u", 0, False),
        ("u", "z", 0, False),
        ("x", "z", 1, True),
    ]


def test_one_call_of_several_autograd_functions_is_one_node() -> None:
    graph = views.math(averaged()).graph
    assert [node.id for node in graph.nodes] == ["a", "m"]
    assert arrows(graph) == [("a", "m", 0, True), ("a", "m", 1, True)]


def test_operands_stand_in_written_order_even_where_the_engine_turns_them_round() -> None:
    """rsub(x, y) is y - x: the engine's slots are those of the subtraction."""
    sketch = Sketch()
    sketch.leaf("x", 1.0)
    sketch.leaf("y", 2.0)
    sketch.operation("rsub_1", "rsub", (Ref("x"), Ref("y")), 1.0, inputs=("y", "x"))
    assert arrows(views.math(sketch.run("rsub_1")).graph) == [("x", "rsub_1", 0, True), ("y", "rsub_1", 1, True)]


def test_a_constant_is_one_node_whatever_it_was_made_of() -> None:
    sketch = Sketch()
    sketch.leaf("w", 2.0)
    sketch.constant("x", 3.0)
    sketch.constant("x2", 9.0, Ref("x"), Ref("x"), operation="mul")
    sketch.operation("mul_1", "mul", (Ref("w"), Ref("x2")), 18.0, expression="w * x2", inputs=("w", None))
    graph = views.math(sketch.run("mul_1")).graph
    assert kinds(graph) == {"w": ("leaf", "input"), "x2": ("constant", "mul"), "mul_1": ("output", "mul")}
    assert arrows(graph) == [("w", "mul_1", 0, True), ("x2", "mul_1", 1, False)]


def test_what_no_output_needs_is_left_out() -> None:
    run = gates()
    sketch_graph = replace(run.graph, outputs=("q",))
    assert [node.id for node in views.math(replace(run, graph=sketch_graph)).graph.nodes] == ["x", "y", "q"]


def test_without_a_backward_pass_everything_that_nothing_uses_is_shown() -> None:
    run = gates()
    stopped = replace(run, passes=(), graph=replace(run.graph, outputs=()), error=Fault("no", None, None, "f"))
    assert [node.id for node in views.math(stopped).graph.nodes] == ["x", "y", "z", "q", "f"]


def test_the_culprit_of_an_error_is_shown_even_where_no_output_needs_it() -> None:
    run = replace(gates(), error=Fault("no", None, None, "f"))
    graph = replace(run.graph, outputs=("q",))
    assert [node.id for node in views.math(replace(run, graph=graph)).graph.nodes] == ["x", "y", "z", "q", "f"]


def test_the_order_in_which_the_engine_lists_its_edges_does_not_matter() -> None:
    run = averaged()
    turned = replace(run, graph=replace(run.graph, edges=run.graph.edges[::-1]))
    assert views.math(turned).graph == views.math(run).graph


def test_without_any_leaf_the_constants_are_shown() -> None:
    sketch = Sketch()
    sketch.constant("x", 3.0)
    sketch.constant("y", 9.0, Ref("x"), Ref("x"), operation="mul")
    assert kinds(views.math(sketch.run()).graph) == {"y": ("constant", "mul")}


def test_without_calls_every_autograd_function_is_a_node_of_its_own() -> None:
    run = replace(assembled(), calls=())
    view = views.math(run)
    assert view.graph.nodes == run.graph.nodes
    assert {edge.id for edge in view.graph.edges} == {edge.id for edge in run.graph.edges}
    assert [step.node for step in view.passes[0].steps] == [step.node for step in run.passes[0].steps]
