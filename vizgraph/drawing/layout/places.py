"""Find a free place for the label of an edge that Graphviz kept no room for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from vizgraph.drawing.layout.curves import Point, at
from vizgraph.model import Box

SHARES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)  # of the way along an edge, the best first
CELL: Final = 200.0  # points; rectangles are kept by the squares of this size that they touch
CLEAR: Final = 3.0  # points between a label and anything else

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


class Places:
    """What is taken: the boxes first, then every label that was given a place."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._taken: defaultdict[tuple[int, int], list[Rectangle]] = defaultdict(list)
        for box in boxes:
            self._take(_around((box.x, box.y), box.width, box.height))

    def find(self, points: list[Point], size: tuple[float, float]) -> Point | None:
        """The best free point on the spline for a label of that size, which is taken then; None for none."""
        for share in SHARES:
            point = at(points, share)
            rectangle = _around(point, size[0] + 2 * CLEAR, size[1] + 2 * CLEAR)
            if not any(_overlap(rectangle, other) for square in _squares(rectangle) for other in self._taken[square]):
                self._take(rectangle)
                return point
        return None

    def _take(self, rectangle: Rectangle) -> None:
        for square in _squares(rectangle):
            self._taken[square].append(rectangle)


def _around(centre: Point, width: float, height: float) -> Rectangle:
    return centre[0] - width / 2, centre[1] - height / 2, centre[0] + width / 2, centre[1] + height / 2


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _squares(rectangle: Rectangle) -> list[tuple[int, int]]:
    left, top, right, bottom = (int(side // CELL) for side in rectangle)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
