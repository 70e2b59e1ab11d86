"""Find gradients that vanish or explode on their way, and the operations that shrink or swell them most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from vizgraph.findings.measure import norm
from vizgraph.findings.scene import Scene, listed
from vizgraph.model import Finding, Pass
from vizgraph.notation.numbers import brief
from vizgraph.texts import say

VANISHED = 1e-7  # of the largest norm on the way: below, float32 loses the gradient in any sum with it
EXPLODED = 1e6  # times the norm that the pass began with
LONG = 8  # operations: shorter ways are arithmetic, not depth
SOUND = 1e-5  # of the largest norm on the way
BRANCH = 40  # operations that only what vanished passes: more are a depth of their own
CANCELLED = 1e-5  # of what was added up: about the rounding of float32
SHARE = 0.6  # of the whole change: where one operation makes more, it is that operation and not the depth


@dataclass(frozen=True, slots=True)
class Way:
    """The way along which a leaf got most of its gradient, from the output: nodes, edges and norms.

    ``norms[0]`` is what the pass began with, ``norms[i + 1]`` what edge i delivered."""

    leaf: str
    node: str
    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    norms: tuple[float, ...]
    scaled: int = 0  # steps at the output that scale the loss itself, as mixed precision does: no part of the growth

    @property
    def cancels(self) -> bool:
        """Whether the last sum on the way made next to nothing of much: rounding is left where the sum is 0.

        (A bias before a softmax or a normalisation has such a gradient by its nature.)"""
        return self.norms[-1] < CANCELLED * self.norms[-2]

    @property
    def ratio(self) -> float:
        return self.norms[-1] / max(self.norms)

    @property
    def growth(self) -> float:
        return self.norms[-1] / self.norms[self.scaled]


def fading(scene: Scene) -> Iterator[Finding]:
    """At most one finding of each kind: the leaf that has it worst, with how many others have it, too.

    What is small in a branch alone, with sound gradients behind it, is only noted: the queries and keys of an
    attention that has not learned to attend yet."""
    ways = [way for one in _told(scene) for way in _ways(scene, one)]
    vanished = [way for way in ways if way.ratio < VANISHED and len(way.edges) >= LONG and not way.cancels]
    exploded = [way for way in ways if way.growth > EXPLODED]
    if vanished:
        aside = _aside(scene, [way for way in ways if way.ratio >= SOUND], vanished)
        deep = [way for way in vanished if way not in aside]
        told = deep or vanished
        worst = min(told, key=lambda way: way.ratio)
        finding = _tell(scene, "vanishing", worst, [way.leaf for way in told])
        yield finding if deep else replace(finding, severity="note", fix=say("finding.fix.vanishing.aside"))
    if exploded:
        worst = max(exploded, key=lambda way: way.growth)
        yield _tell(scene, "exploding", worst, [way.leaf for way in exploded])


def _told(scene: Scene) -> list[Pass]:
    """The passes whose numbers are all finite: what a nan does has its own finding. The first and the last will do."""
    finite = [one for one in scene.run.passes if all(done.gradient.finite for done in one.gradients)]
    return finite[:1] + (finite[-1:] if len(finite) > 1 else [])


def _ways(scene: Scene, one: Pass) -> Iterator[Way]:
    heaviest: dict[str, tuple[float, str]] = {}  # by node: the greatest contribution to it, and its edge
    for step in one.steps:
        for item in step.contributions:
            source = scene.edges[item.edge].source
            size = norm(item.gradient)
            if item.gradient is not None and size > heaviest.get(source, (0.0, ""))[0]:
                heaviest[source] = (size, item.edge)
    begins: dict[str, float] = defaultdict(float)
    for seed in one.seeds:
        begins[seed.node] = max(begins[seed.node], norm(seed.gradient))
    for done in one.gradients:
        size = norm(done.gradient)
        if size > 0:
            way = _way(scene, done.leaf, done.node, heaviest, begins)
            if way is not None:
                yield way


def _way(
    scene: Scene, leaf: str, node: str, heaviest: dict[str, tuple[float, str]], begins: dict[str, float]
) -> Way | None:
    nodes, edges, norms = [node], [], []
    at = node
    while at in heaviest and not (at in begins and begins[at] >= heaviest[at][0]):
        size, edge = heaviest[at]
        at = scene.edges[edge].target
        nodes.append(at)
        edges.append(edge)
        norms.append(size)
    start = begins.get(at, 0.0)
    if not start or not all(math.isfinite(size) for size in norms):
        return None
    nodes.reverse()
    return Way(leaf, node, tuple(nodes), tuple(edges[::-1]), (start, *norms[::-1]), _scaled(scene, nodes))


def _scaled(scene: Scene, nodes: Sequence[str]) -> int:
    """How many steps from the output multiply a single number by a constant."""
    for count, (node, source) in enumerate(pairwise(nodes)):
        if scene.function(node) not in ("mul", "div") or scene.nodes[source].shape != () or len(scene.inputs[node]) > 1:
            return count
    return 0


def _aside(scene: Scene, sound: Sequence[Way], vanished: Sequence[Way]) -> list[Way]:
    """Those that vanish in a branch, into which flows what leaves with a sound gradient made."""
    passed = {node for way in sound for node in way.nodes}
    fed, pending = set[str](), [way.node for way in sound]
    while pending:
        for edge in scene.consumers[pending.pop()]:
            if edge.target not in fed:
                fed.add(edge.target)
                pending.append(edge.target)
    branches = [(way, set(way.nodes) - passed) for way in vanished if not _is_single(_changes(way, "vanishing"))]
    return [way for way, branch in branches if len(branch) < BRANCH and branch & fed]


def _is_single(changes: Sequence[float]) -> bool:
    """Whether most of the change is made by one step."""
    return max(changes) > SHARE * sum(changes)


def _changes(way: Way, kind: str) -> list[float]:
    """By how many powers of ten each step shrinks or swells it, from where that begins."""
    changes = [
        math.log10(after / before) * (1 if kind == "exploding" else -1)
        for before, after in zip(way.norms, way.norms[1:], strict=False)
    ]
    first = max(range(len(way.norms)), key=lambda place: way.norms[place]) if kind == "vanishing" else way.scaled
    return [0.0] * first + changes[first:]


def _tell(scene: Scene, kind: str, way: Way, leaves: list[str]) -> Finding:
    changes = _changes(way, kind)
    most = max(range(len(changes)), key=lambda place: changes[place])
    target = way.nodes[most]
    is_short = kind == "exploding" and len(way.edges) < LONG
    single = _is_single(changes)
    before = max(way.norms) if kind == "vanishing" else way.norms[way.scaled]
    values: dict[str, Any] = {
        "leaf": way.leaf, "before": brief(before), "after": brief(way.norms[-1]), "steps": len(way.edges),
        "node": scene.written(target), "factor": brief(way.norms[most + 1] / way.norms[most]),
        "output": scene.caption(way.nodes[0]),
    }  # fmt: skip
    if single:
        sentence = say(f"finding.{kind}.single", **values)
    else:
        function, count = _most_changing(scene, way, changes)
        key = f"finding.{kind}.short" if is_short else f"finding.{kind}"
        sentence = say(key, function=function, count=count, **values)
    others = [leaf for leaf in leaves if leaf != way.leaf]
    if others:
        sentence += " " + say("finding.others", leaves=listed(others))
    fix = f"finding.fix.{kind}.single" if single else f"finding.fix.{kind}.short" if is_short else f"finding.fix.{kind}"
    return Finding(
        kind, "warning", sentence, say(fix),
        tuple(dict.fromkeys((way.node, target))) if single else way.nodes, (way.edges[most],) if single else way.edges,
        scene.line(target),
    )  # fmt: skip


def _most_changing(scene: Scene, way: Way, changes: list[float]) -> tuple[str, int]:
    """The kind of operation that has the greatest part in it, and how often it stands on the way."""
    parts: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for target, change in zip(way.nodes, changes, strict=False):
        function = scene.function(target)
        parts[function] += change
        counts[function] += 1
    function = max(parts, key=lambda name: parts[name])
    return function, counts[function]
