"""Work the page's logic, with the real engine behind it and no browser in front."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.page import APP, params, payload, trouble, visit
from vizgraph.lessons import Lesson, lessons, models
from vizgraph.ui import jobs, widgets
from vizgraph.worker.job import Job

pytestmark = pytest.mark.usefixtures("engine")


def board(at: AppTest) -> dict[str, Any]:
    return json.loads(at.get("bidi_component")[1].proto.json)


def leaf_gradients(at: AppTest, *leaves: str) -> list[str]:
    beats = payload(at)["views"]["math"]["beats"]
    return [[beat["gradients"][leaf] for beat in beats if leaf in beat["gradients"]][-1] for leaf in leaves]


def test_the_first_visit_shows_a_lesson_with_its_fields() -> None:
    at = visit()
    assert at.text_area(key="functions").value.startswith("y1 = x1*x2*x3")
    assert [at.text_input(key=f"value {name}").value for name in ("x1", "x2", "x3")] == ["1", "2", "3"]
    assert [at.text_input(key=f"seed {name}").value for name in ("y1", "y2", "y3")] == ["0.1", "0.2", "0.3"]
    assert [at.toggle(key=f"leaf {name}").value for name in ("x1", "x2", "x3")] == [True] * 3
    assert leaf_gradients(at, "x1", "x2", "x3") == ["1.1", "1.4", "1"]
    assert params(at) == {}
    assert not at.exception


def test_a_widget_begins_with_what_it_holds_for_a_browser_that_sees_it_only_in_the_second_run() -> None:
    at = visit().run()
    assert at.slider(key="slider x2").proto.default == [2.0]
    assert at.toggle(key="leaf x2").proto.default
    assert at.text_input(key="seed y2").proto.default == "0.2"
    at.text_input(key="value x2").set_value("5").run()
    assert at.slider(key="slider x2").proto.set_value  # and it is set again, should the browser have missed it
    assert at.run().slider(key="slider x2").proto.set_value


def test_a_value_typed_or_slid_is_run_and_written_into_the_address() -> None:
    at = visit()
    at.text_input(key="value x1").set_value("2").run()
    assert leaf_gradients(at, "x1", "x2", "x3") == ["1.1", "1.7", "1.2"]
    assert at.slider(key="slider x1").value == 2.0
    assert params(at) == {"lesson": "unknown_outer_function_math", "values": "x1~2"}
    at.slider(key="slider x1").set_value(-1.5).run()
    assert at.text_input(key="value x1").value == "-1.5"
    assert params(at)["values"] == "x1~-1.5"


def test_a_vector_has_a_field_and_no_slider() -> None:
    at = visit(lesson="squared_norm")
    assert at.text_input(key="value x").value == "[1, 2, 3]"
    assert not at.slider


def test_a_switch_makes_a_constant_of_a_leaf() -> None:
    at = visit(lesson="gates")
    at.toggle(key="leaf z").set_value(False).run()
    assert params(at) == {"lesson": "gates", "requires_grad": "x~y"}
    assert "z" not in {name for beat in payload(at)["views"]["math"]["beats"] for name in beat["gradients"]}
    at.toggle(key="leaf z").set_value(True).run()
    assert leaf_gradients(at, "x", "y", "z") == ["-4", "-4", "3"]


def test_an_upstream_gradient_is_typed_for_each_output() -> None:
    at = visit()
    at.text_input(key="seed y2").set_value("0").run()
    at.text_input(key="seed y3").set_value("0").run()
    assert leaf_gradients(at, "x1", "x2", "x3") == ["0.6", "0.3", "0.2"]
    assert params(at)["v"] == "y1~0.1~y2~0~y3~0"


def test_presets_write_the_upstream_gradient() -> None:
    at = visit()
    at.segmented_control(key="preset").set_value("ones").run()
    assert leaf_gradients(at, "x1", "x2", "x3") == ["8", "7", "5"]
    assert params(at)["v"] == "y1~1~y2~1~y3~1"
    at.segmented_control(key="preset").set_value("one_hot").run()
    assert leaf_gradients(at, "x1", "x2", "x3") == ["6", "3", "2"]
    at.selectbox(key="entry").set_value(2).run()
    assert leaf_gradients(at, "x1", "x2", "x3") == ["1", "3", "2"]
    assert [at.text_input(key=f"seed {name}").value for name in ("y1", "y2", "y3")] == ["0", "0", "1"]


def test_where_the_program_calls_backward_the_upstream_gradient_is_only_shown() -> None:
    at = visit(lesson="unknown_outer_function")
    field = at.text_input(key="seed y")
    assert (field.label, field.value, field.disabled) == ("Upstream gradient", "[0.1, 0.2, 0.3]", True)
    assert any("Line 10" in caption.value for caption in at.caption)
    assert at.code[0].value == "tensor(1.1000)\ntensor(1.4000)\ntensor(1.)"


def test_a_typing_error_keeps_the_graph_the_fields_and_the_step() -> None:
    at = visit()
    before = payload(at)
    at.text_area(key="functions").set_value("y1 = x1*x2*x3\ny2 = x1 + * x2").run()
    assert trouble(at).startswith("Line 2, column ")
    assert any("y2 = x1 + * x2" in code.value for code in at.code)
    assert payload(at) == before
    assert at.text_input(key="value x3").value == "3"
    at.text_area(key="functions").set_value("y1 = x1*x2").run()
    assert not trouble(at)
    assert payload(at)["key"] != before["key"]


def test_a_program_that_stops_before_it_has_a_graph_leaves_the_last_one_standing() -> None:
    at = visit()
    before = payload(at)
    at.text_area(key="functions").set_value("y = 1/0").run()
    assert "division by zero" in trouble(at)
    assert payload(at)["views"] == before["views"]
    at.text_area(key="functions").set_value("a = x*2\ny = a/0\nz = 1/0").run()
    assert "division by zero" in trouble(at)
    assert {"x", "a", "y"} == {
        node["title"] for node in payload(at)["views"]["math"]["nodes"].values()
    }  # what was made before the mistake is shown


def test_a_value_that_is_no_number_is_said_and_stays_in_its_field() -> None:
    at = visit(lesson="gates")
    at.text_input(key="value x").set_value("two").run()
    assert "x" in trouble(at)
    assert at.text_input(key="value x").value == "two"
    at.text_input(key="value x").set_value("-2").run()
    assert not trouble(at)


def test_an_upstream_gradient_of_another_shape_is_said_and_stays_in_its_field() -> None:
    at = visit(lesson="jacobian_of_Ax")
    at.text_input(key="seed y").set_value("[1, 2, 3]").run()
    assert any("shape" in element.value and "y" in element.value for element in at.text)
    assert at.text_input(key="seed y").value == "[1, 2, 3]"


def test_the_upstream_gradient_of_another_program_gives_way() -> None:
    at = visit(lesson="jacobian_of_Ax")
    at.text_area(key="functions").set_value("y = (A @ x).sum()").run()
    assert not trouble(at)
    assert at.text_input(key="seed y").value == "1"


def test_a_new_name_gets_a_field_and_keeps_the_other_values() -> None:
    at = visit(lesson="gates")
    at.text_area(key="functions").set_value("q = x + y\nf = q * z * k").run()
    assert at.text_input(key="value z").value == "-4"
    assert at.toggle(key="leaf k").value is True
    assert params(at)["program"] == "q = x + y\nf = q * z * k"
    assert "lesson" not in params(at)


def test_a_lesson_that_fails_shows_its_error_and_no_stale_numbers() -> None:
    at = visit(lesson="no_gradient_argument")
    assert "grad can be implicitly created only for scalar outputs" in trouble(at)
    assert not at.exception


def test_choosing_a_lesson_writes_it_into_the_address() -> None:
    at = visit()
    at.pills(key="lessons chain").set_value("gates").run()
    assert params(at) == {"lesson": "gates"}
    assert at.text_area(key="functions").value == "q = x + y\nf = q * z\n"
    assert at.pills(key="lessons gradient").value is None
    assert leaf_gradients(at, "x", "y", "z") == ["-4", "-4", "3"]


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
def test_every_lesson_opens_from_its_address(one: Lesson) -> None:
    at = visit(lesson=one.id)
    assert at.text_area(key="functions").value == one.program
    assert at.pills(key=f"lessons {one.group}").value == one.id
    assert bool(trouble(at)) == ("error" in one.expect)


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in models()])
def test_every_model_of_the_shelf_opens_with_one_click(one: Lesson) -> None:
    at = visit()
    at.pills(key="lessons models").set_value(one.id).run()
    assert params(at) == {"lesson": one.id}
    assert at.text_area(key="functions").value == one.program
    assert {one.text, one.question} <= {element.value for element in at.text}
    assert not at.exception


def test_a_model_opens_from_an_address_that_calls_it_a_model() -> None:
    at = visit(model="perceptron")
    assert at.pills(key="lessons models").value == "perceptron"
    assert "loss 0.7272" in [block.value for block in at.code]
    assert not at.exception


def test_what_a_browser_echoes_of_an_older_page_is_not_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that left the browser before it heard of the new lesson carries the old texts along."""
    monkeypatch.setattr(widgets, "ECHO_SECONDS", 1000.0)  # a busy machine takes longer than a person
    at = visit(lesson="gates")
    old = at.text_area(key="functions").value
    at.pills(key="lessons gradient").set_value("unknown_outer_function_math").run()
    new = at.text_area(key="functions").value
    at.text_area(key="functions").set_value(old).run()
    assert at.text_area(key="functions").value == new
    assert params(at) == {"lesson": "unknown_outer_function_math"}


