"""A node says its name, what made it, its value and shape, in rows that fit."""

from dataclasses import replace

import pytest

from tests.drawn import detached, gates, node, painted
from vizgraph.drawing import faces
from vizgraph.model import Beat, Graph, Timeline, Value, View
from vizgraph.notation import metrics
from vizgraph.telling.captions import Captions


def written(face: faces.Face) -> list[list[str]]:
    """The rows of a face as texts."""
    return [[side[1] for side in (row.left, row.right) if side] for row in face.rows]


def one(made: object, view: str = "math", *beats: Beat) -> faces.Face:
    graph = Graph((made,), (), ())  # type: ignore[arg-type]
    (face,) = painted((View(view, graph, (), ()), Timeline(beats))).values()  # type: ignore[arg-type]
    return face


def test_an_operation_shows_its_name_and_formula_then_what_it_is_and_its_number() -> None:
    face = painted(gates())["mul_1"]
    assert written(face) == [["f = q * z"], ["mul", "-12"]]


def test_the_engine_view_names_the_autograd_function() -> None:
    face = painted(gates("engine"))["mul_1"]
    assert written(face) == [["f = q * z", "-12"], ["MulBackward0"]]


def test_a_tensor_shows_its_shape_beside_and_its_value_below() -> None:
    face = painted(detached())["mul_1"]
    assert written(face) == [["y = x * x"], ["mul", "(4,)"], ["[0, 1, 4, 9]"]]


def test_shape_and_value_stand_beside_the_names_where_the_gradient_takes_that_width_anyway() -> None:
    face = painted(detached())["mul_3"]
    assert written(face) == [["z = 2 * u * x", "(4,)"], ["mul", "[0, 2, 16, 54]"]]


def test_a_literal_says_its_number_once() -> None:
    assert written(painted(detached())["two"]) == [["2"]]


def test_how_a_leaf_was_made_is_left_out() -> None:
    leaf = node("x", "leaf", name="x", expression="torch.tensor([1.0])", entries=(1.0,))
    assert written(one(leaf)) == [["x", "1"]]


def test_an_index_write_names_its_own_place() -> None:
    write = node("w", name="y", expression="y[0] = x1 * x2", operation="write")
    assert written(one(write)) == [["y[0] = x1 * x2"], ["write"]]


def test_a_long_formula_ends_in_an_ellipsis() -> None:
    face = one(node("m", name="f", expression="_".join(f"x{i}" for i in range(40))))
    assert written(face)[0] == ["f = x0_x1_x2_x3_x4_x5…"]


def test_a_box_says_what_the_sentences_say() -> None:
    long = node("m", expression="torch.exp(-(w0*x0 + w1*x1))")
    view = View("math", Graph((long,), (), ()), (), ())
    assert written(one(long))[0] == [Captions(view).value("m")] == ["exp(…)"]


def test_versions_of_a_name_are_numbered_on_their_boxes_too() -> None:
    nodes = (
        node("m1", name="y", expression="x * x"),
        node("m2", name="y", expression="y[0] = x", operation="write"),
    )
    found = painted((View("engine", Graph(nodes, (), ()), (), ()), Timeline(())))
    assert [written(found[id])[0] for id in ("m1", "m2")] == [["y₁ = x * x"], ["y₂[0] = x"]]


def test_a_name_that_leaves_no_room_stands_without_its_formula() -> None:
    assert written(one(node("m", name="a_name_of_20_letters", expression="x * x")))[0] == ["a_name_of_20_letters"]


def test_a_large_tensor_shows_its_shape_and_range() -> None:
    large = replace(node("m", shape=(30, 40)), value=Value((30, 40), "float32", None, -1.2, 3.4, 9.0))
    assert written(one(large)) == [["mul", "30×40, -1.2 … 3.4"]]


def test_a_node_that_never_gets_a_gradient_keeps_no_row_for_it() -> None:
    face = painted(detached())["mul_1"]
    assert face.label is None
    assert face.height < painted(detached())["x"].height


@pytest.mark.parametrize("text", ["0.1", "[0.1, 0.2, 0.3] + [0.4, 0.5, 0.6]", "梯度 0.1"])
def test_the_box_has_room_for_the_widest_gradient_of_any_beat(text: str) -> None:
    beats = Beat("a", "", "", gradients=(("m", text),)), Beat("b", "", "", gradients=(("m", "1"),))
    face = one(node("m", name="m"), "math", *beats)
    assert face.width >= metrics.width(f"grad {text}", faces.TEXT) + 2 * faces.PAD


def test_every_row_fits_its_box() -> None:
    for drawn in (gates(), gates("engine"), detached()):
        for face in painted(drawn).values():
            for texts in written(face):
                assert metrics.width(" ".join(texts), faces.TEXT) <= face.width - 2 * faces.PAD


def test_leaves_are_equally_wide() -> None:
    beats = (Beat("leaf", "", "", gradients=(("x", "[0.1, 0.2, 0.3, 0.4]"),)),)
    view, _ = gates()
    found = painted((view, Timeline(beats)))
    assert found["x"].width == found["y"].width == found["z"].width


def test_a_new_pass_wipes_all_texts_but_those_of_leaves() -> None:
    view, timeline = gates()
    again = Timeline((*timeline.beats, Beat("seed", "", "", gradients=(("mul_1", "2"),), clears=True)))
    texts = faces.texts(view.graph, again)
    assert texts.gradients == {"x": "-4", "y": "-4", "z": "3", "mul_1": "2"}
    assert texts.contributions == {}
    assert texts.edge_cells["e3"] == len("1 × -4 = -4")
