"""Find where the numbers break on the way back: the first gradient that is not finite, and what made it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from vizgraph.findings.causes import Facts, cause
from vizgraph.findings.measure import bad, entry_text, first_bad
from vizgraph.findings.scene import Scene, listed
from vizgraph.findings.telling import because, remedy
from vizgraph.model import Contribution, Finding, Pass, Step, Value
from vizgraph.texts import say

UNCHOSEN = {"where", "masked_fill", "masked_scatter", "index", "slice", "select", "mul", "gather", "clamp"}


@dataclass(frozen=True, slots=True)
class Break:
    """The first gradient of a run that is not finite: in which pass, at which node, what was made of what."""

    number: int  # of the pass, from 1
    step: Step | None
    node: str
    value: Value
    contribution: Contribution | None = None


def first_break(scene: Scene) -> Break | None:
    """Search in the engine's order: seeds, then of every step what arrived and what it handed on."""
    for number, one in enumerate(scene.run.passes, start=1):
        for seed in one.seeds:
            if not seed.gradient.finite:
                return Break(number, None, seed.node, seed.gradient)
        for step in one.steps:
            for value in step.upstream:
                if value is not None and not value.finite:
                    return Break(number, step, step.node, value)
            for item in step.contributions:
                if item.gradient is not None and not item.gradient.finite:
                    return Break(number, step, step.node, item.gradient, item)
    return None


def gradients(scene: Scene) -> Iterator[Finding]:
    """The first gradient that is not finite, and the operation that made it."""
    found = first_break(scene)
    if found is None:
        return
    one = scene.run.passes[found.number - 1]
    alone = found.node if found.contribution is None else None  # the leaf itself is named already
    reached = listed(done.leaf for done in one.gradients if not done.gradient.finite and done.node != alone)
    tail = " " + say("finding.reaches", leaves=reached) if reached else ""
    if len(scene.run.passes) > 1:
        tail = " " + say("finding.in_pass", number=found.number) + tail
    if found.contribution is None:
        key = "seed" if found.step is None else "sum" if _is_sum(scene, one, found) else "hook"
        yield Finding(
            "gradient", "error",
            say(f"finding.gradient.{key}", bad=bad(found.value), node=scene.caption(found.node)) + tail,
            say(f"finding.fix.{key}"), (found.node,), (), scene.line(found.node),
        )  # fmt: skip
        return
    facts = _facts(scene, found)
    why = cause(facts)
    hidden = _hidden_by(scene, found, facts)
    sentence = say(
        "finding.gradient",
        bad=bad(found.value),
        node=scene.written(found.node),
        entry=_entry(scene, found, facts),
        cause=because(scene, found.node, facts, why),
    )
    if hidden:
        key = "finding.hidden.times" if scene.function(hidden) == "mul" else "finding.hidden"
        sentence += " " + say(key, consumer=scene.written(hidden))
    fix = say("finding.fix.hidden") if hidden else remedy(why, facts)
    nodes = (found.node, *((hidden,) if hidden else ()))
    yield Finding(
        "gradient", "error", sentence + tail, fix, nodes, (found.contribution.edge,), scene.line(found.node)
    )  # fmt: skip


def _facts(scene: Scene, found: Break) -> Facts:
    upstream = next((value for value in found.step.upstream if value is not None), None) if found.step else None
    return Facts(
        scene.function(found.node),
        scene.operands(found.node),
        scene.value(found.node),
        found.value,
        upstream,
        first_bad(found.value),
        scene.is_custom(found.node),
    )


def _entry(scene: Scene, found: Break, facts: Facts) -> str:
    """Of what the gradient became so: ``x[0]``."""
    assert found.contribution is not None
    edge = scene.edges[found.contribution.edge]
    return entry_text(scene.caption(edge.source, edge.result), found.value, facts.at)


def _is_sum(scene: Scene, one: Pass, found: Break) -> bool:
    """Whether what arrived is the sum of several contributions, or of one that stood in no step before."""
    arrived = [
        item.gradient
        for step in one.steps
        for item in step.contributions
        if item.gradient is not None and scene.edges[item.edge].source == found.node
    ]
    return len(arrived) > 1


def _hidden_by(scene: Scene, found: Break, facts: Facts) -> str | None:
    """The consumer that did not use the entry: its upstream gradient is 0 there, and 0 × inf is nan."""
    value, up = found.value, facts.upstream
    if facts.at is None or up is None or up.entries is None or up.shape != value.shape:
        return None
    if not math.isnan(value.entries[facts.at]) if value.entries else True:
        return None
    if up.entries[facts.at] != 0:
        return None
    consumers = [edge.target for edge in scene.consumers[found.node] if scene.function(edge.target) in UNCHOSEN]
    return consumers[0] if consumers else None
