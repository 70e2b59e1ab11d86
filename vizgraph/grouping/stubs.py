"""Split the far uses of a hub: each gets a small copy of the hub beside it, and no edge runs through everything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from vizgraph.model import Beat, Edge, Graph, Node, Timeline, View

FAR: Final = 4  # layers
USES: Final = 3  # of one node; with more, its far ones are split off
SMALL: Final = 16  # nodes of a view that needs no splitting


def split(view: View, timeline: Timeline, layer: dict[str, int]) -> tuple[View, Timeline]:
    """The same view with a stub for each far use of a hub; its stubs are lit with its edges.

    ``layer`` is the layer of every node (`dot.ranks`)."""
    if len(view.graph.nodes) <= SMALL:
        return view, timeline
    uses: dict[str, list[Edge]] = defaultdict(list)
    for edge in view.graph.edges:
        uses[edge.source].append(edge)
    stubs = {
        edge.id: f"{edge.source}.at.{edge.target}"
        for edges in uses.values()
        if len({edge.target for edge in edges}) > USES
        for edge in edges
        if layer[edge.target] - layer[edge.source] > FAR
    }
    if not stubs:
        return view, timeline
    nodes = {node.id: node for node in view.graph.nodes}
    copies = {
        stubs[edge.id]: _stub(nodes[edge.source], stubs[edge.id]) for edge in view.graph.edges if edge.id in stubs
    }
    edges = tuple(replace(edge, source=stubs.get(edge.id, edge.source)) for edge in view.graph.edges)
    graph = Graph((*view.graph.nodes, *copies.values()), edges, view.graph.outputs)
    beats = tuple(_lit(beat, stubs) for beat in timeline.beats)
    return replace(view, graph=graph), replace(timeline, beats=beats)


def _stub(node: Node, id: str) -> Node:
    called = node.name or node.expression or node.operation
    return replace(node, id=id, kind="stub", name=called, expression=None, value=None)


def _lit(beat: Beat, stubs: dict[str, str]) -> Beat:
    own = [stubs[edge] for edge in beat.edges if edge in stubs]
    return replace(beat, nodes=(*beat.nodes, *dict.fromkeys(own))) if own else beat
