"""Hold the desk to what a visitor means when they type, switch and choose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vizgraph.lessons import lessons
from vizgraph.ui import desk as desks
from vizgraph.ui.desk import Desk
from vizgraph.ui.forms import Form, Input, Output

TWO = Form(
    inputs=(Input("a", "2", (), True), Input("b", "3", (), True)),
    outputs=(Output("y1", (), "1", "1"), Output("y2", (2,), "[1, 1]", "[1, 1]")),
)
ONE = replace(TWO, outputs=(Output("y", (), "1", "1"),))
DESK = Desk("y1 = a*b\ny2 = stack(a, b)", lesson="gates", values={"a": "2"})


@pytest.mark.parametrize("lesson", [pytest.param(one, id=one.id) for one in lessons()])
def test_a_lesson_lays_out_its_own_numbers(lesson):
    desk = desks.of_lesson(lesson)
    assert (desk.program, desk.requires_grad) == (lesson.program, lesson.requires_grad)
    assert set(desk.values) == set(lesson.values)
    assert (desk.preset == "ones") == (lesson.gradient is None) == (desk.gradient is None)


def test_another_text_is_not_the_lesson_any_more_but_keeps_the_values():
    desk = desks.with_program(DESK, "y = a")
    assert (desk.program, desk.lesson, desk.values) == ("y = a", None, {"a": "2"})


def test_a_preset_is_made_anew_for_another_text_and_typed_numbers_are_kept():
    hot = desks.with_preset(DESK, TWO, "one_hot", 2)
    assert hot.gradient == {"y1": "0", "y2": "[0, 1]"}
    assert desks.with_program(hot, "y = a").gradient is None
    typed = desks.with_seed(DESK, TWO, "y1", "0.5")
    assert desks.with_program(typed, "y = a").gradient == {"y1": "0.5", "y2": "[1, 1]"}


def test_one_hot_is_written_for_the_outputs_of_the_new_form():
    desk = desks.with_program(desks.with_preset(DESK, TWO, "one_hot", 1), "y = a*b")
    assert desks.settle(desk, ONE).gradient == "0"
    assert desks.settle(replace(desk, entry=0), ONE).gradient == "1"
    assert desks.settle(desk, replace(ONE, own_backward=True)).gradient is None


def test_a_name_that_a_new_text_brings_is_a_leaf_beside_switched_ones():
    desk = desks.with_leaf(DESK, TWO, "b", on=False)
    assert desk.requires_grad == ("a",)
    form = replace(TWO, inputs=(*TWO.inputs, Input("c", "1", (), False)))
    assert desks.settle(desk, form).requires_grad == ("a", "c")
    assert desks.settle(desks.settle(desk, form), form).requires_grad == ("a", "c")


def test_the_leaves_that_an_address_or_a_lesson_lists_are_taken_literally():
    desk = replace(DESK, requires_grad=("b", "gone"))
    assert desks.settle(desk, TWO).requires_grad == ("b",)


def test_without_any_switch_all_names_are_leaves():
    assert desks.settle(DESK, TWO).requires_grad is None


def test_a_single_output_takes_a_text_and_several_take_one_each():
    assert desks.with_seed(DESK, ONE, "y", "3").gradient == "3"
    assert desks.with_seed(DESK, TWO, "y2", "[3, 4]").gradient == {"y1": "1", "y2": "[3, 4]"}


def test_the_fields_show_what_was_typed_even_where_it_is_wrong():
    desk = desks.with_seed(DESK, TWO, "y2", "[3, oops")
    assert [desks.seed_text(desk, TWO, one) for one in TWO.outputs] == ["1", "[3, oops"]
    assert desks.seed_text(desks.with_seed(DESK, ONE, "y", "oops"), ONE, ONE.outputs[0]) == "oops"
    assert desks.value_text(desks.with_value(DESK, "a", "2..5"), "a", "2") == "2..5"


def test_what_fits_of_a_typed_gradient_survives_another_output():
    typed = desks.with_seed(DESK, TWO, "y2", "[3, 4]")
    new = replace(TWO, outputs=(*TWO.outputs, Output("y3", (), "1", "1")))
    bare = desks.without_gradient(typed)
    assert (bare.gradient, bare.preset) == (None, "ones")
    fitted = desks.fitted(bare, typed, TWO, new)
    assert (fitted.gradient, fitted.preset) == ({"y1": "1", "y2": "[3, 4]", "y3": "1"}, "custom")
    other = replace(TWO, outputs=(Output("z", (), "1", "1"), Output("w", (), "1", "1")))
    assert desks.fitted(bare, typed, TWO, other) == bare


def test_ones_and_custom_leave_the_fields_to_the_engine_and_to_the_visitor():
    hot = desks.with_preset(DESK, TWO, "one_hot", 0)
    assert desks.with_preset(hot, TWO, "ones").gradient is None
    assert desks.with_preset(hot, TWO, "custom").gradient == hot.gradient


def test_a_job_is_what_the_engine_takes():
    desk = desks.with_leaf(desks.with_seed(DESK, TWO, "y1", "2"), TWO, "a", on=False)
    assert desks.job(desk) == {
        "source": DESK.program,
        "values": {"a": "2"},
        "requires_grad": ["b"],
        "gradient": {"y1": "2", "y2": "[1, 1]"},
        "want": ["form", "player"],
    }


def test_a_v_that_was_dragged_stands_in_the_fields_of_its_outputs() -> None:
    form = Form(outputs=(Output("y1", (), "1"), Output("Y", (2, 2), "[[1, 1], [1, 1]]")))
    found = desks.with_v(Desk("…"), form, 7, [[0.1], [1.0, -2.5, 1 / 3, 0.0]])
    assert found.gradient == {"y1": "0.1", "Y": "[[1, -2.5], [0.3333333, 0]]"}
    assert (found.preset, found.heard, found.outer) == ("custom", 7, None)


def test_a_v_that_does_not_fit_the_outputs_changes_nothing() -> None:
    form = Form(outputs=(Output("y", (2,), "[1, 1]"),))
    desk = Desk("…", gradient="[3, 4]", preset="custom")
    assert desks.with_v(desk, form, 7, [[1.0]]) == replace(desk, heard=7)
    assert desks.with_v(desk, replace(form, own_backward=True), 7, [[1.0, 2.0]]) == replace(desk, heard=7)


def test_an_outer_function_gives_v_until_v_is_given_by_hand() -> None:
    form = Form(outputs=(Output("y", (), "1"),))
    desk = desks.with_outer(Desk("…", gradient="3", preset="custom"), 5, "y**2")
    assert desks.job(desk)["outer"] == "y**2"
    assert desk.gradient is None
    assert "outer" not in desks.job(desks.with_seed(desk, form, "y", "2"))
    assert "outer" not in desks.job(desks.with_preset(desk, form, "ones"))
    assert "outer" not in desks.job(desks.with_v(desk, form, 6, [[2.0]]))
    assert "outer" not in desks.job(desks.with_program(desk, "z = x"))


def test_a_value_that_was_dragged_stands_in_its_field() -> None:
    form = Form(inputs=(Input("a", "2", (), True), Input("w", "[1, 2]", (2,), True)))
    assert desks.with_entries(Desk("…"), form, 3, "a", [-0.25]).values == {"a": "-0.25"}
    assert desks.with_entries(Desk("…"), form, 3, "w", [1.0, 2.5]).values == {"w": "[1, 2.5]"}
    for name, entries in (("w", [1.0]), ("b", [1.0])):  # an earlier program's
        assert desks.with_entries(Desk("…"), form, 3, name, entries) == replace(Desk("…"), heard=3)


PASTED = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x * x\ny.backward(torch.ones(2))\n"


def test_numbers_that_are_put_into_the_program_leave_it_of_its_kind() -> None:
    desk = Desk(PASTED, lesson="gates")
    first = desks.with_seed_written(desk, 3, 4, [2], [0.5, -1.0])
    assert "y.backward(torch.tensor([0.5, -1.0]))" in first.program
    second = desks.with_numbers_written(first, 4, 2, "x", [2], [3.0, 2.0])
    assert "x = torch.tensor([3.0, 2.0], requires_grad=True)" in second.program
    assert (second.lesson, second.heard, second.kin) == (None, 4, PASTED)
    assert desks.with_program(second, "y = x").kin is None


def test_numbers_without_a_place_in_the_program_change_nothing() -> None:
    desk = Desk(PASTED, lesson="gates")
    assert desks.with_seed_written(desk, 3, 3, [2], [0.5, -1.0]) == replace(desk, heard=3)
    assert desks.with_numbers_written(desk, 3, 2, "y", [2], [0.5, -1.0]) == replace(desk, heard=3)
