"""Say of every operation in which module it ran: as recorded, else as the names of its parameters tell."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from vizgraph.grouping.order import Order
from vizgraph.model import Graph

Path = tuple[str, ...]


def paths(graph: Graph, line: Order) -> dict[str, Path]:
    """The module path of every operation, part by part; nothing where no module is known."""
    nodes = {node.id: node for node in graph.nodes}
    recorded = {id: path for id in line.operations if (path := nodes[id].module)}
    if recorded:
        return {id: tuple(path.split(".")) for id, path in recorded.items()}
    return _between(_by_parameters(graph, line), line)


def _by_parameters(graph: Graph, line: Order) -> dict[str, Path]:
    """An operation that uses ``layers.3.weight`` runs in ``layers.3``."""
    names = {node.id: node.name for node in graph.nodes if node.kind == "leaf" and node.name and "." in node.name}
    found: dict[str, Path] = {}
    for edge in graph.edges:
        if edge.source in names and edge.target in line.place:
            path = tuple(names[edge.source].split(".")[:-1])
            found[edge.target] = common(found[edge.target], path) if edge.target in found else path
    return found


def _between(known: dict[str, Path], line: Order) -> dict[str, Path]:
    """What follows a layer belongs to the module around that layer: its activation, the end of its block."""
    found: dict[str, Path] = defaultdict(tuple, known)
    anchors = [place for place, id in enumerate(line.operations) if id in known]
    for before, after in pairwise(anchors):
        around = known[line.operations[before]][:-1]
        found |= dict.fromkeys(line.operations[before + 1 : after], around)
    return {id: path for id, path in found.items() if path}


def common(one: Path, other: Path) -> Path:
    """The parts with which both begin."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
