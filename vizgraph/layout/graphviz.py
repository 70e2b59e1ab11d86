"""Lay a graph out in Graphviz's memory, in a process that may die.

Graphviz through pygraphviz crashes when a layout is freed, so nothing here is
ever freed: every layout leaks. It opens no file and measures no text, so it runs
where a process may open nothing.
"""

from __future__ import annotations

import itertools
from typing import Final

from pygraphviz import graphviz as gv  # its low-level functions: the classes above them write files and free

from vizgraph.dot import POINTS, Sheet, Wire
from vizgraph.layout.curves import Point
from vizgraph.model import Box

MOST_PINS: Final = 8  # inputs of one box that get a place of their own


class Placed:
    """A graph in Graphviz's memory, laid out.

    An edge with a label becomes two, with the label as a box between them: so the label has its room and
    stands on the line."""

    def __init__(self, sheet: Sheet, *, pinned: bool) -> None:
        self._sheet = sheet
        self.level = dict(sheet.settings).get("rankdir") == "LR"
        self._into, self._out = (b"w", b"e") if self.level else (b"n", b"s")
        self._graph = gv.agraphnew(b"vizgraph", False, True)
        self._declare(sheet)
        self._nodes = {id: self._node(f"n{i}", w, h) for i, (id, w, h) in enumerate(sheet.boxes)}
        pins = self._pins(sheet) if pinned else {}
        parts = ((wire.id, self._wire(i, wire, pins.get(wire.id, self._into))) for i, wire in enumerate(sheet.wires))
        self._parts = dict(parts)
        for number, column in enumerate(sheet.columns):
            self._stack(number, column)
        context = gv.gvContextWithBuiltins()
        if gv.gvLayout(context, self._graph, b"dot") != 0:
            raise RuntimeError("Graphviz could not place the graph")
        gv.gvRenderData(context, self._graph, b"dot")  # this attaches the positions

    def boxes(self) -> dict[str, Box]:
        """The placed nodes, y downwards."""
        return {id: Box(id, *_centre(self._nodes[id]), width, height) for id, width, height in self._sheet.boxes}

    def splines(self, id: str) -> list[list[Point]]:
        """The Bézier points of an edge from source to target: one spline, or one to and one from its label."""
        return [_spline(part) for part in self._parts[id][::2]]

    def label(self, id: str) -> Point | None:
        """The centre of the label of an edge."""
        parts = self._parts[id]
        return _centre(parts[1]) if len(parts) > 1 else None

    def _declare(self, sheet: Sheet) -> None:
        for name, value in sheet.settings:
            gv.agattr(self._graph, gv.AGRAPH, name.encode(), value.encode())
        shape = (("shape", "box"), ("fixedsize", "true"), ("margin", "0"), ("label", ""), ("width", ""), ("height", ""))
        for name, value in shape:
            gv.agattr(self._graph, gv.AGNODE, name.encode(), value.encode())
        for name, value in (("arrowhead", "none"), ("headport", ""), ("tailport", ""), ("style", ""), ("weight", "1")):
            gv.agattr(self._graph, gv.AGEDGE, name.encode(), value.encode())

    def _node(self, name: str, width: float, height: float) -> object:
        node = gv.agnode(self._graph, name.encode(), 1)
        gv.agset(node, b"width", b"%.4f" % (width / POINTS))
        gv.agset(node, b"height", b"%.4f" % (height / POINTS))
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
        gv.agsafeset_label(self._graph, node, b"label", label.encode(), b"")

    def _edge(self, source: object, target: object, name: bytes, start: bytes, end: bytes) -> object:
        edge = gv.agedge(self._graph, source, target, name, 1)
        gv.agset(edge, b"tailport", start)
        gv.agset(edge, b"headport", end)
        return edge

    def _stack(self, number: int, column: tuple[str, ...]) -> None:
        """Hold some nodes in one column, in this order, by edges that are not drawn."""
        group = gv.agsubg(self._graph, b"column%d" % number, 1)
        gv.agsafeset(group, b"rank", b"same", b"")
        for id in column:
            gv.agsubnode(group, self._nodes[id], 1)
        for above, below in itertools.pairwise(column):
            edge = self._edge(self._nodes[above], self._nodes[below], b"stack", b"", b"")
            gv.agset(edge, b"style", b"invis")


def _centre(node: object) -> Point:
    return _point(gv.agget(node, b"pos"))


def _point(text: bytes) -> Point:
    """Graphviz's y grows upwards, ours downwards."""
    x, y = text.split(b",")
    return float(x), -float(y)


def _spline(edge: object) -> list[Point]:
    """The Bézier points of an edge without arrow heads; none where Graphviz lost it."""
    return [_point(pair) for pair in gv.agget(edge, b"pos").split()]
