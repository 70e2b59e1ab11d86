"""Draw the edges of a small graph: as calm as possible, around boxes and labels.

Everything here is (along the flow, across it).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from vizgraph.drawing.layout.curves import Point, at, straight
from vizgraph.drawing.layout.lanes import Lanes
from vizgraph.drawing.layout.spacing import Bend, Spaced, entry

CLEAR: Final = 5.0  # points that a line keeps from boxes and labels
SAMPLES: Final = 20  # points of a curve that are looked at
ROUND: Final = 4 / 3  # how far a control point lies out for a half circle

Rectangle = tuple[float, float, float, float]  # first and last along, first and last across


@dataclass(frozen=True, slots=True)
class Stop:
    """Where an edge passes: it runs straight along the flow from ``start`` to ``end``, at ``across``.

    ``layer`` are the two edges of the layer around it: outside of them is nothing that could be touched."""

    start: float
    end: float
    across: float
    layer: tuple[float, float]
    firm: bool  # a label, or an end of the edge: no short cut leaves it out


class Router:
    """The things that are in the way, and the ways around them."""

    def __init__(self, lanes: Lanes, spaced: Spaced) -> None:
        self._lanes = lanes
        self._spaced = spaced
        solid = [*range(lanes.boxes), *lanes.labels.values()]
        self._solid = {thing: self._rectangle(thing) for thing in solid}

    def route(self, wire: str) -> list[Point]:
        """The Bézier points of an edge from its source to its target."""
        way = self._lanes.ways[wire]
        own = {way[0], way[-1], self._lanes.labels.get(wire, -1)}
        stops = self._stops(wire)
        bends = [place for place, thing in enumerate(way) if thing in self._spaced.bends]
        starts, ends = [0, *(place + 1 for place in bends)], [*bends, len(way)]
        points = [_end(stops[0])]
        for start, end in zip(starts, ends, strict=True):
            points += self._row(stops[start:end], own)
            if end < len(way):
                layers = self._lanes.layer[way[end - 1]], self._lanes.layer[way[end + 1]]
                edges = self._spaced.edges[layers[0]][1], self._spaced.edges[layers[1]][0]
                points += _bent(_end(stops[end - 1]), self._spaced.bends[way[end]], _start(stops[end + 1]), edges)
        return points

    def _row(self, stops: list[Stop], own: set[int]) -> list[Point]:
        """The part of an edge that lies in one row, without its first point."""
        points = _through(stops[0])
        here = 0
        while here < len(stops) - 1:
            there, leg = self._leg(stops, here, own)
            points += [*leg, *_through(stops[there])]
            here = there
        return points

    def _leg(self, stops: list[Stop], here: int, own: set[int]) -> tuple[int, list[Point]]:
        """The farthest stop that a plain curve reaches without touching anything, and that curve.

        To the next one there always is a way, which climbs only where nothing stands."""
        limit = next((number for number in range(here + 1, len(stops)) if stops[number].firm), len(stops) - 1)
        for there in range(limit, here, -1):
            curve = _curve(_end(stops[here]), _start(stops[there]))
            if self._free(curve, own):
                return there, curve[1:]
        start, end = stops[here], stops[here + 1]
        out, into = (start.layer[1], start.across), (end.layer[0], end.across)
        return here + 1, [*_line(_end(start), out), *_curve(out, into)[1:], *_line(into, _start(end))]

    def _stops(self, wire: str) -> list[Stop]:
        way = self._lanes.ways[wire]
        middles, label = self._spaced.middles, self._lanes.labels.get(wire)
        stops = []
        for thing in way:
            layer = self._spaced.edges[self._lanes.layer[thing]]
            is_firm = thing in (way[0], way[-1], label)
            first, last = self._rectangle(thing)[:2] if is_firm else layer
            stops.append(Stop(first, last, middles[thing][1], layer, is_firm))
        pin = entry(self._lanes, wire, [middle for _, middle in middles])
        stops[0] = replace(stops[0], start=stops[0].end)
        stops[-1] = replace(stops[-1], end=stops[-1].start, across=pin)
        return stops

    def _free(self, curve: list[Point], own: set[int]) -> bool:
        first, last = curve[0][0], curve[-1][0]
        low, high = sorted((curve[0][1], curve[-1][1]))
        near = [
            (left, right, top, bottom)
            for thing, (left, right, top, bottom) in self._solid.items()
            if thing not in own and left < last and right > first and top - CLEAR < high and bottom + CLEAR > low
        ]
        if not near:
            return True
        points = [at(curve, number / SAMPLES) for number in range(SAMPLES + 1)]
        return not any(
            left - CLEAR < x < right + CLEAR and top - CLEAR < y < bottom + CLEAR
            for left, right, top, bottom in near
            for x, y in points
        )

    def _rectangle(self, thing: int) -> Rectangle:
        (along, across), (length, width) = self._spaced.middles[thing], self._lanes.sizes[thing]
        return along - length / 2, along + length / 2, across - width / 2, across + width / 2


def _start(stop: Stop) -> Point:
    return stop.start, stop.across


def _end(stop: Stop) -> Point:
    return stop.end, stop.across


def _curve(start: Point, end: Point) -> list[Point]:
    """From one point to the other, leaving and arriving along the flow."""
    half = (end[0] - start[0]) / 2
    return [start, (start[0] + half, start[1]), (end[0] - half, end[1]), end]


def _through(stop: Stop) -> list[Point]:
    return _line(_start(stop), _end(stop))


def _line(start: Point, end: Point) -> list[Point]:
    """A straight piece without its first point."""
    return straight(start, end)[1:] if end != start else []


def _bent(start: Point, bend: Bend, end: Point, edges: tuple[float, float]) -> list[Point]:
    """To the next row: out to the right, back between the rows, in from the left; without the first point."""
    right, left = edges[0] + ROUND * bend.leaving, edges[1] - ROUND * bend.entering
    return [
        *_line(start, (edges[0], start[1])),
        *((right, start[1]), (right, bend.across), (edges[0], bend.across)),
        *_line((edges[0], bend.across), (edges[1], bend.across)),
        *((left, bend.across), (left, end[1]), (edges[1], end[1])),
        *_line((edges[1], end[1]), end),
    ]
