"""Draw a view: whole where it is small, else the top of its outline, and the insides of its groups when asked."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeVar

from vizgraph.drawing import dot, svg
from vizgraph.errors import VizgraphError
from vizgraph.grouping import Level, Levels, Outline, outline, split
from vizgraph.model import Drawing, Layout, Node, Run, Timeline, View
from vizgraph.telling import timeline, tour
from vizgraph.telling.tour import Told

T = TypeVar("T")
Arrange: TypeAlias = Callable[[Sequence[str]], list[Layout]]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one drawing shows: a view with its beats; of an inside, too, where they belong."""

    view: View
    timeline: Timeline
    told: Told | None = None

    @property
    def dot(self) -> str:
        return dot.write(self.view, self.timeline)


class Picture:
    """One view of a run, drawn. ``arrange`` places several DOT texts at once."""

    def __init__(self, view: View, run: Run, arrange: Arrange) -> None:
        self._whole = view
        self._run = run
        self._arrange = arrange
        self._told: dict[str | None, Told] = {}
        self._scenes: dict[str | None, Scene] = {}

    @cached_property
    def outline(self) -> Outline | None:
        """The groups of the view; None where it is small enough to be drawn whole."""
        with undisturbed():
            return outline(self._whole)

    @cached_property
    def _levels(self) -> Levels:
        assert self.outline is not None  # there are levels only in an outline
        with undisturbed():
            return Levels(self._whole, self.outline)

    @property
    def scene(self) -> Scene:
        """What is seen at first."""
        if self.outline is not None:
            return self.inside(None)
        if None not in self._scenes:
            beats = timeline.compose(self._whole, self._run)
            # What follows v by itself is told in the graph as it is.
            follows = any(one.linear is not None for one in self._whole.passes)
            large = len(self._whole.graph.edges) > dot.SMALL_EDGES and not follows
            self._scenes[None] = Scene(*(_split(self._whole, beats) if large else (self._whole, beats)))
        return self._scenes[None]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes of the view, drawn or not."""
        return self._whole.graph.nodes

    def inside(self, group: str | None) -> Scene:
        """The level of a group by itself."""
        if group not in self._scenes:
            with undisturbed():
                level = self._levels.level(group)
                told = self._tell(group, level)
                self._scenes[group] = Scene(*_split(level.view, told.timeline), told)
        return self._scenes[group]

    @cached_property
    def layout(self) -> Layout:
        (found,) = self._arrange([self.scene.dot])
        return found

    @cached_property
    def drawing(self) -> Drawing:
        """The placed picture before the first number of the backward pass."""
        return svg.draw(self.scene.view, self.scene.timeline, self.layout)

    def static(self) -> str:
        """The finished picture as a file of its own."""
        return svg.static(self.scene.view, self.scene.timeline, self.layout)

    def finished(self) -> str:
        """The same for a page that has the style of drawings."""
        return svg.finished(self.scene.view, self.scene.timeline, self.layout)

    def insides(self, groups: Sequence[str]) -> Iterator[tuple[str, Scene, Drawing]]:
        """The drawings inside of several groups, placed together."""
        scenes = [self.inside(group) for group in groups]
        layouts = self._arrange([scene.dot for scene in scenes]) if scenes else []
        for group, scene, layout in zip(groups, scenes, layouts, strict=True):
            yield group, scene, svg.draw(scene.view, scene.timeline, layout)

    def groups(self) -> Iterator[str]:
        """All groups, those that are seen first before those inside of them."""
        pending: list[str | None] = [None]
        for around in pending:  # grows while it is read
            for unit in self.outline.units(around) if self.outline else ():
                if not isinstance(unit, str):
                    yield unit.id
                    pending.append(unit.id)

    def named(self, words: Sequence[str]) -> list[str]:
        """The groups that are called so, by id or title; what is not in this view is left out."""
        groups = self.outline.groups if self.outline else {}
        return [id for id, group in groups.items() if id in words or group.title in words]

    def around(self, groups: Iterable[str]) -> list[str]:
        """These groups and those around them, each once, the outer ones first; refuses a group that is not there."""
        found: dict[str, None] = {}
        for group in groups:
            if self.outline is None or group not in self.outline.groups:
                raise VizgraphError(f"there is no group {group!r}")
            chain = [group, *(one for one in self.outline.chain(group) if one is not None)]
            found |= dict.fromkeys(reversed(chain))
        return list(found)

    def _tell(self, group: str | None, level: Level) -> Told:
        if group not in self._told:
            if group is None or self.outline is None:
                self._told[group] = tour.around(level, self._run)
            else:
                around = self.outline.parent[group]
                outer = self._told[around] if around in self._told else self._told_of(around)
                self._told[group] = tour.inside(level, self.outline.groups[group].title, self._run, outer)
        return self._told[group]

    def _told_of(self, group: str | None) -> Told:
        self.inside(group)
        return self._told[group]


class Made(Mapping[str, T]):
    """Values by name, each made when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers = makers
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _split(view: View, beats: Timeline) -> tuple[View, Timeline]:
    wires = [(edge.source, edge.target) for edge in view.graph.edges]
    return split(view, beats, dot.ranks([node.id for node in view.graph.nodes], wires))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold the garbage collector: among millions of lasting values it takes longer than the work itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
