"""Put the operations of a graph into one line, inputs first, and say what crosses each place of it.

Whatever stretch of this line is taken for a group, the graph of groups has no cycle.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

from vizgraph.model import Graph
from vizgraph.sorting import in_line


@dataclass(frozen=True, slots=True)
class Order:
    """``operations`` have inputs; ``sources`` have none: leaves, constants, cuts.

    ``place`` is the number of every operation, ``crossing[i]`` how many edges pass between i - 1 and i."""

    operations: tuple[str, ...]
    sources: tuple[str, ...]
    place: dict[str, int]
    crossing: tuple[int, ...]
    inputs: dict[str, list[str]]


def order(graph: Graph) -> Order:
    """The line that stays closest to the order in which the forward pass made the nodes."""
    targets = {edge.target for edge in graph.edges}
    line = [id for id in _sorted(graph) if id in targets]
    place = {id: number for number, id in enumerate(line)}
    steps = [0] * (len(line) + 1)
    for edge in graph.edges:
        if edge.source in place:
            steps[place[edge.source] + 1] += 1
            steps[place[edge.target] + 1] -= 1
    sources = tuple(node.id for node in graph.nodes if node.id not in targets)
    inputs: dict[str, list[str]] = {id: [] for id in line}
    for edge in graph.edges:
        inputs[edge.target].append(edge.source)
    return Order(tuple(line), sources, place, tuple(accumulate(steps)), inputs)


def _sorted(graph: Graph) -> list[str]:
    made = {node.id: number for number, node in enumerate(graph.nodes)}
    if all(made[edge.source] < made[edge.target] for edge in graph.edges):
        return list(made)
    consumers: dict[str, list[str]] = {id: [] for id in made}
    for edge in graph.edges:
        consumers[edge.source].append(edge.target)
    return in_line(made, consumers)
