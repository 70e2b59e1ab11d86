"""Put v below or above its output instead of beside it, where a wide graph is seen larger so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vizgraph.dot import ROOM, Sheet
from vizgraph.layout.curves import at, straight
from vizgraph.model import Box, Layout, Route
from vizgraph.seeds import PREFIX

ENOUGH: Final = 1.3  # of the natural size: what reaches it is seen whole on a small screen, too
GAP: Final = 22.0  # points between an output and its v: room for the arrow
CLEAR: Final = 6.0  # points between v and anything else
SAMPLES: Final = 60  # points of an edge that are looked at

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


def tucked(sheet: Sheet, placed: Layout) -> Layout:
    """The layout with every v below or above its output; the very same where that is no gain or there is no room.

    The caller moves what comes out to the origin."""
    seeds = {wire.target: wire for wire in sheet.wires if wire.target.startswith(PREFIX)}
    is_wide = ROOM[0] / placed.width < ROOM[1] / placed.height
    if not seeds or not is_wide or ROOM[0] / placed.width >= ENOUGH:
        return placed
    boxes = {box.id: box for box in placed.boxes}
    taken = list(_taken(sheet, placed, set(seeds)))
    for id, wire in seeds.items():
        found = next((box for box in _places(boxes[id], boxes[wire.source]) if _is_free(box, taken)), None)
        if found is None:
            return placed
        boxes[id] = found
        taken.append(_rectangle(found))
    wires = {wire.id: wire for wire in seeds.values()}
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
    """What stands in the way: other boxes, labels, and the points of other edges."""
    chips = {wire.id: wire.chip for wire in sheet.wires if wire.target not in seeds}
    for box in placed.boxes:
        if box.id not in seeds:
            yield _rectangle(box)
    for route in placed.routes:
        if route.id in chips:
            size = chips[route.id]
            if route.label and size:
                yield _rectangle(Box(route.id, *route.label, *size))
            for number in range(SAMPLES + 1):
                x, y = at(list(route.points), number / SAMPLES)
                yield x, y, x, y


def _is_free(box: Box, taken: list[Rectangle]) -> bool:
    left, top, right, bottom = _rectangle(box)
    return not any(
        left - CLEAR < other[2] and other[0] < right + CLEAR and top - CLEAR < other[3] and other[1] < bottom + CLEAR
        for other in taken
    )


def _rectangle(box: Box) -> Rectangle:
    return box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2


def _upright(route: Route, output: Box, seed: Box) -> Route:
    """Straight up or down from the output to v."""
    side = 1 if seed.y > output.y else -1
    start, end = (seed.x, output.y + side * output.height / 2), (seed.x, seed.y - side * seed.height / 2)
    return replace(route, points=tuple(straight(start, end)))
