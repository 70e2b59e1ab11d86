"""The payload: JSON that holds every beat, and cards that tell only what has arrived."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.handmade import Sketch, gates, matrix
from vizgraph import player, views
from vizgraph.model import Beat, Drawing, Matrix, Ref, Run, Timeline
from vizgraph.timeline import compose


def payload(run: Run, **options: Any) -> dict[str, Any]:
    """Everything but the drawing is real; a drawing is only passed on."""
    shown = {"math": views.math(run), "engine": views.engine(run)}
    timelines = {name: compose(view, run) for name, view in shown.items()}
    drawings = {name: Drawing(name, f"<svg>{name}</svg>", 100.0, 50.0) for name in shown}
    return player.payload(run, shown, timelines, drawings, **options)


def row(card: dict[str, Any], label: str) -> Any:
    found = [text for name, text in card["rows"] if name == label]
    assert len(found) == 1, f"{label} in {[name for name, _ in card['rows']]}"
    return found[0]


def at(history: list[list[Any]], step: int) -> str | None:
    """What a changing text says at a step, read as docs/ARCHITECTURE.md says it."""
    said = [text for since, text in history if since <= step]
    return said[-1] if said else None


def doubled() -> Run:
    """y = 3 x at x = 2, with backward called twice: .grad is 3, then 6."""
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    sketch.operation("y", "mul", (3.0, Ref("x")), 6.0, expression="3 * x", name="y", inputs=("x",))
    told = [("y", 1.0, {"x__y__0": (3.0, matrix([3]))}), ("x", 3.0, {})]
    sketch.backward({"y": 1.0}, told)
    sketch.backward({"y": 1.0}, told, before={"x": 3.0})
    return sketch.run("y")


def test_it_is_json_without_nan() -> None:
    text = json.dumps(payload(gates()), allow_nan=False)
    assert json.loads(text) == payload(gates())


def test_it_holds_both_views_with_their_drawings() -> None:
    data = payload(gates(), view="engine", step=2)
    assert (data["version"], data["view"], data["step"]) == (1, "engine", 2)
    assert {name: view["svg"] for name, view in data["views"].items()} == {
        "math": "<svg>math</svg>",
        "engine": "<svg>engine</svg>",
    }
    assert (data["views"]["math"]["width"], data["views"]["math"]["height"]) == (100.0, 50.0)


def test_every_beat_arrives_with_its_texts_by_id() -> None:
    run = gates()
    view = views.math(run)
    beats = payload(run)["views"]["math"]["beats"]
    told = compose(view, run).beats
    assert [beat["sentence"] for beat in beats] == [beat.sentence for beat in told]
    assert [beat["contributions"] for beat in beats] == [dict(beat.contributions) for beat in told]
    assert set(beats[0]) == {field for field in Beat.__slots__}  # noqa: C416


def test_every_node_and_edge_has_a_card() -> None:
    run = gates()
    shown = payload(run)["views"]["engine"]
    assert set(shown["nodes"]) == {node.id for node in run.graph.nodes}
    assert set(shown["edges"]) == {edge.id for edge in run.graph.edges}


def test_the_words_of_the_player_come_along() -> None:
    words = payload(gates())["words"]
    assert words["player.play"] == "Play"
    assert {name.split(".")[0] for name in words} <= {"player", "card", "number"}


def test_a_card_says_what_a_node_is() -> None:
    card = payload(gates())["views"]["math"]["nodes"]["q"]
    assert card["title"] == "q"
    assert row(card, "name") == "q"
    assert row(card, "operation") == "add"
    assert row(card, "expression") == "x + y"
    assert row(card, "value") == "3"
    assert row(card, "shape") == "scalar"
    assert row(card, "dtype") == "float32"


def test_a_card_hears_of_gradients_with_the_beat_that_shows_them() -> None:
    shown = payload(gates())["views"]["math"]
    arrives = next(i for i, beat in enumerate(shown["beats"]) if "q__f__0" in beat["contributions"])
    upstream = row(shown["nodes"]["q"], "upstream gradient")
    assert at(upstream, arrives - 1) is None
    assert at(upstream, arrives) == "-4"
    assert at(row(shown["nodes"]["q"], "contribution from f"), arrives) == "-4"
    assert at(row(shown["nodes"]["f"], "contribution to q"), arrives) == "-4"
    assert row(shown["nodes"]["f"], "local Jacobian to q") == "-4"
    assert row(shown["nodes"]["f"], "local Jacobian to z") == "3"


def test_a_leaf_ends_with_its_gradient() -> None:
    shown = payload(gates())["views"]["math"]
    gradients = {name: at(row(shown["nodes"][name], "gradient"), 99) for name in ("x", "y", "z")}
    assert gradients == {"x": "-4", "y": "-4", "z": "3"}


def test_the_card_of_an_edge_has_its_ends_its_jacobian_and_its_contribution() -> None:
    card = payload(gates())["views"]["math"]["edges"]["z__f__1"]
    assert card["title"] == "z → f"
    assert (row(card, "from"), row(card, "to"), row(card, "input number")) == ("z", "f", "1")
    assert row(card, "local Jacobian") == "3"
    assert at(row(card, "contribution"), 99) == "3"


def test_a_second_pass_begins_with_nothing_but_what_the_leaves_hold() -> None:
    shown = payload(doubled())["views"]["math"]
    again = [i for i, beat in enumerate(shown["beats"]) if beat["kind"] == "seed"][1]
    contribution = row(shown["edges"]["x__y__0"], "contribution")
    assert at(contribution, again - 1) == "3"
    assert at(contribution, again) is None
    assert at(contribution, 99) == "3"
    gradient = row(shown["nodes"]["x"], "gradient")
    assert at(gradient, again) == "3"
    assert at(gradient, 99) == "6"


def test_a_card_writes_out_what_a_beat_abbreviates() -> None:
    sketch = Sketch()
    numbers = [i / 8 for i in range(1, 13)]
    sketch.leaf("x", numbers)
    sketch.operation("y", "mul", (Ref("x"), Ref("x")), numbers, expression="x * x", name="y", inputs=("x",))
    sketch.backward({"y": numbers}, [("y", numbers, {})])
    card = payload(sketch.run("y"))["views"]["engine"]["nodes"]["y"]
    everything = "[" + ", ".join(f"{number:.4g}" for number in numbers) + "]"
    assert at(row(card, "upstream gradient"), 99) == everything
    assert row(card, "value") == everything


def test_the_key_follows_the_graph_and_not_its_numbers() -> None:
    def run(x: float, operation: str = "mul") -> Run:
        sketch = Sketch()
        sketch.leaf("x", x)
        sketch.operation("y", operation, (Ref("x"), Ref("x")), x * x, name="y", inputs=("x", "x"))
        return sketch.run("y")

    assert payload(run(2.0))["key"] == payload(run(3.0))["key"]
    assert payload(run(2.0))["key"] != payload(run(2.0, "add"))["key"]
    assert payload(run(2.0), key="mine")["key"] == "mine"


@pytest.mark.parametrize(
    ("matrix", "text"),
    [
        (Matrix(1, 1, (0.5,)), "0.5"),
        (Matrix(1, 3, (1.0, 2.0, 3.0)), "[[1, 2, 3]]"),
        (Matrix(3, 1, (1.0, 2.0, 3.0)), "[[1],\n [2],\n [3]]"),
    ],
)
def test_a_jacobian_reads_row_by_row(matrix: Matrix, text: str) -> None:
    assert player.matrix_text(matrix) == text


def test_a_run_without_any_pass_has_cards_too() -> None:
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    run = sketch.run("x")
    timeline = Timeline((Beat("start", "", ""),))
    drawing = Drawing("engine", "", 1.0, 1.0)
    data = player.payload(
        run, {"engine": views.engine(run)}, {"engine": timeline}, {"engine": drawing}, view="engine"
    )  # fmt: skip
    assert data["views"]["engine"]["nodes"]["x"]["title"] == "x"