def test_what_comes_late_with_something_else_is_not_typing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow browser may hear of the new lesson long after it was chosen, and tell the player's step before."""
    at = visit(lesson="gates")
    old = at.text_area(key="functions").value
    at.pills(key="lessons gradient").set_value("unknown_outer_function_math").run()
    new = at.text_area(key="functions").value
    monkeypatch.setattr(widgets, "ECHO_SECONDS", 0.0)
    at.text_area(key="functions").set_value(old)
    at.toggle(key="projector").set_value(True).run()
    assert at.text_area(key="functions").value == new
    assert params(at) == {"lesson": "unknown_outer_function_math", "projector": "1"}


def test_what_is_typed_back_by_itself_is_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    at = visit(lesson="gates")
    old = at.text_area(key="functions").value
    at.pills(key="lessons gradient").set_value("unknown_outer_function_math").run()
    monkeypatch.setattr(widgets, "ECHO_SECONDS", 0.0)
    at.text_area(key="functions").set_value(old).run()
    assert at.text_area(key="functions").value == old


def test_clicking_the_chosen_lesson_again_starts_it_over() -> None:
    at = visit(lesson="gates", values="x~7")
    assert at.text_input(key="value x").value == "7"
    at.pills(key="lessons chain").set_value(None).run()
    assert at.text_input(key="value x").value == "-2"
    assert at.pills(key="lessons chain").value == "gates"


