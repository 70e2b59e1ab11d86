"""Tell the backward pass on the levels of a large graph: a group is one beat, its inside has beats of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from vizgraph.grouping import Level
from vizgraph.model import Beat, Contribution, Edge, Pass, Run, Step, Timeline, Value
from vizgraph.telling import timeline
from vizgraph.telling.captions import short_name
from vizgraph.telling.formulas import text
from vizgraph.telling.journey import Journey, Map, survey, upstream_text
from vizgraph.texts import say

Pair = tuple[Edge, Value]


@dataclass(frozen=True, slots=True)
class Told:
    """The beats of one level. ``passes`` gives the number of the pass that each belongs to (-1: none yet),
    ``at`` for each beat of an inside the beat of the level around it before which it comes; ``held`` is what
    stands on its leaves at the start."""

    timeline: Timeline
    passes: tuple[int, ...]
    at: tuple[int, ...] = ()
    held: tuple[tuple[str, str], ...] = ()


def around(level: Level, run: Run) -> Told:
    """The beats of the top level: a whole timeline."""
    composed = timeline.compose(level.view, run, Tour)
    seeds = accumulate(int(beat.kind == "seed") for beat in composed.beats)
    return Told(composed, tuple(number - 1 for number in seeds))


def inside(level: Level, title: str, run: Run, outer: Told) -> Told:
    """The beats of an inside, each pass before the beat in which the level around tells of the whole group."""
    view = level.view
    land = survey(view, run)
    first = timeline.held_at_first(view)
    held = dict(first)
    beats: list[tuple[int, int, Beat]] = []  # at, pass, beat
    for number, one in enumerate(view.passes):
        at = _place(outer, level.group, number)
        if at is not None:
            told = [*timeline.changed(view, number, held), *Tour(land, one, held, title).beats()]
            beats += [(at, number, beat) for beat in told]
    end = len(outer.timeline.beats) - 1
    beats += [(end, len(view.passes) - 1, beat) for beat in timeline.changed(view, len(view.passes), held)]
    return Told(
        Timeline(tuple(beat for _, _, beat in beats)),
        tuple(number for _, number, _ in beats),
        tuple(at for at, _, _ in beats),
        tuple(first.items()),
    )


def _place(outer: Told, group: str | None, number: int) -> int | None:
    """Where the level around tells of a group in a pass."""
    return next(
        (
            place
            for place, beat in enumerate(outer.timeline.beats)
            if outer.passes[place] == number and beat.kind == "group" and beat.nodes[0] == group
        ),
        None,
    )


class Tour(Journey):
    """A pass whose nodes may be groups, or stubs of what is outside."""

    def __init__(self, land: Map, one: Pass, held: dict[str, str], title: str = "") -> None:
        outside = [step for step in one.steps if land.nodes[step.node].kind == "stub"]
        super().__init__(land, one, held)
        self._pass = replace(one, steps=tuple(step for step in one.steps if step not in outside))
        self._title = short_name(title)
        self._outside = [step for step in outside if any(item.gradient for item in step.contributions)]

    def beats(self) -> Iterator[Beat]:
        """One beat for all that comes from outside, one for every group, the usual ones for every other node."""
        if self._title:
            yield self._enter()
        yield from super().beats()

    def _step(self, step: Step) -> Iterator[Beat]:
        return iter([self._through(step)]) if self._kind(step.node) == "group" else super()._step(step)

    def _whole(self, step: Step) -> Beat:
        return self._through(step) if self._kind(step.node) == "group" else super()._whole(step)

    def _arrive(self, edge: Edge, gradient: Value) -> str:
        """What stands on a group is no list: what arrives at its nodes is told inside of it."""
        if self._kind(edge.source) != "group":
            return super()._arrive(edge, gradient)
        self._met[edge.source].append(gradient)
        number, expected = len(self._met[edge.source]), self._expected[edge.source]
        return say("caption.arrived", number=number, count=expected) if expected > 1 else text(gradient)

    def _through(self, step: Step) -> Beat:
        """A whole group: what arrived at it, and what leaves it."""
        delivered = self._pairs(step.contributions)
        captions, node = self._map.captions, self._map.nodes[step.node]
        sources = list(dict.fromkeys(edge.source for edge, _ in delivered))
        group = captions.node(step.node) + (f" ({node.expression})" if node.expression else "")
        key = "beat.group" if delivered else "beat.group.ends"
        return self._moving(
            "group",
            say(key, group=group, sources=captions.values(sources)),
            upstream_text(step),
            delivered,
            step.node,
        )

    def _enter(self) -> Beat:
        """What arrives from outside, all of it at once."""
        delivered = self._pairs([item for step in self._outside for item in step.contributions])
        consumers = self._map.captions.values([step.node for step in self._outside])
        key = "beat.group.enter" if delivered else "beat.group.enter.seed"
        beat = self._moving("enter", say(key, group=self._title, consumers=consumers), "", delivered)
        seeds = [(seed.node, text(seed.gradient)) for seed in self._pass.seeds]
        return replace(
            beat,
            nodes=(*beat.nodes, *(step.node for step in self._outside), *dict(seeds)),
            gradients=(*beat.gradients, *seeds),
        )

    def _moving(self, kind: str, sentence: str, formula: str, delivered: list[Pair], node: str | None = None) -> Beat:
        """A beat in which several contributions travel; ``formula`` is the upstream gradient of ``node``."""
        arrived = {edge.source: self._arrive(edge, gradient) for edge, gradient in delivered}
        own = {node: formula} if node is not None else {}
        shown = own | {id: gradient for id, gradient in arrived.items() if self._kind(id) != "stub"}
        edges = tuple(edge.id for edge, _ in delivered)
        return Beat(
            kind,
            sentence,
            formula,
            nodes=tuple(dict.fromkeys([*own, *arrived])),
            edges=edges,
            moves=edges,
            gradients=tuple(shown.items()),
            contributions=tuple((edge.id, text(gradient)) for edge, gradient in delivered),
            line=self._line(node) if node is not None else None,
        )

    def _pairs(self, contributions: Sequence[Contribution]) -> list[Pair]:
        """The edges on which something travels, with it."""
        return [(self._map.edges[item.edge], item.gradient) for item in contributions if item.gradient is not None]

    def _kind(self, node: str) -> str:
        return self._map.nodes[node].kind
