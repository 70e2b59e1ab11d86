"""The cards of nodes and edges: what they say at every step."""

from __future__ import annotations

from typing import Any

import pytest

from tests.handmade import Sketch, gates, matrix
from vizgraph import views
from vizgraph.model import Matrix, Ref, Run
from vizgraph.telling.cards import Cards, matrix_text, passes_of
from vizgraph.telling.timeline import compose


def cards_of(run: Run, name: str = "math") -> dict[str, dict[str, Any]]:
    """Every card of a view by its node or edge."""
    view = {"math": views.math, "engine": views.engine}[name](run)
    timeline = compose(view, run)
    cards = Cards(view, timeline, "en", passes_of(timeline))
    return {
        "nodes": {node.id: cards.node(node) for node in view.graph.nodes},
        "edges": {edge.id: cards.edge(edge) for edge in view.graph.edges},
    }


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


def test_a_card_says_what_a_node_is() -> None:
    card = cards_of(gates())["nodes"]["q"]
    assert card["title"] == "q"
    assert row(card, "name") == "q"
    assert row(card, "operation") == "add"
    assert row(card, "expression") == "x + y"
    assert row(card, "value") == "3"
    assert row(card, "shape") == "scalar"
    assert row(card, "dtype") == "float32"


def test_a_card_hears_of_gradients_with_the_beat_that_shows_them() -> None:
    shown, beats = cards_of(gates()), compose(views.math(gates()), gates()).beats
    arrives = next(i for i, beat in enumerate(beats) if "q__f__0" in dict(beat.contributions))
    upstream = row(shown["nodes"]["q"], "upstream gradient")
    assert at(upstream, arrives - 1) is None
    assert at(upstream, arrives) == "-4"
    assert at(row(shown["nodes"]["q"], "contribution from f"), arrives) == "-4"
    assert at(row(shown["nodes"]["f"], "contribution to q"), arrives) == "-4"
    assert row(shown["nodes"]["f"], "local Jacobian to q") == "-4"
    assert row(shown["nodes"]["f"], "local Jacobian to z") == "3"


def test_a_leaf_ends_with_its_gradient() -> None:
    shown = cards_of(gates())
    gradients = {name: at(row(shown["nodes"][name], "gradient"), 99) for name in ("x", "y", "z")}
    assert gradients == {"x": "-4", "y": "-4", "z": "3"}


def test_the_card_of_an_edge_has_its_ends_its_jacobian_and_its_contribution() -> None:
    card = cards_of(gates())["edges"]["z__f__1"]
    assert card["title"] == "z → f"
    assert (row(card, "from"), row(card, "to"), row(card, "input number")) == ("z", "f", "1")
    assert row(card, "local Jacobian") == "3"
    assert at(row(card, "contribution"), 99) == "3"


def test_a_second_pass_begins_with_nothing_but_what_the_leaves_hold() -> None:
    shown, beats = cards_of(doubled()), compose(views.math(doubled()), doubled()).beats
    again = [i for i, beat in enumerate(beats) if beat.kind == "seed"][1]
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
    card = cards_of(sketch.run("y"), "engine")["nodes"]["y"]
    everything = "[" + ", ".join(f"{number:.4g}" for number in numbers) + "]"
    assert at(row(card, "upstream gradient"), 99) == everything
    assert row(card, "value") == everything


@pytest.mark.parametrize(
    ("matrix", "text"),
    [
        (Matrix(1, 1, (0.5,)), "0.5"),
        (Matrix(1, 3, (1.0, 2.0, 3.0)), "[[1, 2, 3]]"),
        (Matrix(3, 1, (1.0, 2.0, 3.0)), "[[1],\n [2],\n [3]]"),
    ],
)
def test_a_jacobian_reads_row_by_row(matrix: Matrix, text: str) -> None:
    assert matrix_text(matrix) == text
