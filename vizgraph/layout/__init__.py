"""Place the nodes with Graphviz, in a process that may die.

Call `arrange` only in a process that ends soon anyway (a child of the worker):
see `vizgraph.layout.graphviz`. `rows` is plain Python and runs anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vizgraph import dot
from vizgraph.dot import Sheet, Wire
from vizgraph.layout.columns import MARGIN, columns
from vizgraph.layout.curves import Point, between, joined
from vizgraph.layout.graphviz import Placed
from vizgraph.layout.places import Places
from vizgraph.model import Box, Layout, Route

LONG: Final = 8  # layers; in a large graph Graphviz does not see edges that cross more
TIRING: Final = 3_000  # layers crossed by all edges that Graphviz sees; above, it takes seconds


def arrange(text: str) -> Layout:
    """Place a graph that `dot.write` wrote; in plain columns where Graphviz would take seconds.

    Boxes never overlap. Labels sit on their edge, clear of boxes and of each other; in a large graph
    an edge has none where no place is free.
    """
    sheet = dot.read(text)
    if not sheet.boxes:
        return _straight(sheet)
    if sheet.small:
        return _with_labels(sheet)
    layer = sheet.ranks()
    seen = [wire for wire in sheet.wires if layer[wire.target] - layer[wire.source] <= LONG]
    if sum(layer[wire.target] - layer[wire.source] for wire in seen) > TIRING:
        return _straight(sheet)
    return _without_labels(sheet, seen)


def rows(text: str) -> Layout:
    """Place the same graph without Graphviz: plain columns and straight edges, whatever its size."""
    return _straight(dot.read(text))


def _with_labels(sheet: Sheet) -> Layout:
    """A small graph: Graphviz keeps room for every label."""
    placed = Placed(sheet, pinned=True)
    boxes = placed.boxes()
    routes = []
    for wire in sheet.wires:
        first, *rest = placed.splines(wire.id)
        points = joined(first, rest[0]) if rest else first
        routes.append(_route(wire, points, placed.label(wire.id), boxes, placed.level))
    return _layout(sheet, boxes, routes)


def _without_labels(sheet: Sheet, seen: list[Wire]) -> Layout:
    """A large graph: Graphviz sees the shorter edges only, and labels take what place is left."""
    known = {wire.id for wire in seen}
    placed = Placed(replace(sheet, wires=tuple(replace(wire, chip=None) for wire in seen)), pinned=False)
    boxes = placed.boxes()
    places = Places(boxes.values())
    routes = []
    for wire in sheet.wires:
        points = placed.splines(wire.id)[0] if wire.id in known else []
        route = _route(wire, points, None, boxes, placed.level)
        routes.append(_labelled(route, wire, places))
    return _layout(sheet, boxes, routes)


def _straight(sheet: Sheet) -> Layout:
    boxes = columns(sheet)
    places = Places(boxes.values())
    routes = [_labelled(_route(wire, [], None, boxes, True), wire, places) for wire in sheet.wires]
    return _layout(sheet, boxes, routes)


def _route(wire: Wire, points: list[Point], label: Point | None, boxes: dict[str, Box], level: bool) -> Route:
    """The way of an edge, ending exactly at its boxes; a straight one where Graphviz gave none."""
    line = between(boxes[wire.source], boxes[wire.target], level)
    if not points:
        return Route(wire.id, tuple(line), label)
    if level:
        start, end = (line[0][0], points[0][1]), (line[-1][0], points[-1][1])
    else:
        start, end = (points[0][0], line[0][1]), (points[-1][0], line[-1][1])
    return Route(wire.id, (start, *points[1:-1], end), label)


def _labelled(route: Route, wire: Wire, places: Places) -> Route:
    return route if wire.chip is None else replace(route, label=places.find(list(route.points), wire.chip))


def _layout(sheet: Sheet, boxes: dict[str, Box], routes: list[Route]) -> Layout:
    """The whole moved to the origin: long edges and their labels may reach beyond the boxes."""
    chips = {wire.id: wire.chip for wire in sheet.wires}
    things = [(box.x, box.y, box.width, box.height) for box in boxes.values()]
    things += [(x, y, 0.0, 0.0) for route in routes for x, y in route.points]
    things += [(*route.label, *(chips[route.id] or (0.0, 0.0))) for route in routes if route.label]
    left = min((x - width / 2 for x, _, width, _ in things), default=0.0) - MARGIN
    top = min((y - height / 2 for _, y, _, height in things), default=0.0) - MARGIN
    right = max((x + width / 2 for x, _, width, _ in things), default=0.0) + MARGIN
    bottom = max((y + height / 2 for _, y, _, height in things), default=0.0) + MARGIN

    def place(point: Point) -> Point:
        return round(point[0] - left, 2), round(point[1] - top, 2)

    moved = tuple(Box(box.id, *place((box.x, box.y)), box.width, box.height) for box in boxes.values())
    ways = tuple(
        Route(route.id, tuple(place(point) for point in route.points), route.label and place(route.label))
        for route in routes
    )
    return Layout(round(right - left, 2), round(bottom - top, 2), moved, ways)
