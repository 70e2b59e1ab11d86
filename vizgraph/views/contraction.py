"""Contract the engine's graph to the mathematics: a node per operation as written, with its operands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vizgraph.model import Edge, Graph, Kind, Node, Run
from vizgraph.views.groups import Group, Groups, Operand


def contract(run: Run, groups: Groups) -> tuple[Graph, dict[str, Edge]]:
    """The graph that the outputs need, and the engine's edge behind every edge that a gradient travels."""
    boundary = _boundaries(run, groups)
    edges: dict[str, list[Edge]] = {}
    engine_edges: dict[str, Edge] = {}
    outputs = tuple(dict.fromkeys(groups.owner[node] for node in run.graph.outputs if node in groups.owner))
    pending = list(_roots(run, groups, outputs))
    while pending:  # an explicit stack: a graph may be deeper than Python can recurse
        group = groups.by_id[pending.pop()]
        if group.id in edges:
            continue
        edges[group.id] = []
        for edge, behind in _incoming(group, boundary[group.id], groups):
            edges[group.id].append(edge)
            pending.append(edge.source)
            if behind is not None:
                engine_edges[edge.id] = behind
    ordered = [group for group in groups.by_id.values() if group.id in edges]
    engine_nodes = {node.id: node for node in run.graph.nodes}
    nodes = tuple(_node(group, engine_nodes.get(group.id), outputs) for group in ordered)
    return Graph(nodes, tuple(edge for group in ordered for edge in edges[group.id]), outputs), engine_edges


def _roots(run: Run, groups: Groups, outputs: tuple[str, ...]) -> Iterable[str]:
    """What is shown with all that it needs: the outputs; where backward never ran, whatever nothing uses.

    What an error is about is shown in any case."""
    error = run.error
    about = (error.node, *error.also) if error is not None else ()
    culprits = tuple(filter(None, (standing(groups, id) for id in about if id is not None)))
    outputs = (*outputs, *culprits)
    if run.passes:
        return outputs
    used = {operand.source for group in groups.by_id.values() for operand in group.operands}
    used |= {groups.owner[edge.source] for edge in run.graph.edges}
    sinks = [group for group in groups.by_id.values() if group.id not in used]
    differentiable = [group.id for group in sinks if group.members]
    return (*outputs, *(differentiable or [group.id for group in sinks]))


def standing(groups: Groups, id: str) -> str | None:
    """The group that stands for a call or for a node of the engine."""
    return groups.owner.get(id) or groups.home.get(id)


def _boundaries(run: Run, groups: Groups) -> dict[str, list[tuple[Edge, int]]]:
    """For each group the engine's edges that enter it from another one, in written order, with the result's slot.

    Following slots from the result inwards meets the operands in the order in which they were written."""
    incoming: dict[str, list[Edge]] = defaultdict(list)
    for edge in run.graph.edges:
        incoming[edge.target].append(edge)
    for edges in incoming.values():
        edges.sort(key=lambda edge: edge.slot)
    return {group.id: list(_entering(group, incoming, groups.owner)) for group in groups.by_id.values()}


def _entering(
    group: Group, incoming: dict[str, list[Edge]], owner: dict[str, str]
) -> Iterator[tuple[Edge, int]]:  # fmt: skip
    seen: set[str] = set()
    for member in group.members:
        pending = [] if member in seen else [(edge, edge.slot) for edge in reversed(incoming[member])]
        seen.add(member)
        while pending:
            edge, slot = pending.pop()
            if owner[edge.source] != group.id:
                yield edge, slot
            elif edge.source not in seen:
                seen.add(edge.source)
                pending.extend((inner, slot) for inner in reversed(incoming[edge.source]))


def _incoming(group: Group, boundary: list[tuple[Edge, int]], groups: Groups) -> Iterator[tuple[Edge, Edge | None]]:
    """The edges into a group in written order, each with the engine's edge behind it."""
    if group.call is None:
        yield from ((_named(group, slot, groups.owner[edge.source], edge), edge) for edge, slot in boundary)
        return
    unmatched = list(group.operands)
    found: list[tuple[Edge, Edge | None]] = []
    for edge, _ in boundary:
        source = groups.owner[edge.source]
        slot = _take(unmatched, group.operands, source)
        found.append((_named(group, edge.slot if slot is None else slot, source, edge), edge))
    for operand in unmatched:
        if _is_shown(group, operand, groups):
            identity = f"{operand.source}__{group.id}__{operand.slot}__still"
            found.append((Edge(identity, operand.source, group.id, operand.slot, operand.result, False), None))
    yield from sorted(found, key=lambda pair: pair[0].slot)


def _take(unmatched: list[Operand], operands: tuple[Operand, ...], source: str) -> int | None:
    """The slot of the next operand from that source; of the last one where the engine reads it more often."""
    for operand in unmatched:
        if operand.source == source:
            unmatched.remove(operand)
            return operand.slot
    return next((operand.slot for operand in reversed(operands) if operand.source == source), None)


def _is_shown(group: Group, operand: Operand, groups: Groups) -> bool:
    """Whether an operand that no gradient reaches is drawn: what a constant was made of is not."""
    source = groups.by_id.get(operand.source)
    if source is None or group.call is None or group.call.kind in ("constant", "leaf"):
        return False
    is_base = group.assembly is not None and operand.slot == len(group.assembly.writes)
    return not (is_base and group.assembly is not None and group.assembly.covers_base)


def _named(group: Group, slot: int, source: str, edge: Edge) -> Edge:
    return Edge(edge.id, source, group.id, slot, edge.result)


def _node(group: Group, engine_node: Node | None, outputs: tuple[str, ...]) -> Node:
    call = group.call
    if call is None:
        assert engine_node is not None  # a group without a call stands for an engine node
        return replace(engine_node, operation=group.operation) if group.operation else engine_node
    value = call.values[0] if len(call.values) == 1 else None
    kind: Kind = "output" if call.kind == "operation" and call.id in outputs else call.kind
    return Node(
        call.id,
        kind,
        "assemble" if group.assembly else call.operation,
        engine_node.grad_fn if engine_node else None,
        call.name,
        group.assembly.expression if group.assembly else call.expression,
        value,
        value.shape if value else None,
        value.dtype if value else None,
        call.span,
        module=call.module,
    )
