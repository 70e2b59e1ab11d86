"""Put v below or above its output instead of beside it, where a wide graph is seen larger so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vizgraph.drawing.dot import ROOM, Sheet
from vizgraph.drawing.layout.curves import at, straight
from vizgraph.model import Box, Layout, Route
from vizgraph.telling.seeds import PREFIX

ENOUGH: Final = 1.3  # of the natural size: what reaches it is seen whole on a small screen, too
GAP: Final = 22.0  # points between an output and its v: room for the arrow
CLEAR: Final = 6.0  # points between v and anything else
SAMPLES: Final = 60  # points of an edge that are looked at

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
Line = tuple[tuple[float, float], ...]  # the points of a spline


def tucked(sheet: Sheet, placed: Layout) -> Layout:
    """The layout with every v below or above its output; the very same where that is no gain or there is no room.

    The caller moves what comes out to the origin."""
    seeds = {wire.target: wire for wire in sheet.wires if wire.target.startswith(PREFIX)}
    is_wide = ROOM[0] / placed.width < ROOM[1] / placed.height
    if not seeds or not is_wide or ROOM[0] / placed.width >= ENOUGH:
        return placed
    boxes = {box.id: box for box in placed.boxes}
    taken = list(_taken(sheet, placed, set(seeds)))
    wires = {wire.id: wire for wire in seeds.values()}
    lines = [route.points for route in placed.routes if route.id not in wires]
    for id, wire in seeds.items():
        found = next((box for box in _places(boxes[id], boxes[wire.source]) if _is_free(box, taken, lines)), None)
        if found is None:
            return placed
        boxes[id] = found
        taken.append(_rectangle(found))
    routes = [
        _upright(route, boxes[wires[route.id].source], boxes[wires[route.id].target]) if route.id in wires else route
        for route in placed.routes
    ]
    return replace(placed, boxes=tuple(boxes.values()), routes=tuple(routes))


def _places(seed: Box, output: Box) -> Iterable[Box]:
    """Below, then above the output, in line with its right side."""
    x = output.x + output.width / 2 - min(seed.width, output.width) / 2
    away = output.height / 2 + GAP + seed.height / 2
    return replace(seed, x=x, y=output.y + away), replace(seed, x=x, y=output.y - away)


def _taken(sheet: Sheet, placed: Layout, seeds: set[str]) -> Iterable[Rectangle]:
    """What stands in the way beside the lines: other boxes, and the labels of other edges."""
    chips = {wire.id: wire.chip for wire in sheet.wires if wire.target not in seeds}
    for box in placed.boxes:
        if box.id not in seeds:
            yield _rectangle(box)
    for route in placed.routes:
        size = chips.get(route.id)
        if route.label and size:
            yield _rectangle(Box(route.id, *route.label, *size))


def _is_free(box: Box, taken: list[Rectangle], lines: list[Line]) -> bool:
    left, top, right, bottom = _rectangle(box)
    room = left - CLEAR, top - CLEAR, right + CLEAR, bottom + CLEAR
    return not any(_meet(room, other) for other in taken) and not any(_crosses(line, room) for line in lines)


def _crosses(line: Line, room: Rectangle) -> bool:
    """Whether a line runs through a rectangle; one whose corners are all on one side of it does not."""
    across, down = zip(*line, strict=True)
    if not _meet(room, (min(across), min(down), max(across), max(down))):
        return False
    points = (at(list(line), number / SAMPLES) for number in range(SAMPLES + 1))
    return any(_meet(room, (x, y, x, y)) for x, y in points)


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rectangle(box: Box) -> Rectangle:
    return box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2


def _upright(route: Route, output: Box, seed: Box) -> Route:
    """Straight up or down from the output to v."""
    side = 1 if seed.y > output.y else -1
    start, end = (seed.x, output.y + side * output.height / 2), (seed.x, seed.y - side * seed.height / 2)
    return replace(route, points=tuple(straight(start, end)))