def test_an_address_brings_everything_back() -> None:
    at = visit(
        program="y = a*b\nz = a + b", values="a~4~b~5", v="y~2~z~3", requires_grad="b", step="3", view="engine",
        projector="1",
    )  # fmt: skip
    assert [at.text_input(key=f"value {name}").value for name in "ab"] == ["4", "5"]
    assert [at.text_input(key=f"seed {name}").value for name in "yz"] == ["2", "3"]
    assert [at.toggle(key=f"leaf {name}").value for name in "ab"] == [False, True]
    assert leaf_gradients(at, "b") == ["11"]
    shown = payload(at)
    assert (shown["step"], shown["view"], shown["projector"]) == (3, "engine", True)


def test_what_makes_no_sense_in_an_address_is_left_out_with_a_note() -> None:
    at = visit(lesson="no_such_lesson", step="-3", view="<svg onload=alert(1)>", values="x1~2")
    assert at.text_input(key="value x1").value == "2"
    note = at.caption[-1].value
    assert all(name in note for name in ("lesson", "step", "view"))
    assert "svg" not in note


def test_a_program_that_is_too_long_for_an_address_says_so() -> None:
    at = visit()
    at.text_area(key="functions").set_value("y = x1\n" + "y = y*(x2 + 1)\n" * 400).run()
    assert any("too long for the address" in caption.value for caption in at.caption)
    assert "program" not in params(at)
    assert payload(at)["views"]


def test_markup_in_a_program_stays_text() -> None:
    at = visit(program="y = '<img src=x onerror=alert(1)>' **bold** :red[x]")
    shown = [element.value for element in (*at.markdown, *at.caption)]
    assert not any("img" in text or "bold" in text for text in shown)
    assert trouble(at)


def test_a_mistake_of_ours_ends_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/home/somebody/secret.py")

    monkeypatch.setattr("vizgraph.ui.gallery.show", broken)
    at = visit()
    assert [element.value for element in at.text] == [
        "Something in this page failed, and it is not your program. Reload the page to go on."
    ]
    assert not at.exception


def test_the_page_never_loads_torch() -> None:
    script = (
        "import sys\nfrom streamlit.testing.v1 import AppTest\n"
        f"at = AppTest.from_file({APP!r}, default_timeout=20).run()\n"
        "assert not at.exception\n"
        "print(sorted({'torch', 'sympy', 'pygraphviz'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_board_whose_job_was_stopped_for_a_newer_one_is_asked_for_again() -> None:
    at = visit()
    sitting = at.session_state["sitting"]
    assert sitting.rest is None
    stopped = Job(0, sitting.asked, None, lambda job: None)
    stopped.finish("replaced")
    sitting.rest, sitting.board = stopped, None
    at.run()
    sections = [section["id"] for section in board(at)["sections"]]
    assert sections == ["functions", "chain", "product", "steps", "checks"]


def test_a_board_that_could_not_be_made_says_why() -> None:
    stopped = Job(0, {}, None, lambda job: None)
    stopped.finish("crash")
    found = jobs.board(stopped)
    assert (found["sections"], found["note"]) == ([], "The program made the calculation crash.")
    assert found["words"]["board.board"] == "The derivation"


def test_an_outer_function_is_part_of_the_address_and_comes_back() -> None:
    at = visit(lesson="unknown_outer_function_math", outer="y1**2 + y2 - y3")
    assert payload(at)["outer"]["text"] == "A = y1**2 + y2 - y3"
    assert leaf_gradients(at, "x1", "x2", "x3") == ["72", "34", "23"]  # (2 y1, 1, -1) times the Jacobian, y1 = 6
    assert params(at)["outer"] == "y1**2 + y2 - y3"


def test_an_outer_function_in_an_address_that_fits_no_output_is_left_out() -> None:
    at = visit(lesson="unknown_outer_function_math", outer="q**2 + y[")
    assert payload(at)["views"]["math"]["beats"]
    assert "outer" not in payload(at)
