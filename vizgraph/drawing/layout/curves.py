"""Compute with Bézier curves: straight ones, points on them, their ends."""

from __future__ import annotations

from typing import TypeAlias

from vizgraph.model import Box

Point: TypeAlias = tuple[float, float]


def straight(start: Point, end: Point) -> list[Point]:
    """A straight line as Bézier points.

    >>> straight((0.0, 0.0), (3.0, 6.0))
    [(0.0, 0.0), (1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]
    """
    third = (end[0] - start[0]) / 3, (end[1] - start[1]) / 3
    return [start, (start[0] + third[0], start[1] + third[1]), (end[0] - third[0], end[1] - third[1]), end]


def between(source: Box, target: Box, level: bool) -> list[Point]:
    """A straight line from the side where edges leave ``source`` to the side where they enter ``target``."""
    if level:
        return straight((source.x + source.width / 2, source.y), (target.x - target.width / 2, target.y))
    return straight((source.x, source.y + source.height / 2), (target.x, target.y - target.height / 2))


def joined(first: list[Point], second: list[Point]) -> list[Point]:
    """Two splines, and the straight piece between them, as one; nothing if one of them is missing."""
    if not first or not second:
        return []
    return [*first, *straight(first[-1], second[0])[1:], *second[1:]]


def at(points: list[Point], share: float) -> Point:
    """The point on a spline at a share of its parameter, from 0 at its start to 1 at its end.

    >>> at(straight((0.0, 0.0), (3.0, 6.0)), 0.5)
    (1.5, 3.0)
    """
    pieces = (len(points) - 1) // 3
    piece = min(int(share * pieces), pieces - 1)
    t = share * pieces - piece
    weights = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3
    corners = points[3 * piece : 3 * piece + 4]
    x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return x, y
