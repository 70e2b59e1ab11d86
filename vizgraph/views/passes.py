"""Retell the engine's backward passes in the operations that were written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from vizgraph.model import Contribution, Edge, Graph, Linear, Matrix, Pass, Run, Step
from vizgraph.sorting import in_line
from vizgraph.views.groups import Group, Groups


def retell(run: Run, groups: Groups, graph: Graph, behind: dict[str, Edge]) -> tuple[Pass, ...]:
    """Every pass with the steps of the contracted graph; ``behind`` gives the engine's edge of each edge."""
    internal: dict[str, list[Edge]] = defaultdict(list)
    for edge in run.graph.edges:
        if groups.owner[edge.source] == groups.owner[edge.target]:
            internal[groups.owner[edge.source]].append(edge)
    entering: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        if edge.flows:
            entering[edge.target].append(edge)
    return tuple(_retell(one, groups, entering, internal, behind) for one in run.passes)


def _retell(
    one: Pass,
    groups: Groups,
    entering: dict[str, list[Edge]],
    internal: dict[str, list[Edge]],
    behind: dict[str, Edge],
) -> Pass:
    steps = {step.node: step for step in one.steps}
    position = {step.node: number for number, step in enumerate(one.steps)}
    delivered = {item.edge: item for step in one.steps for item in step.contributions}
    ran = dict.fromkeys(groups.owner[step.node] for step in one.steps)
    led = {group: _lead(groups.by_id[group], position) for group in ran}
    retold: dict[str, Step] = {}
    for group, lead in led.items():
        through = _through(lead, groups.by_id[group], internal[group], delivered, position)
        contributions = tuple(
            _contribution(edge, behind[edge.id], delivered, through)
            for edge in entering[group]
            if behind[edge.id].id in delivered
        )
        retold[group] = Step(group, steps[lead].upstream, contributions, steps[lead].before)
    order = _order({group: position[lead] for group, lead in led.items()}, entering)
    seeds = tuple(replace(seed, node=groups.owner[seed.node]) for seed in one.seeds)
    linear = _linear(one.linear, led, tuple(retold.values()), behind)
    return replace(one, seeds=seeds, steps=tuple(retold[group] for group in order), linear=linear)


def _linear(
    linear: Linear | None, led: dict[str, str], steps: tuple[Step, ...], behind: dict[str, Edge]
) -> Linear | None:
    """The same matrices by group, and by the edges of the contracted graph."""
    if linear is None:
        return None
    upstream, contributions = dict(linear.upstream), dict(linear.contributions)
    edges = [item.edge for step in steps for item in step.contributions]
    return Linear(
        linear.size,
        tuple((group, upstream[lead]) for group, lead in led.items() if lead in upstream),
        tuple((edge, contributions[behind[edge].id]) for edge in edges if behind[edge].id in contributions),
    )


def _lead(group: Group, position: dict[str, int]) -> str:
    """The member whose upstream gradient is the group's: the one that made the result, if it ran."""
    return next(member for member in group.members if member in position)


def _contribution(
    edge: Edge, behind: Edge, delivered: dict[str, Contribution], through: dict[str, Matrix | None]
) -> Contribution:
    item = delivered[behind.id]
    return Contribution(edge.id, item.gradient, _compose(through, behind.target, item.local))


def _through(
    lead: str, group: Group, edges: list[Edge], delivered: dict[str, Contribution], position: dict[str, int]
) -> dict[str, Matrix | None]:
    """d(result) / d(member) of every member but the result itself, None where a factor is missing.

    Members are met in the engine's order, so that all consumers of one come before it."""
    outgoing: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        outgoing[edge.source].append(edge)
    through: dict[str, Matrix | None] = {}
    members = sorted((m for m in group.members if m in position and m != lead), key=position.__getitem__)
    for member in members:
        terms = [
            _compose(through, edge.target, delivered[edge.id].local) if edge.id in delivered else None
            for edge in outgoing[member]
            if edge.target == lead or edge.target in through
        ]
        # The Jacobian of a member with several results would need one matrix for each.
        through[member] = _sum(terms) if len({edge.result for edge in outgoing[member]}) == 1 else None
    return through


def _compose(through: dict[str, Matrix | None], member: str, local: Matrix | None) -> Matrix | None:
    """The local Jacobian of a member, seen from the result of its group."""
    if member not in through:
        return local  # the member is the result itself
    outer = through[member]
    if outer is None or local is None or outer.columns != local.rows:
        return None
    return _product(outer, local)


def _product(left: Matrix, right: Matrix) -> Matrix:
    """Local Jacobians are mostly zeros (diagonals, selections): only what is not zero is multiplied."""
    entries = [0.0] * (left.rows * right.columns)
    for row in range(left.rows):
        for middle in range(left.columns):
            factor = left.entries[row * left.columns + middle]
            if factor == 0:
                continue
            for column in range(right.columns):
                entries[row * right.columns + column] += factor * right.entries[middle * right.columns + column]
    return Matrix(left.rows, right.columns, tuple(entries))


def _sum(terms: list[Matrix | None]) -> Matrix | None:
    known = [term for term in terms if term is not None]
    if not known or len(known) < len(terms):
        return None
    total = known[0]
    for term in known[1:]:
        total = replace(total, entries=tuple(a + b for a, b in zip(total.entries, term.entries, strict=True)))
    return total


def _order(position: dict[str, int], entering: dict[str, list[Edge]]) -> list[str]:
    """Consumers before what they use; where that leaves a choice, the engine's own order."""
    sources = {group: {edge.source for edge in entering[group]} & position.keys() for group in position}
    return in_line(position, sources)
