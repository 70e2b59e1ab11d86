"""Space the layers of a small graph: close where lines run straight, apart where they climb, in rows where many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vizgraph.drawing.dot import ROOM
from vizgraph.drawing.layout.lanes import Lanes

ENOUGH: Final = 1.2  # of the natural size: what reaches it on a page fits a projector, too, and stays in one row
GAIN: Final = 1.15  # rows must show a graph larger by this factor
MOST_ROWS: Final = 4
MOST_BENDS: Final = 3  # edges that go on to the next row together
STEEP: Final = 0.22  # points along, for each point that a line climbs between two layers
LEAST_GAP: Final = 16.0  # room for an arrow head
MOST_GAP: Final = 64.0
TURN: Final = 18.0  # radius of the innermost turn of an edge that goes on to the next row
STEP: Final = 12.0  # radius from one turn to the next
ROW_GAP: Final = 9.0  # between a row and the lines that lead to the next one, and between these

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bend:
    """How an edge goes on to the next row: where across it runs back, and the radius of its two turns."""

    across: float
    leaving: float
    entering: float


@dataclass(slots=True)
class Spaced:
    """Where everything is: per thing its middle (along, across), per layer its two edges; bends by their thing."""

    middles: list[tuple[float, float]]
    edges: list[Interval]
    bends: dict[int, Bend]


def spaced(lanes: Lanes, across: list[float], wrapped: bool) -> Spaced:
    """Positions for things that stand at ``across`` in their layers; ``wrapped`` allows several rows."""
    edges = _edges(lanes, across)
    breaks = _breaks(lanes, across, edges) if wrapped else []
    return _stacked(lanes, across, edges, breaks)


def entry(lanes: Lanes, wire: str, across: list[float]) -> float:
    """Where across an edge ends at its target: every input has a place of its own on the side of the box."""
    target = lanes.ways[wire][-1]
    number, count = lanes.places[wire]
    size = lanes.sizes[target][1]
    return across[target] - size / 2 + (number + 0.5) * size / count


def _edges(lanes: Lanes, across: list[float]) -> list[Interval]:
    """The two edges of each layer along the flow."""
    climbs = [0.0] * len(lanes.layers)
    for wire, way in lanes.ways.items():
        stops = [*(across[thing] for thing in way[:-1]), entry(lanes, wire, across)]
        for thing, start, end in zip(way, stops, stops[1:], strict=False):
            climbs[lanes.layer[thing]] = max(climbs[lanes.layer[thing]], abs(end - start))
    edges = []
    left = 0.0
    for layer, things in enumerate(lanes.layers):
        right = left + max((lanes.sizes[thing][0] for thing in things), default=0.0)
        edges.append((left, right))
        left = right + min(LEAST_GAP + STEEP * climbs[layer], MOST_GAP)
    return edges


# --- rows -------------------------------------------------------------------------


def _breaks(lanes: Lanes, across: list[float], edges: list[Interval]) -> list[int]:
    """The layers at which a long graph goes on in the next row: where few edges cross, between two layers of boxes."""
    places = [layer for layer, things in enumerate(lanes.layers) if layer % 2 and len(things) <= MOST_BENDS]
    best: list[int] = []
    whole = _scale(lanes, across, edges, [])
    if whole >= ENOUGH or not places:
        return best
    found = whole * GAIN
    length = edges[-1][1]
    for rows in range(2, MOST_ROWS + 1):
        for slack in (1.0, 1.1, 1.25, 1.5):
            breaks = _filled(places, edges, slack * length / rows)
            scale = _scale(lanes, across, edges, breaks)
            if scale > found:
                best, found = breaks, scale * 1.02
    return best


def _filled(places: list[int], edges: list[Interval], length: float) -> list[int]:
    """Rows filled one after the other up to that length, as far as the places allow."""
    breaks: list[int] = []
    start = 0.0
    for number, place in enumerate(places):
        following = places[number + 1] if number + 1 < len(places) else len(edges) - 1
        if edges[min(following, len(edges) - 1)][0] - start > length:
            breaks.append(place)
            start = edges[place + 1][0]
    return breaks


def _rows(breaks: list[int], layers: int) -> list[range]:
    """The layers of each row."""
    starts = [0, *(layer + 1 for layer in breaks)]
    ends = [*breaks, layers]
    return [range(start, end) for start, end in zip(starts, ends, strict=True)]


def _span(lanes: Lanes, across: list[float], row: range) -> Interval:
    things = [thing for layer in row for thing in lanes.layers[layer]]
    low = min(across[thing] - lanes.sizes[thing][1] / 2 for thing in things)
    return low, max(across[thing] + lanes.sizes[thing][1] / 2 for thing in things)


def _scale(lanes: Lanes, across: list[float], edges: list[Interval], breaks: list[int]) -> float:
    rows = _rows(breaks, len(edges))
    length = max(edges[row[-1]][1] - edges[row[0]][0] for row in rows)
    length += 2 * max((TURN + STEP * (len(lanes.layers[layer]) - 1) for layer in breaks), default=0.0)
    height = sum(high - low for low, high in (_span(lanes, across, row) for row in rows))
    height += sum(_lane(lanes, layer) for layer in breaks)
    return min(ROOM[0] / length, ROOM[1] / height)


def _lane(lanes: Lanes, layer: int) -> float:
    """What the bends of a layer take across, with the labels on them."""
    return ROW_GAP + sum(lanes.sizes[thing][1] + ROW_GAP for thing in lanes.layers[layer])


def _stacked(lanes: Lanes, across: list[float], edges: list[Interval], breaks: list[int]) -> Spaced:
    """The rows one below the other, each beginning at the left."""
    found = Spaced([(0.0, 0.0)] * len(across), [(0.0, 0.0)] * len(edges), {})
    top = 0.0
    for row, end in zip(_rows(breaks, len(edges)), [*breaks, None], strict=True):
        low, high = _span(lanes, across, row)
        for layer in row:
            left, right = (edge - edges[row[0]][0] for edge in edges[layer])
            found.edges[layer] = left, right
            for thing in lanes.layers[layer]:
                found.middles[thing] = (left + right) / 2, across[thing] - low + top
        top += high - low
        if end is not None:
            things = sorted(lanes.layers[end], key=across.__getitem__)
            _bend(found, lanes, things, top, found.edges[row[-1]][1] / 2)
            top += _lane(lanes, end)
    return found


def _bend(found: Spaced, lanes: Lanes, things: list[int], top: float, middle: float) -> None:
    """Lead edges to the next row side by side: the lowest turns first and is the outermost where it comes in again."""
    for number, thing in enumerate(reversed(things)):
        size = lanes.sizes[thing][1]
        across = top + ROW_GAP + size / 2
        inner, outer = TURN + STEP * number, TURN + STEP * (len(things) - 1 - number)
        found.bends[thing] = Bend(across, inner, outer)
        found.middles[thing] = middle, across
        top += size + ROW_GAP
