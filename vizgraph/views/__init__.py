"""Contract the engine's graph to the mathematics, or leave it exact."""

from vizgraph.model import Run, View
from vizgraph.views.assembly import Assembly, assemblies, entries
from vizgraph.views.contraction import contract, standing
from vizgraph.views.groups import gather
from vizgraph.views.operands import references
from vizgraph.views.passes import retell

__all__ = ["Assembly", "assemblies", "engine", "entries", "faulty", "gather", "math", "references"]


def engine(run: Run) -> View:
    """The graph exactly as autograd holds it, and the passes in the engine's own steps."""
    return View("engine", run.graph, run.passes, run.changes)


def faulty(view: View, run: Run) -> tuple[str, ...]:
    """The nodes of a view that the run's error and notices are about, the error's first."""
    faults = (*([run.error] if run.error else []), *run.notices)
    about = dict.fromkeys(id for fault in faults for id in (fault.node, *fault.also) if id is not None)
    if not about:
        return ()
    groups = gather(run) if view.name == "math" else None
    nodes = {node.id for node in view.graph.nodes}
    found = [standing(groups, id) if groups is not None else id for id in about]
    return tuple(dict.fromkeys(id for id in found if id in nodes and id is not None))


def math(run: Run) -> View:
    """The graph as written: leaves, operations, constants and cuts, and the passes retold in them."""
    groups = gather(run)
    graph, behind = contract(run, groups)
    nodes = {node.id for node in graph.nodes}
    changes = tuple(change for change in run.changes if change.node in nodes)
    return View("math", graph, retell(run, groups, graph, behind), changes)
