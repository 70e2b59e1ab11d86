"""An outer function that is typed sends its gradient at the outputs, and that is v."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from vizgraph import engine, language, outer, pipeline
from vizgraph.errors import VizgraphError

PROGRAM = "y1 = x1*x2*x3\ny2 = x1 + x2 + x3\ny3 = x1 + x2*x3"
VALUES = {"x1": 1, "x2": 2, "x3": 3}


def asked(text: str, program: str = PROGRAM, values: dict[str, Any] | None = None) -> outer.Outer:
    return outer.ask(engine.run(language.parse(program), VALUES if values is None else values), text)


def player(text: str) -> dict[str, Any]:
    job = {"source": PROGRAM, "values": VALUES, "outer": text, "want": ["form", "player"], "layout": "rows"}
    return dict(pipeline.stages(job))


def test_v_is_torchs_gradient_of_the_outer_function_at_the_outputs() -> None:
    y = torch.tensor([6.0, 6.0, 7.0], requires_grad=True)
    (torch.log(y[0]) + y[1] * y[2]).backward()
    assert y.grad is not None
    assert list(asked("log(y1) + y2*y3").gradient.values()) == pytest.approx(y.grad.tolist())


def test_the_function_may_have_a_name_and_need_not_use_every_output() -> None:
    assert asked("L = y1**2").gradient == {"y1": 12.0, "y2": 0.0, "y3": 0.0}


def test_a_vector_and_a_matrix_get_a_gradient_of_their_shape() -> None:
    assert asked("(y * y).sum()", "y = 2 * x", {"x": [1, 2]}).gradient == {"y": [4.0, 8.0]}
    assert asked("y.trace()", "y = 2 * x", {"x": [[1, 2], [3, 4]]}).gradient == {"y": [[1.0, 0.0], [0.0, 1.0]]}


def test_the_leaves_then_hold_the_gradient_of_the_whole() -> None:
    x = [torch.tensor(number, requires_grad=True) for number in (1.0, 2.0, 3.0)]
    y1, y2, y3 = x[0] * x[1] * x[2], x[0] + x[1] + x[2], x[0] + x[1] * x[2]
    (y1 * y2 - y3).backward()
    beats = player("y1*y2 - y3")["player"]["views"]["math"]["beats"]
    found = beats[-1]["gradients"]
    assert [found[leaf] for leaf in ("x1", "x2", "x3")] == [f"{one.grad:g}" for one in x]


def test_the_page_gets_the_ghost_graph_with_its_numbers() -> None:
    made = player("log(y1) + y2*y3")["player"]["outer"]
    assert made["text"] == "A = log(y1) + y2*y3"
    assert made["svg"].startswith("<svg")
    assert all(text in made["svg"] for text in (">y1<", ">0.1667<", "log(y1)"))
    assert "<style" not in made["svg"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x1 * 2", "a function of the outputs alone"),
        ("3", "a function of the outputs alone"),
        ("y1 +", "the outer function: "),
        ("open('x')", "a function of the outputs alone"),
        ("y1.__class__", "the outer function: "),
        ("[y1, y2]", "must give one number"),
        ("log(-y1) * ", "the outer function: "),
    ],
)
def test_what_is_no_outer_function_is_refused_with_a_reason(text: str, said: str) -> None:
    with pytest.raises(VizgraphError, match=said):
        asked(text)
    assert said in player(text)["refused"]["message"]


def test_a_program_that_places_its_own_v_has_no_room_for_one() -> None:
    source = "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x * x\ny.backward()"
    with pytest.raises(VizgraphError, match="places v itself"):
        asked("y", source, {})
