"""Lay boxes and links out in Graphviz's memory, in a process that may die.

Graphviz through pygraphviz crashes when a layout is freed, so nothing here is
ever freed: every layout leaks. It opens no file and measures no text, so it runs
where a process may open nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pygraphviz import graphviz as gv  # its low-level functions: the classes above them write files and free

from vizgraph.drawing.dot import POINTS
from vizgraph.drawing.layout.curves import Point

MOST_PINS: Final = 8  # inputs of one box that get a place of their own

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one box to another, both by their number; a heavy one is kept straight.

    ``place`` of several inputs (number, count) is where it ends at its target; Graphviz heeds their order."""

    source: int
    target: int
    weight: int = 1
    place: tuple[int, int] | None = None


class Placed:
    """Boxes of these sizes, placed in layers; some stand in one layer, in the order of their column."""

    def __init__(
        self,
        sizes: Sequence[Size],
        links: Sequence[Link],
        columns: Sequence[Sequence[int]],
        settings: Mapping[str, str],
    ) -> None:
        self._into, self._out = ("w", "e") if settings.get("rankdir") == "LR" else ("n", "s")
        self._graph = gv.agraphnew(b"vizgraph", False, True)
        self._declare(settings)
        self._nodes = [self._node(number, size) for number, size in enumerate(sizes)]
        self._divide(sizes, links)
        self._edges = [self._link(number, link) for number, link in enumerate(links)]
        for number, column in enumerate(columns):
            self._stack(number, column)
        context = gv.gvContextWithBuiltins()
        if gv.gvLayout(context, self._graph, b"dot") != 0:
            raise RuntimeError("Graphviz could not place the graph")
        gv.gvRenderData(context, self._graph, b"dot")  # this attaches the positions

    def centres(self) -> list[Point]:
        """The middle of every box, y downwards."""
        return [_point(gv.agget(node, b"pos")) for node in self._nodes]

    def splines(self) -> list[list[Point]]:
        """The Bézier points of every link from source to target; none where Graphviz lost it."""
        return [[_point(pair) for pair in gv.agget(edge, b"pos").split()] for edge in self._edges]

    def _declare(self, settings: Mapping[str, str]) -> None:
        for name, value in settings.items():
            gv.agattr(self._graph, gv.AGRAPH, name.encode(), value.encode())
        shape = (("shape", "box"), ("fixedsize", "true"), ("margin", "0"), ("label", ""), ("width", ""), ("height", ""))
        for name, value in shape:
            gv.agattr(self._graph, gv.AGNODE, name.encode(), value.encode())
        line = (("arrowhead", "none"), ("headport", ""), ("tailport", self._out), ("style", ""), ("weight", "1"))
        for name, value in line:
            gv.agattr(self._graph, gv.AGEDGE, name.encode(), value.encode())

    def _node(self, number: int, size: Size) -> object:
        node = gv.agnode(self._graph, b"n%d" % number, 1)
        gv.agset(node, b"width", b"%.4f" % (size[0] / POINTS))
        gv.agset(node, b"height", b"%.4f" % (size[1] / POINTS))
        return node

    def _link(self, number: int, link: Link) -> object:
        edge = gv.agedge(self._graph, self._nodes[link.source], self._nodes[link.target], b"e%d" % number, 1)
        pin = f"i{link.place[0]}:{self._into}" if _is_pinned(link) and link.place else self._into
        gv.agset(edge, b"headport", pin.encode())
        if link.weight != 1:
            gv.agset(edge, b"weight", b"%d" % link.weight)
        return edge

    def _divide(self, sizes: Sequence[Size], links: Sequence[Link]) -> None:
        """Give every box with several inputs a label of so many empty cells on the side where they come in."""
        for target, count in {link.target: link.place[1] for link in links if link.place and _is_pinned(link)}.items():
            width, height = sizes[target]
            down = self._into == "w"
            cell = '<TD PORT="i{}" FIXEDSIZE="TRUE" WIDTH="{}" HEIGHT="{}"></TD>'
            size = (int(width) - 2, int((height - 2) / count)) if down else (int((width - 2) / count), int(height) - 2)
            cells = [cell.format(number, *size) for number in range(count)]
            table = "".join(f"<TR>{cell}</TR>" for cell in cells) if down else f"<TR>{''.join(cells)}</TR>"
            label = f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{table}</TABLE>>'
            gv.agsafeset_label(self._graph, self._nodes[target], b"label", label.encode(), b"")

    def _stack(self, number: int, column: Sequence[int]) -> None:
        """Hold some boxes in one layer, in this order, by edges that are not drawn."""
        group = gv.agsubg(self._graph, b"column%d" % number, 1)
        gv.agsafeset(group, b"rank", b"same", b"")
        for box in column:
            gv.agsubnode(group, self._nodes[box], 1)
        for above, below in itertools.pairwise(column):
            edge = gv.agedge(self._graph, self._nodes[above], self._nodes[below], b"stack", 1)
            gv.agset(edge, b"style", b"invis")
            gv.agset(edge, b"tailport", b"")


def _is_pinned(link: Link) -> bool:
    return link.place is not None and 1 < link.place[1] <= MOST_PINS


def _point(text: bytes) -> Point:
    """Graphviz's y grows upwards, ours downwards."""
    x, y = text.split(b",")
    return float(x), -float(y)
