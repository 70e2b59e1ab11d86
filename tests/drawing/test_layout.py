"""A placed graph can be read: nothing overlaps, every edge meets its boxes, every label sits on its edge.

These tests lay out in their own process: that crashes only where a layout is freed, and nothing frees one.
"""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.drawn import Drawn, chain, dense, detached, gates, graphs, squared, wired
from vizgraph import views, visualize
from vizgraph.drawing import dot, faces, layout
from vizgraph.drawing.layout.curves import Point, at
from vizgraph.lessons import lesson
from vizgraph.model import Box, Layout, Route
from vizgraph.telling.seeds import places
from vizgraph.telling.timeline import compose

ALL = {"gates": gates(), "detached": detached(), "squared": squared()}
LARGE = {"hub": chain(100), "dense": dense(100, 2000), "long": wired(800, [(i, i + 1) for i in range(799)])}


def arranged(drawn: Drawn) -> Layout:
    return layout.arrange(dot.write(*drawn))


def in_lanes(drawn: Drawn, level: bool) -> Layout:
    """The layout of a small graph in the one or the other direction."""
    return layout.in_lanes(dot.read(dot.write(*drawn)), level=level)


directions = st.booleans()


def boxes(placed: Layout) -> dict[str, Box]:
    return {box.id: box for box in placed.boxes}


def labels(drawn: Drawn, placed: Layout) -> list[Box]:
    """The labels as boxes."""
    size = {wire.id: wire.chip for wire in dot.read(dot.write(*drawn)).wires}
    made = []
    for route in placed.routes:
        chip = size[route.id]
        if route.label is not None and chip is not None:
            made.append(Box(route.id, *route.label, *chip))
    return made


def apart(one: Box, other: Box) -> bool:
    across = abs(one.x - other.x) >= (one.width + other.width) / 2 - 0.1
    return across or abs(one.y - other.y) >= (one.height + other.height) / 2 - 0.1


def distance(route: Route) -> float:
    """How far the label is from the nearest piece of its edge, taken as many short straight pieces."""
    assert route.label is not None
    points = [at(list(route.points), i / 400) for i in range(401)]
    return min(from_piece(route.label, one, other) for one, other in itertools.pairwise(points))


def from_piece(point: Point, start: Point, end: Point) -> float:
    along, across = (end[0] - start[0], end[1] - start[1]), (point[0] - start[0], point[1] - start[1])
    length = math.hypot(*along) ** 2
    part = min(1.0, max(0.0, (along[0] * across[0] + along[1] * across[1]) / length)) if length else 0.0
    return math.dist(point, (start[0] + part * along[0], start[1] + part * along[1]))


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_no_box_and_no_label_overlaps_another(drawn: Drawn, level: bool) -> None:
    placed = in_lanes(drawn, level)
    for one, other in itertools.combinations([*placed.boxes, *labels(drawn, placed)], 2):
        assert apart(one, other), (one, other)


