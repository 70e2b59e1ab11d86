"""Gather the engine's nodes into the operations that were written."""

from __future__ import annotations

from dataclasses import dataclass

from vizgraph.model import Call, Graph, Ref, Run
from vizgraph.views.assembly import Assembly, assemblies
from vizgraph.views.operands import references
from vizgraph.views.plumbing import LINEAR, homes, leaves_by_use, linear


@dataclass(frozen=True, slots=True)
class Operand:
    """The result ``result`` of group ``source`` stands at position ``slot`` of an operation as written."""

    source: str
    slot: int
    result: int


@dataclass(frozen=True, slots=True)
class Group:
    """One node of the math view before it is drawn.

    ``members`` are its nodes in the engine's graph, the one that made the result
    first; empty for constants, cuts and what stands behind a cut. ``call`` is None
    for an engine node that no call accounts for (always so for `vizgraph.trace`);
    ``operation`` then is what it is called together with its plumbing."""

    id: str
    members: tuple[str, ...]
    operands: tuple[Operand, ...]
    call: Call | None = None
    assembly: Assembly | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups by id in forward order, the group of every engine node, and that of every call."""

    by_id: dict[str, Group]
    owner: dict[str, str]
    home: dict[str, str]


def gather(run: Run) -> Groups:
    """A group per call, one per chain of index writes, one per engine node that is left."""
    return _live(run.graph) if not run.calls else _written(run)


def _live(graph: Graph) -> Groups:
    """Live code: a group per function, together with the plumbing before it."""
    home = homes(graph)
    products = linear(graph, home)
    members: dict[str, list[str]] = {id: [id] for id in leaves_by_use(graph) if home[id] == id}
    for node in reversed(graph.nodes):
        if home[node.id] != node.id:
            members[home[node.id]].append(node.id)
    by_id = {
        id: Group(id, tuple(inside), (), operation=LINEAR if id in products else None) for id, inside in members.items()
    }
    return Groups(by_id, home, {})


def _written(run: Run) -> Groups:
    """A program: a group per call, per chain of index writes, and per engine node that is left."""
    chains = assemblies(run)
    home = {call.id: call.id for call in run.calls}
    home |= {write.id: chain.id for chain in chains.values() for write in chain.writes}
    present = {node.id for node in run.graph.nodes}
    members: dict[str, list[str]] = {group: [] for group in home.values()}
    owner: dict[str, str] = {}
    for call in run.calls:
        for node in dict.fromkeys((call.id, *call.nodes)):
            if node in present and node not in owner:
                owner[node] = home[call.id]
                members[home[call.id]].append(node)
    by_id = {
        call.id: _group(call, chains.get(call.id), members[call.id], home) for call in run.calls if call.id in members
    }
    for left in run.graph.nodes:
        if left.id not in owner:
            owner[left.id] = left.id
            by_id[left.id] = Group(left.id, (left.id,), ())
    return Groups(by_id, owner, home)


def _group(call: Call, chain: Assembly | None, members: list[str], home: dict[str, str]) -> Group:
    if chain is None:
        operands = tuple(Operand(home.get(ref.id, ref.id), slot, ref.result) for ref, slot in references(call))
        return Group(call.id, tuple(members), operands, call)
    result_first = sorted(members, key=lambda node: node != call.id)
    return Group(call.id, tuple(result_first), _assembled(chain, home), call, chain)


def _assembled(chain: Assembly, home: dict[str, str]) -> tuple[Operand, ...]:
    """The base first, as the engine's first write meets it first; its slot comes after those of the writes."""
    operands = [Operand(home.get(chain.base.id, chain.base.id), len(chain.writes), chain.base.result)]
    for slot, write in enumerate(chain.writes):
        value = write.arguments[2]
        if isinstance(value, Ref):
            operands.append(Operand(home.get(value.id, value.id), slot, value.result))
    return tuple(operands)
