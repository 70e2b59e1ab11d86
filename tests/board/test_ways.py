"""The edges that belong to an entry of the Jacobian; the graphs are small enough to follow with a finger."""

from __future__ import annotations

from typing import Any

from vizgraph import visualize
from vizgraph.board.ways import passage, places, ways
from vizgraph.lessons import lesson


def pairs(picture: Any, edges: Any, view: str = "math") -> set[tuple[str, str]]:
    known = {edge.id: (edge.source, edge.target) for edge in picture.views[view].graph.edges}
    return {known[edge] for edge in edges}


def lesson_picture(id: str) -> Any:
    one = lesson(id)
    assert one is not None
    return visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)


def test_every_entry_of_the_seed_lesson_has_its_own_way() -> None:
    picture = lesson_picture("unknown_outer_function_math")
    found = ways(picture.views["math"], 0, ["x1", "x2", "x3"], 3, 3)
    assert pairs(picture, found[0, 0]) == {("x1", "mul_1"), ("mul_1", "mul_2")}
    assert pairs(picture, found[0, 2]) == {("x3", "mul_2")}
    assert pairs(picture, found[2, 0]) == {("x1", "add_3")}
    assert pairs(picture, found[2, 1]) == {("x2", "mul_3"), ("mul_3", "add_3")}


def test_entries_of_one_tensor_part_where_it_is_written_entry_by_entry() -> None:
    picture = lesson_picture("unknown_outer_function")
    found = ways(picture.views["math"], 0, ["x1", "x2", "x3"], 3, 3)
    assert pairs(picture, found[2, 0]) == {("x1", "add_3"), ("add_3", "write_3")}
    engine = ways(picture.views["engine"], 0, ["x1", "x2", "x3"], 3, 3)
    assert ("write_1", "write_2") not in pairs(picture, engine[2, 0], "engine")


def test_a_large_jacobian_has_one_way_for_each_leaf() -> None:
    picture = visualize("y = x*x", values={"x": list(range(1, 11))}, gradient=[1] * 10)
    found = ways(picture.views["math"], 0, ["x"], 10, 10)
    assert len(set(found.values())) == 1
    assert pairs(picture, found[0, 9]) == {("x", "mul_1")}


def test_a_cut_is_on_no_way() -> None:
    picture = lesson_picture("detach")
    found = ways(picture.views["math"], 0, ["x"], 4, 1)
    assert pairs(picture, found[0, 3]) == {("x", "mul_2"), ("mul_2", "sum_1")}


def test_places_name_the_node_of_every_column_and_row() -> None:
    picture = lesson_picture("jacobian_of_Ax")
    starts, ends = places(picture.views["math"], 0, ["x"])
    assert starts == [("x", 0), ("x", 1), ("x", 2)]
    assert ends == [("matmul_1", 0), ("matmul_1", 1)]


def test_a_passage_stops_at_named_values() -> None:
    picture = visualize("c = a + b\nd = b + 1\ne = c*d", values={"a": 2, "b": 1})
    calls = {call.name: call for call in picture.run.calls}
    view = picture.views["math"]
    assert pairs(picture, passage(view, [calls["b"]], calls["e"])) == {
        ("b", "add_1"), ("add_1", "mul_1"), ("b", "add_2"), ("add_2", "mul_1"),
    }  # fmt: skip
    assert passage(view, [calls["b"]], calls["e"], list(calls.values())) == set()