@given(graphs())
@settings(deadline=None, max_examples=50)
def test_every_edge_with_numbers_has_its_label_on_it(drawn: Drawn) -> None:
    for route in arranged(drawn).routes:
        assert distance(route) < 4


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_an_edge_runs_from_the_end_of_its_source_to_the_front_of_its_target(drawn: Drawn, level: bool) -> None:
    placed = in_lanes(drawn, level)
    ends = {edge.id: (edge.source, edge.target) for edge in drawn[0].graph.edges}
    for route in placed.routes:
        source, target = (boxes(placed)[id] for id in ends[route.id])
        (x, y), (end_x, end_y) = route.points[0], route.points[-1]
        if level:
            assert x == pytest.approx(source.x + source.width / 2, abs=0.02)
            assert end_x == pytest.approx(target.x - target.width / 2, abs=0.02)
            assert abs(end_y - target.y) <= target.height / 2
        else:
            assert y == pytest.approx(source.y + source.height / 2, abs=0.02)
            assert end_y == pytest.approx(target.y - target.height / 2, abs=0.02)
            assert abs(end_x - target.x) <= target.width / 2


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_no_line_runs_through_a_box_or_a_label_of_another(drawn: Drawn, level: bool) -> None:
    placed = in_lanes(drawn, level)
    ends = {edge.id: (edge.source, edge.target) for edge in drawn[0].graph.edges}
    things = [*placed.boxes, *labels(drawn, placed)]
    for route in placed.routes:
        others = [thing for thing in things if thing.id not in (route.id, *ends[route.id])]
        for number in range(201):
            x, y = at(list(route.points), number / 200)
            for other in others:
                is_inside = abs(x - other.x) < other.width / 2 and abs(y - other.y) < other.height / 2
                assert not is_inside, (route, other)


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_everything_lies_inside_the_picture(drawn: Drawn, level: bool) -> None:
    placed = in_lanes(drawn, level)
    for box in (*placed.boxes, *labels(drawn, placed)):
        assert box.width / 2 <= box.x <= placed.width - box.width / 2
        assert box.height / 2 <= box.y <= placed.height - box.height / 2
    for route in placed.routes:
        assert all(0 <= x <= placed.width and 0 <= y <= placed.height for x, y in route.points)


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_edges_enter_a_box_in_the_order_of_its_inputs(drawn: Drawn, level: bool) -> None:
    placed = in_lanes(drawn, level)
    ends = {route.id: route.points[-1][1 if level else 0] for route in placed.routes}
    for node in drawn[0].graph.nodes:
        inputs = sorted((edge for edge in drawn[0].graph.edges if edge.target == node.id), key=lambda edge: edge.slot)
        places = [ends[edge.id] for edge in inputs]
        assert places == sorted(places)


@given(graphs(), directions)
@settings(deadline=None, max_examples=50)
def test_leaves_of_a_short_graph_stand_in_one_column_in_their_order(drawn: Drawn, level: bool) -> None:
    edges = [(edge.source, edge.target) for edge in drawn[0].graph.edges]
    assume(max(dot.ranks([node.id for node in drawn[0].graph.nodes], edges).values()) < dot.LEAF_COLUMN)
    placed = boxes(in_lanes(drawn, level))
    leaves = [placed[node.id] for node in drawn[0].graph.nodes if node.kind == "leaf"]
    along = {round(leaf.x if level else leaf.y) for leaf in leaves}
    across = [leaf.y if level else leaf.x for leaf in leaves]
    assert len(along) == 1
    assert across == sorted(across)


def wide(count: int, wires: list[tuple[int, int]]) -> Drawn:
    """A graph of boxes as wide as boxes get."""
    view, timeline = wired(count, wires)
    nodes = tuple(replace(one, expression="a_name_that_is_very_long") for one in view.graph.nodes)
    return replace(view, graph=replace(view.graph, nodes=nodes)), timeline


LONG_CHAIN = [(i, i + 1) for i in range(11)]


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(wide(12, LONG_CHAIN), id="chain"),
        pytest.param(wide(13, [*LONG_CHAIN, (12, 9)]), id="late leaf"),
        pytest.param(wide(12, [*LONG_CHAIN, (0, 11)]), id="one line along the whole"),
        pytest.param(wide(12, [*LONG_CHAIN, (0, 11), (2, 9)]), id="three lines side by side"),
    ],
)
def test_a_long_graph_goes_on_in_the_next_row(drawn: Drawn) -> None:
    placed = arranged(drawn)
    flat = layout.in_lanes(dot.read(dot.write(*drawn)), level=True, wrapped=False)
    assert placed.width < flat.width / 2
    assert placed.height > flat.height
    backwards = [(i, j) for i, j in LONG_CHAIN if boxes(placed)[f"n{j}"].x < boxes(placed)[f"n{i}"].x]
    for i, j in backwards:  # only to go on below
        assert boxes(placed)[f"n{j}"].y > boxes(placed)[f"n{i}"].y + boxes(placed)[f"n{i}"].height
    assert 1 <= len(backwards) <= 3
    for one, other in itertools.combinations([*placed.boxes, *labels(drawn, placed)], 2):
        assert apart(one, other)
    for route in placed.routes:
        assert distance(route) < 4


