"""Place the nodes with Graphviz, in a process that may die.

Graphviz through pygraphviz crashes when a layout is freed, so nothing here is
ever freed: every call leaks its graph. Call `arrange` only in a process that
ends soon anyway (a child of the worker). It opens no file, so it runs where a
process may open none; `rows` is plain Python and runs anywhere.
"""

from __future__ import annotations

import itertools
from typing import Final

from pygraphviz import graphviz  # its low-level functions: the classes above them write temporary files and free

from vizgraph import dot
from vizgraph.dot import POINTS, Sheet, Wire
from vizgraph.model import Box, Layout, Route

MARGIN: Final = 12.0  # points around the picture
MOST_PINS: Final = 8  # inputs of one box that get a place of their own
TIRING: Final = 4_000  # layers crossed by all edges together; Graphviz takes seconds above

Point = tuple[float, float]


def arrange(text: str) -> Layout:
    """Place a graph that `dot.write` wrote. Falls back to `rows` where Graphviz would take seconds.

    Boxes never overlap; labels sit on their edge, clear of boxes and of each other.
    """
    sheet = dot.read(text)
    if not sheet.boxes or _weariness(sheet) > TIRING:
        return _rows(sheet)
    return _read_back(sheet, _Graph(sheet))


def rows(text: str) -> Layout:
    """Place the same graph in plain columns with straight edges, at once and whatever its size."""
    return _rows(dot.read(text))


def _weariness(sheet: Sheet) -> int:
    """How many layers the edges cross in all: what Graphviz's time goes with."""
    layer = dot.ranks([id for id, _, _ in sheet.boxes], [(wire.source, wire.target) for wire in sheet.wires])
    return sum(layer[wire.target] - layer[wire.source] for wire in sheet.wires)


# --- Graphviz -----------------------------------------------------------------


class _Graph:
    """A graph in Graphviz's memory, laid out. An edge with a label becomes two, with the label as a box
    between them: so the label has its room and stands on the line."""

    def __init__(self, sheet: Sheet) -> None:
        self._graph = graphviz.agraphnew(b"vizgraph", False, True)
        self._into, self._out = (b"w", b"e") if dict(sheet.settings).get("rankdir") == "LR" else (b"n", b"s")
        self._declare(sheet)
        self._nodes = {id: self._node(f"n{i}", w, h) for i, (id, w, h) in enumerate(sheet.boxes)}
        pins = self._pins(sheet)
        self.parts = {wire.id: self._wire(i, wire, pins.get(wire.id, self._into)) for i, wire in enumerate(sheet.wires)}
        for number, column in enumerate(sheet.columns):
            self._stack(number, column)
        context = graphviz.gvContextWithBuiltins()
        if graphviz.gvLayout(context, self._graph, b"dot") != 0:
            raise RuntimeError("Graphviz could not place the graph")
        graphviz.gvRenderData(context, self._graph, b"dot")  # this attaches the positions

    def _declare(self, sheet: Sheet) -> None:
        for name, value in sheet.settings:
            graphviz.agattr(self._graph, graphviz.AGRAPH, name.encode(), value.encode())
        shape = (("shape", "box"), ("fixedsize", "true"), ("margin", "0"), ("label", ""), ("width", ""), ("height", ""))
        for name, value in shape:
            graphviz.agattr(self._graph, graphviz.AGNODE, name.encode(), value.encode())
        for name, value in (("arrowhead", "none"), ("headport", ""), ("tailport", ""), ("style", ""), ("weight", "1")):
            graphviz.agattr(self._graph, graphviz.AGEDGE, name.encode(), value.encode())

    def _node(self, name: str, width: float, height: float) -> object:
        node = graphviz.agnode(self._graph, name.encode(), 1)
        graphviz.agset(node, b"width", b"%.4f" % (width / POINTS))
        graphviz.agset(node, b"height", b"%.4f" % (height / POINTS))
        return node

    def _pins(self, sheet: Sheet) -> dict[str, bytes]:
        """Where each edge ends at its target: one place per input, in the order of the slots.

        A box with several inputs is divided into as many cells; Graphviz then heeds their order."""
        inputs: dict[str, list[Wire]] = {}
        for wire in sheet.wires:
            inputs.setdefault(wire.target, []).append(wire)
        pins = {}
        size = {id: (width, height) for id, width, height in sheet.boxes}
        for target, wires in inputs.items():
            if not 1 < len(wires) <= MOST_PINS:
                continue
            self._divide(self._nodes[target], *size[target], len(wires))
            for number, wire in enumerate(sorted(wires, key=lambda wire: wire.slot)):
                pins[wire.id] = b"i%d:%s" % (number, self._into)
        return pins

    def _wire(self, number: int, wire: Wire, pin: bytes) -> tuple[object, ...]:
        source, target = self._nodes[wire.source], self._nodes[wire.target]
        if wire.chip is None:
            return (self._edge(source, target, b"e%d" % number, self._out, pin),)
        chip = self._node(f"c{number}", *wire.chip)
        first = self._edge(source, chip, b"a%d" % number, self._out, self._into)
        return first, chip, self._edge(chip, target, b"b%d" % number, self._out, pin)

    def _divide(self, node: object, width: float, height: float, count: int) -> None:
        """Give the node a label of so many empty cells along the side where edges come in."""
        down = self._into == b"w"
        cell = '<TD PORT="i{}" FIXEDSIZE="TRUE" WIDTH="{}" HEIGHT="{}"></TD>'
        size = (int(width) - 2, int((height - 2) / count)) if down else (int((width - 2) / count), int(height) - 2)
        cells = [cell.format(number, *size) for number in range(count)]
        table = "".join(f"<TR>{cell}</TR>" for cell in cells) if down else f"<TR>{''.join(cells)}</TR>"
        label = f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{table}</TABLE>>'
        graphviz.agsafeset_label(self._graph, node, b"label", label.encode(), b"")

    def _edge(self, source: object, target: object, name: bytes, start: bytes, end: bytes) -> object:
        edge = graphviz.agedge(self._graph, source, target, name, 1)
        graphviz.agset(edge, b"tailport", start)
        graphviz.agset(edge, b"headport", end)
        return edge

    def _stack(self, number: int, column: tuple[str, ...]) -> None:
        """Hold some nodes in one column, in this order, by edges that are not drawn."""
        group = graphviz.agsubg(self._graph, b"column%d" % number, 1)
        graphviz.agsafeset(group, b"rank", b"same", b"")
        for id in column:
            graphviz.agsubnode(group, self._nodes[id], 1)
        for above, below in itertools.pairwise(column):
            edge = self._edge(self._nodes[above], self._nodes[below], b"stack", b"", b"")
            graphviz.agset(edge, b"style", b"invis")

    def centre(self, id: str) -> Point:
        return _point(graphviz.agget(self._nodes[id], b"pos"))

    def extent(self) -> tuple[float, float, float, float]:
        left, bottom, right, top = (float(side) for side in graphviz.agget(self._graph, b"bb").split(b","))
        return left, bottom, right, top


