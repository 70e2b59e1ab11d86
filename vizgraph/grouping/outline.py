"""Make the tree of groups of a view: at most a screenful on every level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from vizgraph.grouping.drafts import MOST, Drafting, How, Part, count
from vizgraph.grouping.modules import paths
from vizgraph.grouping.order import order
from vizgraph.model import View
from vizgraph.texts import say

WHOLE: Final = 600  # nodes and edges of a view that is drawn as it is
WHOLE_MODULES: Final = 80  # the same where modules are known
OPENED: Final = 24  # parts of a level in which the largest is shown by its own parts
SOURCES: Final = 16  # leaves and constants of one level; more are a group of their own


@dataclass(frozen=True, slots=True)
class Group:
    """Some nodes that are drawn as one until they are opened; ``units`` are node ids and groups, inputs first."""

    id: str
    title: str
    how: How
    units: tuple[Unit, ...]
    count: int  # operations, or sources where it holds only those


Unit: TypeAlias = "Group | str"


def name(unit: Unit) -> str:
    """The id of a unit."""
    return unit if isinstance(unit, str) else unit.id


@dataclass(frozen=True, slots=True)
class Outline:
    """The groups of a view. ``parent`` gives for every node and group the group that it stands in, None at the top."""

    top: tuple[Unit, ...]
    groups: dict[str, Group] = field(repr=False)
    parent: dict[str, str | None] = field(repr=False)

    def units(self, group: str | None) -> tuple[Unit, ...]:
        """What stands in a group, or at the top."""
        return self.top if group is None else self.groups[group].units

    def chain(self, unit: str) -> list[str | None]:
        """The groups around a node or group, the innermost first, and None for the top."""
        found: list[str | None] = []
        around = self.parent[unit]
        while around is not None:
            found.append(around)
            around = self.parent[around]
        return [*found, None]


def outline(view: View) -> Outline | None:
    """The groups of a view; None where it is small enough to be drawn whole."""
    graph = view.graph
    size = len(graph.nodes) + len(graph.edges)
    if size <= WHOLE_MODULES:
        return None
    line = order(graph)
    known = paths(graph, line)
    if size <= WHOLE and not known:
        return None
    drafting = Drafting({node.id: node for node in graph.nodes}, line, known)
    growing = _Growing(drafting)
    top = growing.units(drafting.whole(graph.outputs))
    return _with_sources(top, view, line.sources, growing)


class _Growing:
    """Give every draft its id, level by level."""

    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting
        self._number = 0

    def units(self, parts: Sequence[Part], number: str = "") -> tuple[Unit, ...]:
        found = [self._unit(part) for part in self._opened(self._drafting.fit(parts, number))]
        return tuple(found)

    def group(self, title: str, how: How, units: Iterable[Unit], size: int) -> Group:
        return Group(self._id(), title, how, tuple(units), size)

    def _unit(self, part: Part) -> Unit:
        if isinstance(part, str):
            return part
        id = self._id()
        return Group(id, part.title, part.how, self.units(part.parts, part.number), part.count)

    def _opened(self, parts: list[Part]) -> list[Part]:
        """A part that holds nearly all of the level is shown by its own parts at once, if there is room."""
        while True:
            total = sum(map(count, parts))
            most = max(parts, key=count, default="")
            if isinstance(most, str) or 5 * most.count <= 4 * total:
                return parts
            inside = self._drafting.fit(most.parts)
            if len(parts) - 1 + len(inside) > OPENED or inside != list(most.parts):
                return parts
            place = parts.index(most)
            parts = [*parts[:place], *inside, *parts[place + 1 :]]

    def _id(self) -> str:
        """No node has a dot in its id."""
        self._number += 1
        return f"group.{self._number}"


def _with_sources(top: tuple[Unit, ...], view: View, sources: Sequence[str], growing: _Growing) -> Outline:
    """Every source stands in the smallest group that holds all its consumers."""
    bare = Outline(top, dict(_groups(top)), dict(_parents(top, None)))
    consumers: dict[str, list[str]] = defaultdict(list)
    for edge in view.graph.edges:
        consumers[edge.source].append(edge.target)
    homes: dict[str | None, list[str]] = defaultdict(list)
    for source in sources:
        homes[_home(bare, consumers[source])].append(source)

    def placed(units: tuple[Unit, ...], group: str | None) -> tuple[Unit, ...]:
        inner = [one if isinstance(one, str) else replace(one, units=placed(one.units, one.id)) for one in units]
        return (*_bundled(homes[group], growing), *inner)

    whole = placed(top, None)
    return Outline(whole, dict(_groups(whole)), dict(_parents(whole, None)))


def _home(bare: Outline, consumers: Sequence[str]) -> str | None:
    chains = [bare.chain(consumer) for consumer in set(consumers) if consumer in bare.parent]
    if not chains:
        return None
    shared = set(chains[0]).intersection(*chains[1:])
    return next(group for group in chains[0] if group in shared)


def _bundled(sources: Sequence[Unit], growing: _Growing) -> list[Unit]:
    """Few sources as they are; many as one group, in which no level holds too many."""
    units = list(sources)
    if len(units) <= SOURCES:
        return units
    while len(units) > MOST:
        units = [_sources(units[start : start + MOST], growing) for start in range(0, len(units), MOST)]
    return [_sources(units, growing)]


def _sources(units: Sequence[Unit], growing: _Growing) -> Group:
    size = sum(1 if isinstance(unit, str) else unit.count for unit in units)
    return growing.group(say("group.sources", count=size), "sources", units, size)


def _groups(units: Iterable[Unit]) -> Iterator[tuple[str, Group]]:
    for unit in units:
        if isinstance(unit, Group):
            yield unit.id, unit
            yield from _groups(unit.units)


def _parents(units: Iterable[Unit], around: str | None) -> Iterator[tuple[str, str | None]]:
    for unit in units:
        yield name(unit), around
        if isinstance(unit, Group):
            yield from _parents(unit.units, unit.id)