def test_a_graph_that_fits_a_page_stays_in_one_row() -> None:
    placed = boxes(arranged(wired(4, [(i, i + 1) for i in range(3)])))
    assert placed["n0"].x < placed["n1"].x < placed["n2"].x < placed["n3"].x


@pytest.mark.parametrize("id", ["unknown_outer_function", "dot_product", "accumulate"])
def test_v_stands_below_or_above_its_output_where_that_shows_a_wide_graph_larger(id: str) -> None:
    one = lesson(id)
    assert one is not None
    run = visualize(one.program, values=one.values, gradient=one.gradient).run
    drawn = views.math(run), compose(views.math(run), run)
    placed, beside = arranged(drawn), in_lanes(drawn, True)
    assert placed.width < beside.width - 100
    for place in places(drawn[0]):
        seed, output = boxes(placed)[place.id], boxes(placed)[place.node]
        assert abs(seed.x - output.x) < output.width / 2
        assert abs(seed.y - output.y) > (seed.height + output.height) / 2
    things = [*placed.boxes, *labels(drawn, placed)]
    assert all(apart(first, second) for first, second in itertools.combinations(things, 2))


@pytest.mark.parametrize("id", ["unknown_outer_function_math", "unknown_outer_function"])
def test_the_first_lessons_are_seen_whole_at_a_projector(id: str) -> None:
    one = lesson(id)
    assert one is not None
    run = visualize(one.program, values=one.values, gradient=one.gradient).run
    placed = arranged((views.math(run), compose(views.math(run), run)))
    pixels = 24 / faces.TEXT  # of a point, where the text has 24 pixels
    assert placed.width * pixels < 1820  # what the stage has of 1920 × 1080
    assert placed.height * pixels < 660


def test_a_long_graph_without_a_place_to_go_on_runs_downwards() -> None:
    """Pairs of wide boxes, each pair used by both of the next: four edges cross everywhere."""
    crossing = [(i + j, i + k) for i in range(0, 34, 2) for j in (0, 1) for k in (2, 3)]
    placed = boxes(arranged(wide(36, crossing)))
    assert placed["n0"].y < placed["n10"].y < placed["n20"].y < placed["n35"].y


@pytest.mark.parametrize("name", ALL)
def test_the_same_text_gives_the_same_places(name: str) -> None:
    assert arranged(ALL[name]) == arranged(ALL[name])


def test_two_edges_between_the_same_nodes_are_two_ways_with_two_labels() -> None:
    one, other = arranged(squared()).routes
    assert one.points != other.points
    assert one.label != other.label


def test_ids_with_quotes_and_backslashes_come_back() -> None:
    text = 'digraph vizgraph {\n  "a\\"\\\\" [width="1", height="1", label=""];\n}\n'
    assert [box.id for box in layout.arrange(text).boxes] == ['a"\\']


def test_no_node_makes_an_empty_picture() -> None:
    assert layout.arrange("digraph vizgraph {\n}\n").boxes == ()


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("place", [layout.arrange, layout.rows])
def test_a_large_graph_is_placed_without_overlaps(name: str, place: object) -> None:
    drawn = LARGE[name]
    placed: Layout = place(dot.write(*drawn))  # type: ignore[operator]
    assert len(placed.boxes) == len(drawn[0].graph.nodes)
    assert len(placed.routes) == len(drawn[0].graph.edges)
    squares: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)  # only what may touch is compared
    for box in (*placed.boxes, *labels(drawn, placed)):
        near = [(int(box.x // 300) + i, int(box.y // 300) + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        assert all(apart(box, other) for square in near for other in squares[square])
        squares[near[4]].append(box)


@given(graphs())
def test_rows_put_every_source_before_its_target(drawn: Drawn) -> None:
    placed = boxes(layout.rows(dot.write(*drawn)))
    for edge in drawn[0].graph.edges:
        assert placed[edge.source].x < placed[edge.target].x


def test_a_layout_opens_no_file() -> None:
    code = """
import resource, sys
from vizgraph.drawing import layout
text = sys.stdin.read()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
print(len(layout.arrange(text).boxes))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], input=dot.write(*gates()), capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("5\n", "")
