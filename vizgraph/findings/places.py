"""Say where a finding is in a view: the nodes and edges of it that the view shows."""

from __future__ import annotations

from collections.abc import Mapping

from vizgraph.model import Finding, Run, View
from vizgraph.views import gather


class Places:
    """The places of findings in every view of one run."""

    def __init__(self, run: Run, views: Mapping[str, View]) -> None:
        self._owner = gather(run).owner if "math" in views else {}
        self._nodes = {name: {node.id for node in view.graph.nodes} for name, view in views.items()}
        self._edges = {name: {edge.id for edge in view.graph.edges} for name, view in views.items()}

    def of(self, finding: Finding) -> dict[str, dict[str, list[str]]]:
        """By view: the ids to be lit; the math view shows a node of the engine as the operation it belongs to."""
        return {
            name: {
                "nodes": [id for id in self._named(name, finding.nodes) if id in self._nodes[name]],
                "edges": [id for id in finding.edges if id in self._edges[name]],
            }
            for name in self._nodes
        }

    def _named(self, view: str, nodes: tuple[str, ...]) -> list[str]:
        if view != "math":
            return list(nodes)
        return list(dict.fromkeys(self._owner.get(node, node) for node in nodes))
