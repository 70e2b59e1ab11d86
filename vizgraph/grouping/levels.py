"""Draw one level of an outline as a view of its own: groups are nodes, what is outside stands at the rim."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from vizgraph.grouping.outline import Group, Outline, Unit, name
from vizgraph.model import Contribution, Edge, Graph, Node, Pass, Seed, Step, Value, View
from vizgraph.texts import say

STUBS: Final = 8  # on each side of an inside; the others outside share one


@dataclass(frozen=True, slots=True)
class Level:
    """The inside of ``group`` (None: the top). In ``view`` groups are nodes of the kind "group", and what is
    outside of the level are nodes of the kind "stub"; ``members`` are the nodes behind each of them."""

    group: str | None
    view: View
    members: dict[str, tuple[str, ...]]


class Levels:
    """Every level of a view; what all of them need is looked up once."""

    def __init__(self, view: View, outline: Outline) -> None:
        self.view = view
        self.outline = outline
        self._nodes = {node.id: node for node in view.graph.nodes}
        self._outputs = set(view.graph.outputs)
        self._into: dict[str, list[Edge]] = defaultdict(list)
        self._out: dict[str, list[Edge]] = defaultdict(list)
        for edge in view.graph.edges:
            self._into[edge.target].append(edge)
            self._out[edge.source].append(edge)
        self._tapes = [_Tape(one) for one in view.passes]

    def level(self, group: str | None = None) -> Level:
        """The inside of a group, or the top."""
        return _Drawing(self, group).level()

    def node(self, id: str) -> Node:
        return self._nodes[id]

    def edges(self, inside: Iterable[str]) -> Iterator[Edge]:
        """The edges that touch these nodes, in the order of the view's nodes."""
        held = set(inside)
        for id in inside:
            yield from self._into[id]
            yield from (edge for edge in self._out[id] if edge.target not in held)

    def consumers(self, id: str) -> list[Edge]:
        return self._out[id]

    def is_output(self, id: str) -> bool:
        return id in self._outputs

    @property
    def tapes(self) -> list[_Tape]:
        return self._tapes


class _Tape:
    """One pass by node and edge."""

    def __init__(self, one: Pass) -> None:
        self.whole = one
        self.steps = {step.node: step for step in one.steps}
        self.delivered = {item.edge: item for step in one.steps for item in step.contributions}
        self.seeds: dict[str, list[Seed]] = defaultdict(list)
        for seed in one.seeds:
            self.seeds[seed.node].append(seed)


