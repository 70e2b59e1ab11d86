"""Place the nodes with Graphviz, in a process that may die.

Call `arrange` only in a process that ends soon anyway (a child of the worker):
see `vizgraph.drawing.layout.graphviz`. `rows` is plain Python and runs anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from vizgraph.drawing import dot
from vizgraph.drawing.dot import BETTER, LEGIBLE, ROOM, Sheet, Wire
from vizgraph.drawing.layout.columns import MARGIN, columns
from vizgraph.drawing.layout.curves import Point, between
from vizgraph.drawing.layout.graphviz import Link, Placed
from vizgraph.drawing.layout.lanes import lanes
from vizgraph.drawing.layout.places import Places
from vizgraph.drawing.layout.routes import Router
from vizgraph.drawing.layout.spacing import spaced
from vizgraph.drawing.layout.tucking import tucked
from vizgraph.model import Box, Layout, Route

LONG: Final = 8  # layers; in a large graph Graphviz does not see edges that cross more
TIRING: Final = 3_000  # layers crossed by all edges that Graphviz sees; above, it takes seconds
TIGHT: Final = {"rankdir": "TB", "nodesep": "0.19", "ranksep": "0.2", "splines": "none"}  # inches


def arrange(text: str) -> Layout:
    """Place a graph that `dot.write` wrote; in plain columns where Graphviz would take seconds.

    Boxes never overlap. Labels sit on their edge, clear of boxes and of each other; in a large graph
    an edge has none where no place is free.
    """
    sheet = dot.read(text)
    if not sheet.boxes:
        return _straight(sheet)
    if sheet.small:
        return _small(sheet)
    layer = sheet.ranks()
    seen = [wire for wire in sheet.wires if layer[wire.target] - layer[wire.source] <= LONG]
    if sum(layer[wire.target] - layer[wire.source] for wire in seen) > TIRING:
        return _straight(sheet)
    return _large(sheet, seen)


def rows(text: str) -> Layout:
    """Place the same graph without Graphviz: plain columns and straight edges, whatever its size."""
    return _straight(dot.read(text))


def _small(sheet: Sheet) -> Layout:
    """From left to right, in several rows where that helps; downwards where only that can be read."""
    level = in_lanes(sheet, level=True)
    beneath = tucked(sheet, level)
    if beneath is not level:
        beneath = _layout(sheet, {box.id: box for box in beneath.boxes}, list(beneath.routes))
        level = beneath if _scale(beneath) > _scale(level) else level
    if _scale(level) >= LEGIBLE:
        return level
    upright = in_lanes(sheet, level=False)
    return upright if _scale(upright) > BETTER * _scale(level) else level


def in_lanes(sheet: Sheet, *, level: bool, wrapped: bool = True) -> Layout:
    """Graphviz orders what stands in each layer and places it across the flow; the rest is ours.

    ``level`` flows from left to right, and in rows if ``wrapped`` where that shows a long graph larger."""
    ways = lanes(sheet, level)
    number = {id: place for place, (id, _, _) in enumerate(sheet.boxes)}
    stacks = [[number[id] for id in column] for column in sheet.columns]
    placed = Placed([size[::-1] for size in ways.sizes], ways.links(), stacks, TIGHT)
    found = spaced(ways, [across for across, _ in placed.centres()], wrapped=level and wrapped)
    router = Router(ways, found)

    def turned(point: Point) -> Point:
        return point if level else point[::-1]

    middles = [turned(middle) for middle in found.middles]
    boxes = {id: Box(id, *middles[place], width, height) for place, (id, width, height) in enumerate(sheet.boxes)}
    routes = []
    for wire in sheet.wires:
        points = tuple(turned(point) for point in router.route(wire.id))
        label = middles[ways.labels[wire.id]] if wire.chip else None
        routes.append(Route(wire.id, points, label))
    return _layout(sheet, boxes, routes)


def _scale(layout: Layout) -> float:
    return min(ROOM[0] / layout.width, ROOM[1] / layout.height)


def _large(sheet: Sheet, seen: list[Wire]) -> Layout:
    """Graphviz sees the shorter edges only, and labels take what place is left."""
    number = {id: place for place, (id, _, _) in enumerate(sheet.boxes)}
    settings = dict(sheet.settings)
    level = settings.get("rankdir") == "LR"
    stacks = [[number[id] for id in column] for column in sheet.columns]
    sizes = [(width, height) for _, width, height in sheet.boxes]
    placed = Placed(sizes, [Link(number[wire.source], number[wire.target]) for wire in seen], stacks, settings)
    centres = zip(sheet.boxes, placed.centres(), strict=True)
    boxes = {id: Box(id, *centre, width, height) for (id, width, height), centre in centres}
    splines = {wire.id: spline for wire, spline in zip(seen, placed.splines(), strict=True)}
    places = Places(boxes.values())
    routes = []
    for wire in sheet.wires:
        route = _route(wire, splines.get(wire.id, []), boxes, level)
        routes.append(_labelled(route, wire, places))
    return _layout(sheet, boxes, routes)


def _straight(sheet: Sheet) -> Layout:
    boxes = columns(sheet)
    places = Places(boxes.values())
    routes = [_labelled(_route(wire, [], boxes, True), wire, places) for wire in sheet.wires]
    return _layout(sheet, boxes, routes)


def _route(wire: Wire, points: list[Point], boxes: dict[str, Box], level: bool) -> Route:
    """The way of an edge, ending exactly at its boxes; a straight one where Graphviz gave none."""
    line = between(boxes[wire.source], boxes[wire.target], level)
    if not points:
        return Route(wire.id, tuple(line), None)
    if level:
        start, end = (line[0][0], points[0][1]), (line[-1][0], points[-1][1])
    else:
        start, end = (points[0][0], line[0][1]), (points[-1][0], line[-1][1])
    return Route(wire.id, (start, *points[1:-1], end), None)


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
