"""One selection, four views, for every lesson: what the engine recorded says which edges and lines there must be."""

from __future__ import annotations

import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_numbers_js import node
from vizgraph import visualize
from vizgraph.lessons import Lesson, lessons
from vizgraph.visualization import Visualization

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
DERIVED = [one for one in lessons() if "error" not in one.expect]

SELECT = """
const { selectPick, selectEdges, selectLine, selectBeat } = await import("URL");
const lists = (found) => Object.fromEntries(Object.entries(found).map(([kind, items]) => [kind, [...items]]));
const each = (items, select) => Object.fromEntries(items.map((item) => [item, lists(select(item))]));
answer(read().map(({ board, view, beats, edges, lines }) => ({
  picks: each(Object.keys(board.picks), (key) => selectPick(board, view, key)),
  edges: each(edges, (id) => selectEdges(board, view, [id])),
  lines: each(lines, (line) => selectLine(board, view, line)),
  beats: beats.map((beat) => lists(selectBeat(board, view, beat))),
})));
"""


@pytest.fixture(scope="module")
def pictures() -> list[Visualization]:
    return [drawn(one) for one in DERIVED]


IN_VAIN = {("unrolled_rnn", "mul_1__add_1__0")}  # behind it stands w * 0: nothing of what it carries arrives anywhere


def drawn(one: Lesson) -> Visualization:
    return visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)


def told(picture: Visualization, name: str) -> list[dict[str, Any]]:
    """The beats of the pass that the board is about."""
    beats: list[dict[str, Any]] = picture.payload()["views"][name]["beats"]
    number, found, passed = picture.board["numbers"]["pass"], [], -1
    for beat in beats:
        passed += beat["kind"] == "seed"
        if passed == number and beat["kind"] in ("seed", "multiply", "accumulate", "add", "reach"):
            found.append(beat)
    return found


def carried(picture: Visualization, name: str) -> list[str]:
    """The edges that carried something but zeros in that pass."""
    one = picture.views[name].passes[picture.board["numbers"]["pass"]]
    items = [item for step in one.steps for item in step.contributions]
    return [item.edge for item in items if item.gradient is not None and any(item.gradient.entries or ())]


def lines_of(picture: Visualization, name: str) -> dict[str, int]:
    return {one.id: one.span.line for one in picture.views[name].graph.nodes if one.span and one.kind != "constant"}


@pytest.mark.parametrize("name", ["math", "engine"])
def test_whatever_is_selected_lights_the_other_three(name: str, pictures: list[Visualization], tmp_path: Path) -> None:
    asked = [
        {
            "board": picture.board,
            "view": name,
            "beats": told(picture, name),
            "edges": carried(picture, name),
            "lines": sorted(set(lines_of(picture, name).values())),
        }
        for picture in pictures
    ]
    answers = node(SELECT, "board.js", asked, tmp_path)
    for lesson, picture, ask, found in zip(DERIVED, pictures, asked, answers, strict=True):
        places, ends = lines_of(picture, name), {edge.id: edge for edge in picture.views[name].graph.edges}
        for id, lit in found["edges"].items():
            assert id in lit["edges"], lesson.id
            assert any(key.startswith("c") for key in lit["picks"]) or (lesson.id, id) in IN_VAIN, (lesson.id, id)
            assert any(key[0] in "flp" for key in lit["picks"]), (lesson.id, id)
            target = ends[id].target
            assert target not in places or places[target] in lit["lines"], (lesson.id, id)
        derivation = picture.derivation
        assert derivation is not None
        for i, j in product(range(len(derivation.rows)), range(len(derivation.columns))):
            lit, about = found["picks"][f"c{i}.{j}"], (lesson.id, i, j)
            is_zero = derivation.numeric[i][j] == 0 and derivation.symbolic[i][j] in ("0", "")
            assert lit["nodes"], about
            assert lit["lines"] or not places, about
            assert lit["edges"] or is_zero, about
            assert any(pick[0] in "flp" for pick in lit["picks"]) or is_zero, about
        for beat, lit in zip(ask["beats"], found["beats"], strict=True):
            about = (lesson.id, beat["kind"], beat["nodes"], beat["edges"])
            assert lit["nodes"], about
            assert lit["lines"] or not any(id in places for id in beat["nodes"]), about
            moved = [id for id in beat["edges"] if id in ask["edges"]]
            assert lit["picks"] or (beat["kind"] == "multiply" and not moved), about


def test_a_line_lights_what_it_computes_the_leaf_that_it_makes_and_the_v_that_it_places(tmp_path: Path) -> None:
    source = (
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n"
        "y = x * x\ny.backward(torch.tensor([1.0, 0.5]))"
    )
    asked = {"board": visualize(source).board, "view": "math", "beats": [], "edges": [], "lines": [1, 2, 3, 4]}
    ((found,),) = [node(SELECT, "board.js", [asked], tmp_path)]
    lines = {line: set(lit["picks"]) for line, lit in found["lines"].items()}
    assert lines["1"] == set()
    assert lines["2"] >= {"g0", "g1", "c0.0", "c1.1"}
    assert lines["3"] >= {"fmul_1", "c0.0", "c1.1"}
    assert lines["4"] >= {"v0", "v1", "c0.0", "c1.1", "fmul_1"}
    assert set(found["lines"]["2"]["edges"]) == {"x__mul_1__0", "x__mul_1__1"}


def test_a_zero_of_the_jacobian_lights_the_leaf_and_the_output_and_no_way_between(tmp_path: Path) -> None:
    board = visualize("y = x*x", values={"x": [1.0, 2.0]}).board
    (found,) = node(
        SELECT, "board.js", [{"board": board, "view": "math", "beats": [], "edges": [], "lines": []}], tmp_path
    )
    lit = found["picks"]["c0.1"]
    assert (lit["edges"], sorted(lit["nodes"]), lit["lines"]) == ([], ["mul_1", "x"], [1])
