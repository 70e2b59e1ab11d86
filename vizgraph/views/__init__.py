"""Contract the engine's graph to the mathematics, or leave it exact."""

from vizgraph.model import Run, View
from vizgraph.views.assembly import Assembly, assemblies, entries
from vizgraph.views.contraction import contract
from vizgraph.views.groups import gather
from vizgraph.views.passes import retell

__all__ = ["Assembly", "assemblies", "engine", "entries", "math"]


def engine(run: Run) -> View:
    """The graph exactly as autograd holds it, and the passes in the engine's own steps."""
    return View("engine", run.graph, run.passes, run.changes)


def math(run: Run) -> View:
    """The graph as written: leaves, operations, constants and cuts, and the passes retold in them."""
    groups = gather(run)
    graph, behind = contract(run, groups)
    nodes = {node.id for node in graph.nodes}
    changes = tuple(change for change in run.changes if change.node in nodes)
    return View("math", graph, retell(run, groups, graph, behind), changes)