def _point(text: bytes) -> Point:
    x, y = text.split(b",")
    return float(x), float(y)


def _spline(edge: object) -> list[Point]:
    """The Bézier points of an edge without arrow heads, from its source to its target."""
    return [_point(pair) for pair in graphviz.agget(edge, b"pos").split()]


def _read_back(sheet: Sheet, graph: _Graph) -> Layout:
    left, bottom, right, top = graph.extent()

    def place(point: Point) -> Point:
        return round(point[0] - left + MARGIN, 2), round(top - point[1] + MARGIN, 2)

    boxes = tuple(Box(id, *place(graph.centre(id)), width, height) for id, width, height in sheet.boxes)
    routes = []
    for wire in sheet.wires:
        parts = graph.parts[wire.id]
        points = _spline(parts[0])
        if len(parts) > 1:
            label = place(_point(graphviz.agget(parts[1], b"pos")))
            points = _joined(points, _spline(parts[2]))
        else:
            label = place(middle(points))
        routes.append(Route(wire.id, tuple(place(point) for point in points), label))
    return Layout(right - left + 2 * MARGIN, top - bottom + 2 * MARGIN, boxes, tuple(routes))


def _joined(first: list[Point], second: list[Point]) -> list[Point]:
    """Two splines and the straight piece between them, under the label, as one."""
    return [*first, *straight(first[-1], second[0])[1:], *second[1:]]


def straight(start: Point, end: Point) -> list[Point]:
    """A straight line as Bézier points."""
    third = (end[0] - start[0]) / 3, (end[1] - start[1]) / 3
    return [start, (start[0] + third[0], start[1] + third[1]), (end[0] - third[0], end[1] - third[1]), end]


def middle(points: list[Point]) -> Point:
    """The point half way along a Bézier spline, by its parameter."""
    pieces = (len(points) - 1) // 3
    start = 3 * (pieces // 2)
    if pieces % 2 == 0:
        return points[start]
    a, b, c, d = points[start : start + 4]
    return (a[0] + 3 * b[0] + 3 * c[0] + d[0]) / 8, (a[1] + 3 * b[1] + 3 * c[1] + d[1]) / 8


# --- without Graphviz -----------------------------------------------------------

COLUMN_GAP: Final = 90.0
ROW_GAP: Final = 24.0


def _rows(sheet: Sheet) -> Layout:
    size = {id: (width, height) for id, width, height in sheet.boxes}
    columns: dict[int, list[str]] = {}
    for id, layer in dot.ranks(list(size), [(wire.source, wire.target) for wire in sheet.wires]).items():
        columns.setdefault(layer, []).append(id)
    tallest = max((_height(ids, size) for ids in columns.values()), default=0.0)
    boxes, left = {}, MARGIN
    for layer in sorted(columns):
        ids = columns[layer]
        wide = max(size[id][0] for id in ids)
        top = MARGIN + (tallest - _height(ids, size)) / 2
        for id in ids:
            boxes[id] = Box(id, left + wide / 2, top + size[id][1] / 2, *size[id])
            top += size[id][1] + ROW_GAP
        left += wide + COLUMN_GAP
    width = left - COLUMN_GAP + MARGIN if boxes else 2 * MARGIN
    routes = tuple(_line(wire, boxes) for wire in sheet.wires)
    return Layout(width, tallest + 2 * MARGIN, tuple(boxes[id] for id in size), routes)


def _height(ids: list[str], size: dict[str, tuple[float, float]]) -> float:
    return sum(size[id][1] for id in ids) + ROW_GAP * (len(ids) - 1)


def _line(wire: Wire, boxes: dict[str, Box]) -> Route:
    source, target = boxes[wire.source], boxes[wire.target]
    points = straight((source.x + source.width / 2, source.y), (target.x - target.width / 2, target.y))
    return Route(wire.id, tuple(points), middle(points))
