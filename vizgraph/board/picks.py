"""Tell what lights up together: the edges and the entries of the Jacobian that belong to each key in the formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vizgraph.board.chain import Path, paths
from vizgraph.board.slate import Slate
from vizgraph.board.ways import Ways, passage, ways
from vizgraph.model import View


class Picks:
    """The keys in the formulas, each with its way through every view and its entries of the Jacobian."""

    def __init__(self, on_it: Slate, views: Mapping[str, View]) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.ways: list[dict[str, list[str]]] = []
        self._known: dict[str, int] = {}
        self._views = views
        self._order = {
            name: {edge.id: place for place, edge in enumerate(view.graph.edges)} for name, view in views.items()
        }
        m, n = len(on_it.rows), len(on_it.columns)
        self._width = n
        self._found = {name: _ways(on_it, view) for name, view in views.items()}
        for i in range(m):
            for j in range(n):
                self._add(f"c{i}.{j}", [(i, j)])
        for i in range(m):
            self._add(f"v{i}", [(i, j) for j in range(n)])
        for j in range(n):
            self._add(f"g{j}", [(i, j) for i in range(m)])
        if on_it.plan is not None:
            self._functions(on_it)
            for path in paths(on_it):
                self._path(on_it, path)

    def _add(self, key: str, cells: list[tuple[int, int]], edges: Mapping[str, Iterable[str]] | None = None) -> None:
        own = edges or {
            name: dict.fromkeys(edge for cell in cells for edge in found.get(cell, ()))
            for name, found in self._found.items()
        }
        way = {name: sorted(kept, key=self._order[name].__getitem__) for name, kept in own.items()}
        text = repr(way)
        if text not in self._known:
            self._known[text] = len(self.ways)
            self.ways.append(way)
        self.keys[key] = {"way": self._known[text], "cells": [i * self._width + j for i, j in cells]}

    def _cells_on(self, edges: Mapping[str, set[str]]) -> list[tuple[int, int]]:
        return [cell for cell, way in self._found.get("math", {}).items() if edges["math"] & set(way)]

    def _functions(self, on_it: Slate) -> None:
        """A function belongs to the edges between the named values that it is made of and itself."""
        assert on_it.plan is not None
        calls = {call.id: call for call in on_it.plan.calls}
        named = {id for id in on_it.plan.names if id in calls}
        for id, call in calls.items():
            if call.kind != "operation":
                continue
            between = [calls[other] for other in (named if id in named else calls) if other != id]
            edges = {name: passage(view, between, call) for name, view in self._views.items()}
            self._add(f"f{id}", self._cells_on(edges), edges)
            if call.operation == "write":
                for i, row in enumerate(on_it.rows):
                    if row.name == on_it.plan.names.get(id):
                        self._add(f"f{id}.{row.index[0] if row.index else 0}", [(i, j) for j in range(self._width)])
        for link in on_it.derivation.locals:
            edges = {
                name: passage(view, [calls[link.source]], calls[link.target], [calls[o] for o in calls])
                for name, view in self._views.items()
            }
            self._add(f"l{link.target}.{link.source}", self._cells_on(edges), edges)

    def _path(self, on_it: Slate, path: Path) -> None:
        assert on_it.plan is not None
        calls = {call.id: call for call in on_it.plan.calls}
        named = [calls[id] for id in on_it.plan.names if id in calls]
        edges: dict[str, set[str]] = {name: set() for name in self._views}
        for link in path.links:
            for name, view in self._views.items():
                edges[name] |= passage(view, [calls[link.source]], calls[link.target], named)
        leaf = on_it.plan.names[path.leaf]
        output = on_it.plan.names[path.links[0].target]
        cells = [
            (i, j)
            for i, row in enumerate(on_it.rows)
            for j, column in enumerate(on_it.columns)
            if row.name == output and column.name == leaf
        ]
        self._add(path.key, cells, edges)


def _ways(on_it: Slate, view: View) -> Ways:
    """The way of each entry; one that is a formula and only here a zero (2x where x is 0) has that of its tensors."""
    m, n = len(on_it.rows), len(on_it.columns)
    found = ways(view, on_it.number, on_it.leaves, n, m)
    lost = [cell for cell, edges in found.items() if not edges and on_it.cell(*cell) not in (None, ("mn", "0"))]
    if not lost:
        return found
    coarse = ways(view, on_it.number, on_it.leaves, n, m, fine=False)
    return {**found, **{cell: coarse[cell] for cell in lost}}
