"""The payload: JSON that holds every beat, and cards that tell only what has arrived."""

from __future__ import annotations

import json
from typing import Any

from tests.handmade import Sketch, gates
from vizgraph import player, views
from vizgraph.model import Beat, Drawing, Ref, Run, Timeline
from vizgraph.telling.timeline import compose


def payload(run: Run, **options: Any) -> dict[str, Any]:
    """Everything but the drawing is real; a drawing is only passed on."""
    shown = {"math": views.math(run), "engine": views.engine(run)}
    timelines = {name: compose(view, run) for name, view in shown.items()}
    drawings = {name: Drawing(name, f"<svg>{name}</svg>", 100.0, 50.0) for name in shown}
    return player.payload(run, shown, timelines, drawings, **options)


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


def test_the_key_follows_the_graph_and_not_its_numbers() -> None:
    def run(x: float, operation: str = "mul") -> Run:
        sketch = Sketch()
        sketch.leaf("x", x)
        sketch.operation("y", operation, (Ref("x"), Ref("x")), x * x, name="y", inputs=("x", "x"))
        return sketch.run("y")

    assert payload(run(2.0))["key"] == payload(run(3.0))["key"]
    assert payload(run(2.0))["key"] != payload(run(2.0, "add"))["key"]
    assert payload(run(2.0), key="mine")["key"] == "mine"


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