class _Drawing:
    """One level while it is made."""

    def __init__(self, levels: Levels, group: str | None) -> None:
        self._levels = levels
        self._group = group
        self._units = levels.outline.units(group)
        self._members = {name(unit): tuple(_nodes(unit)) for unit in self._units}
        self._owner = {node: unit for unit, nodes in self._members.items() for node in nodes}
        self._groups = {unit.id: unit for unit in self._units if isinstance(unit, Group)}
        self._stubs: dict[str, Node] = {}
        self._around = {group, *(levels.outline.chain(group) if group else ())}
        self._behind = self._gathered()

    def level(self) -> Level:
        edges = tuple(self._edge(id, behind) for id, behind in self._behind.items())
        nodes = (*(self._node(unit) for unit in self._units), *self._stubs.values())
        outputs = tuple(unit for unit, inside in self._members.items() if any(map(self._levels.is_output, inside)))
        shown = {node.id for node in nodes}
        changes = tuple(change for change in self._levels.view.changes if change.node in shown)
        passes = tuple(self._pass(tape, edges) for tape in self._levels.tapes)
        view = View(self._levels.view.name, Graph(nodes, edges, outputs), passes, changes)
        return Level(self._group, view, self._members | dict.fromkeys(self._stubs, ()))

    # --- edges

    def _gathered(self) -> dict[str, list[Edge]]:
        """The edges behind each edge of the level, by its id: all between a group and another unit are one."""
        found: dict[str, list[Edge]] = defaultdict(list)
        ends: dict[str, tuple[str, str]] = {}
        single: dict[tuple[str, str], str] = {}
        for edge in self._levels.edges(self._owner):
            source, target = self._end(edge.source, out=False), self._end(edge.target, out=True)
            if source == target:
                continue
            if self._is_plain(source) and self._is_plain(target):
                id = edge.id
            else:
                id = single.setdefault((source, target), f"{self._group or 'top'}.e{len(single) + 1}")
            found[id].append(edge)
            ends[id] = source, target
        self._ends = ends
        return found

    def _end(self, node: str, *, out: bool) -> str:
        return self._owner[node] if node in self._owner else self._stub(node, out=out)

    def _stub(self, node: str, *, out: bool) -> str:
        """The stub for a node outside: one for each group or node that stands beside this one or one around it."""
        unit = node
        for group in self._levels.outline.chain(node):
            if group in self._around:
                break
            assert group is not None  # the top is around everything
            unit = group
        side = f"{self._group}.{'to' if out else 'from'}."
        if side + unit in self._stubs:
            return side + unit
        if sum(id.startswith(side) for id in self._stubs) < STUBS:
            self._stubs[side + unit] = self._outside(side + unit, unit)
            return side + unit
        rest = f"{side}others"
        self._stubs.setdefault(
            rest, Node(rest, "stub", "others", None, say("group.others"), None, None, None, None, None)
        )
        return rest

    def _outside(self, id: str, unit: str) -> Node:
        groups = self._levels.outline.groups
        if unit in groups:
            return Node(id, "stub", groups[unit].how, None, groups[unit].title, None, None, None, None, None)
        plain = self._levels.node(unit)
        return replace(plain, id=id, kind="stub", name=plain.name or plain.expression or plain.operation, value=None)

    def _is_plain(self, unit: str) -> bool:
        return unit not in self._groups and unit not in self._stubs

    def _edge(self, id: str, behind: list[Edge]) -> Edge:
        source, target = self._ends[id]
        result = behind[0].result if self._is_plain(source) else 0
        return Edge(id, source, target, behind[0].slot, result, any(edge.flows for edge in behind))

    # --- nodes

    def _node(self, unit: Unit) -> Node:
        if isinstance(unit, str):
            return self._levels.node(unit)
        inside = [self._levels.node(id) for id in self._members[unit.id]]
        span = next((node.span for node in inside if node.span), None)
        many = "group.sources" if unit.how == "sources" else "group.count"
        counted = say(many, count=unit.count)
        expression = None if counted == unit.title else counted
        return Node(unit.id, "group", unit.how, None, unit.title, expression, None, None, None, span)

    # --- passes

    def _pass(self, tape: _Tape, edges: tuple[Edge, ...]) -> Pass:
        into: dict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            into[edge.target].append(edge)
        given = {id: self._contribution(id, behind, tape) for id, behind in self._behind.items()}

        def step(unit: str) -> Step:
            found = tuple(item for edge in into[unit] if (item := given[edge.id]) is not None)
            before = tape.steps[unit].before if self._is_plain(unit) and unit in tape.steps else ()
            return Step(unit, self._upstream(unit, tape), found, before)

        seeds = tuple(
            replace(seed, node=self._owner[seed.node]) for seed in tape.whole.seeds if seed.node in self._owner
        )
        gradients = tuple(done for done in tape.whole.gradients if self._members.get(done.node) == (done.node,))
        steps = tuple(map(step, self._sequence(tape, edges)))
        return replace(tape.whole, seeds=seeds, steps=steps, gradients=gradients, linear=None)

    def _sequence(self, tape: _Tape, edges: tuple[Edge, ...]) -> Iterator[str]:
        """What is outside first, then consumers before what they use, a source right after its last contribution."""
        yield from (id for id in self._stubs if any(edge.target == id for edge in edges))
        ran = [unit for unit in self._members if any(node in tape.steps for node in self._members[unit])]
        place = {unit: number for number, unit in enumerate(ran)}
        used = {edge.target for edge in edges if edge.target in place}
        last: dict[str, int] = {}
        for edge in edges:
            if edge.source in place and edge.source not in used and edge.target in place:
                last[edge.source] = min(last.get(edge.source, len(ran)), place[edge.target])
        waiting: dict[int, list[str]] = defaultdict(list)
        for source, number in last.items():
            waiting[number].append(source)
        early = [unit for unit in ran if unit not in used and unit not in last]
        for unit in reversed(ran):
            if unit in used:
                yield unit
                yield from waiting[place[unit]]
        yield from early

    def _contribution(self, id: str, behind: list[Edge], tape: _Tape) -> Contribution | None:
        """What travels an edge of the level: what was recorded, or of several the norm of all together."""
        found = [tape.delivered[edge.id] for edge in behind if edge.id in tape.delivered]
        if len(behind) == 1 or not found:
            return replace(found[0], edge=id) if found else None
        gradients = [item.gradient for item in found if item.gradient is not None]
        shape = self._shape(behind)
        return Contribution(id, together(gradients, shape) if gradients else None)

    def _shape(self, behind: list[Edge]) -> tuple[int, ...]:
        """The shape of what several edges carry, where they have one source."""
        sources = {edge.source for edge in behind}
        return self._levels.node(sources.pop()).shape or () if len(sources) == 1 else ()

    def _upstream(self, unit: str, tape: _Tape) -> tuple[Value | None, ...]:
        """What arrives at a node; at a group the norm of all that arrives from outside of it."""
        if unit in self._stubs:
            return (None,)
        if self._is_plain(unit):
            return tape.steps[unit].upstream
        held = self._members[unit]
        within = set(held)
        reached = [
            id
            for id in held
            if id in tape.steps
            and (id in tape.seeds or any(edge.target not in within for edge in self._levels.consumers(id)))
        ]
        return (together([value for id in reached for value in tape.steps[id].upstream if value is not None], ()),)


def _nodes(unit: Unit) -> Iterator[str]:
    pending = [unit]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
        else:
            pending.extend(reversed(one.units))


def together(values: list[Value], shape: tuple[int, ...]) -> Value:
    """Several gradients as one, of which only the 2-norm is told.

    >>> together([Value((), "float32", (3.0,), norm=3.0), Value((), "float32", (4.0,), norm=4.0)], ()).norm
    5.0
    """
    norms = [value.norm for value in values if value.norm is not None]
    dtype = values[0].dtype if values else "float32"
    return Value(shape, dtype, None, norm=math.hypot(*norms), finite=all(value.finite for value in values))
