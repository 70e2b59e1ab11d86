"""Find the way of every entry of the Jacobian through a graph: the edges from one leaf entry to one output entry.

Where the local Jacobians are recorded, only edges that really carry something from the one entry to the other
count: y[0] = x1*x2 and y[1] = x1 + x2 part although both are entries of y.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

from vizgraph.model import Call, Edge, Matrix, Pass, View

ALL: Final = -1  # every entry of a tensor, as a set of bits
FINE: Final = 64  # entries of a Jacobian up to which every one has a way of its own


Ways = dict[tuple[int, int], tuple[str, ...]]
Place = tuple[str, int]


def ways(view: View, number: int, leaves: Sequence[str], columns: int, rows: int, *, fine: bool = True) -> Ways:
    """(i, j) -> the edges from leaf entry j to output entry i in pass ``number``, in forward order.

    ``leaves`` are the names of the leaves in the order of the columns. Where it is not to be ``fine``, all entries of a
    tensor are one, whatever is zero at this point."""
    one = view.passes[number]
    starts, ends = places(view, number, leaves)
    if len(starts) != columns or len(ends) != rows:
        return {}
    travel = _Travel(view, one, fine=fine and rows * columns <= FINE)
    forward = {start: travel.forward(*start) for start in dict.fromkeys(map(travel.place, starts))}
    backward = {end: travel.backward(*end) for end in dict.fromkeys(map(travel.place, ends))}
    known: dict[tuple[tuple[str, int], tuple[str, int]], tuple[str, ...]] = {}
    found: Ways = {}
    for i, end in enumerate(map(travel.place, ends)):
        for j, start in enumerate(map(travel.place, starts)):
            if (start, end) not in known:
                known[start, end] = travel.between(forward[start], backward[end])
            found[i, j] = known[start, end]
    return found


def _leaf_nodes(view: View, one: Pass, leaves: Sequence[str]) -> list[str]:
    found = {done.leaf: done.node for done in one.gradients}
    named = {node.name: node.id for node in view.graph.nodes if node.kind == "leaf" and node.name}
    return [node for leaf in leaves if (node := found.get(leaf) or named.get(leaf)) is not None]


def places(view: View, number: int, leaves: Sequence[str]) -> tuple[list[Place], list[Place]]:
    """(node, entry) of every column and of every row of the Jacobian."""
    one = view.passes[number]
    shapes = {node.id: node.shape or () for node in view.graph.nodes}
    starts = [(id, entry) for id in _leaf_nodes(view, one, leaves) for entry in range(prod(shapes[id]))]
    return starts, [(seed.node, entry) for seed in one.seeds for entry in range(prod(seed.gradient.shape))]


class _Travel:
    """Follows sets of entries (as bits) along the edges of one view."""

    def __init__(self, view: View, one: Pass, *, fine: bool) -> None:
        self._order = [node.id for node in view.graph.nodes]
        self._edges = [edge for edge in view.graph.edges if edge.flows]
        self._into: dict[str, list[Edge]] = defaultdict(list)
        self._out_of: dict[str, list[Edge]] = defaultdict(list)
        for edge in self._edges:
            self._into[edge.target].append(edge)
            self._out_of[edge.source].append(edge)
        local = {item.edge: item.local for step in one.steps for item in step.contributions if item.local is not None}
        self._rows = {id: _row_bits(matrix) for id, matrix in local.items()} if fine else {}
        self._fine = fine

    def place(self, place: Place) -> Place:
        """The place as it counts: where the Jacobian is large, all entries of a tensor are one."""
        return (place[0], 1 << place[1]) if self._fine else (place[0], ALL)

    def forward(self, node: str, entries: int) -> dict[str, int]:
        """The entries of every node that depend on these."""
        reached = defaultdict(int, {node: entries})
        for id in self._order:
            if reached[id]:
                for edge in self._out_of[id]:
                    reached[edge.target] |= self._on(edge, reached[id])
        return reached

    def backward(self, node: str, entries: int) -> dict[str, int]:
        """The entries of every node on which these depend."""
        reached = defaultdict(int, {node: entries})
        for id in reversed(self._order):
            if reached[id]:
                for edge in self._into[id]:
                    reached[edge.source] |= self._back(edge, reached[id])
        return reached

    def between(self, forward: Mapping[str, int], backward: Mapping[str, int]) -> tuple[str, ...]:
        """The edges that carry something of what goes forward to what is asked for."""
        return tuple(
            edge.id
            for edge in self._edges
            if forward.get(edge.source)
            and backward.get(edge.target)
            and self._on(edge, forward[edge.source]) & backward[edge.target]
        )

    def _on(self, edge: Edge, entries: int) -> int:
        rows = self._rows.get(edge.id)
        if rows is None:
            return ALL if entries else 0
        return sum(1 << place for place, row in enumerate(rows) if row & entries)

    def _back(self, edge: Edge, entries: int) -> int:
        rows = self._rows.get(edge.id)
        if rows is None:
            return ALL if entries else 0
        found = 0
        for place, row in enumerate(rows):
            if entries >> place & 1:
                found |= row
        return found


def _row_bits(matrix: Matrix) -> list[int]:
    """For each row of a Jacobian the columns that are not zero."""
    rows = []
    for start in range(0, len(matrix.entries), matrix.columns or 1):
        line = matrix.entries[start : start + matrix.columns]
        rows.append(sum(1 << place for place, entry in enumerate(line) if entry))
    return rows


def passage(view: View, sources: Sequence[Call], target: Call, stops: Sequence[Call] = ()) -> set[str]:
    """The edges on every way from the values of ``sources`` to that of ``target`` that passes no value of ``stops``."""
    ids = {node.id for node in view.graph.nodes}
    starts = {id for call in sources for id in _ids(call, ids)}
    ends = set(_ids(target, ids))
    walls = starts.union(*(_ids(call, ids) for call in stops)) - ends
    into: dict[str, list[Edge]] = defaultdict(list)
    for edge in view.graph.edges:
        if edge.flows:
            into[edge.target].append(edge)
    found: dict[str, list[Edge]] = {}
    waiting, seen = list(ends), set(ends)
    while waiting:
        for edge in into[waiting.pop()]:
            found.setdefault(edge.source, []).append(edge)
            if edge.source not in walls and edge.source not in seen:
                seen.add(edge.source)
                waiting.append(edge.source)
    kept: set[str] = set()
    waiting = [id for id in starts if id in found]
    seen = set(waiting)
    while waiting:
        for edge in found.get(waiting.pop(), ()):
            kept.add(edge.id)
            if edge.target not in seen:  # a result may have been made by several functions, one after the other
                seen.add(edge.target)
                waiting.append(edge.target)
    return kept


def _ids(call: Call, known: set[str]) -> list[str]:
    """The nodes of a view that stand for the value of a call; the function that made the result comes first."""
    return [id for id in (call.id, *call.nodes) if id in known]
