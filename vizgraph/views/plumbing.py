"""Find the functions of live code that only hand numbers on in another shape, and what they belong to."""

from __future__ import annotations

from collections import Counter
from typing import Final

from vizgraph.model import Graph

# t, expand and their like: the functions that modules add around the mathematics
PLUMBING: Final = frozenset(
    {"t", "transpose", "permute", "view", "unsafe_view", "reshape_alias", "alias", "clone", "to_copy"}
    | {"expand", "squeeze", "unsqueeze"}
)
# a product and the slot of its right factor: with a transposed weight there it is what people call linear
PRODUCTS: Final = {"addmm": 2, "mm": 1}
LINEAR: Final = "linear"


def homes(graph: Graph) -> dict[str, str]:
    """For every function the one that it is drawn with: itself, or the only consumer of a piece of plumbing."""
    inputs = Counter(edge.target for edge in graph.edges)
    consumers = Counter(edge.source for edge in graph.edges)
    pieces = {node.id for node in graph.nodes if node.operation in PLUMBING and node.id not in graph.outputs}
    inside = {id for id in pieces if inputs[id] == consumers[id] == 1}
    target = {edge.source: edge.target for edge in graph.edges if edge.source in inside}
    home: dict[str, str] = {}
    for node in graph.nodes:
        chain = [node.id]
        while chain[-1] not in home and chain[-1] in inside:
            chain.append(target[chain[-1]])
        end = home.get(chain[-1], chain[-1])
        home |= dict.fromkeys(chain, end)
    return home


def linear(graph: Graph, home: dict[str, str]) -> frozenset[str]:
    """The products whose right factor is a transposed weight."""
    nodes = {node.id: node for node in graph.nodes}
    found = []
    for edge in graph.edges:
        target, source = nodes[edge.target], nodes[edge.source]
        if PRODUCTS.get(target.operation) == edge.slot and source.operation == "t" and home[source.id] == target.id:
            found.append(target.id)
    return frozenset(found)


def leaves_by_use(graph: Graph) -> list[str]:
    """All functions in their order, leaves in that of their first use: nobody saw them being made."""
    place = {node.id: number for number, node in enumerate(graph.nodes)}
    first: dict[str, tuple[int, int]] = {}
    for edge in graph.edges:
        use = place[edge.target], edge.slot
        first[edge.source] = min(first.get(edge.source, use), use)
    leaves = [node.id for node in graph.nodes if node.kind == "leaf"]
    leaves.sort(key=lambda id: first.get(id, (len(place), 0)))
    return [*leaves, *(node.id for node in graph.nodes if node.kind != "leaf")]
