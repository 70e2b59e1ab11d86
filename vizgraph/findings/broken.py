"""Find where the numbers break: the first forward value and the first gradient that are not finite."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from vizgraph.findings.causes import Cause, Facts, cause
from vizgraph.findings.measure import bad, entry_text, first_bad, has_nan
from vizgraph.findings.scene import Operand, Scene, listed
from vizgraph.model import Call, Contribution, Finding, Pass, Step, Value
from vizgraph.numbers import brief
from vizgraph.texts import say

UNCHOSEN = {"where", "masked_fill", "masked_scatter", "index", "slice", "select", "mul", "gather", "clamp"}
DELIBERATE = {
    "masked_fill",
    "masked_fill_",
    "full",
    "full_like",
    "tensor",
    "fill_",
    "where",
    "new_full",
    "triu",
    "write",
}


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


def broken(scene: Scene) -> Iterator[Finding]:
    """Both, the cause before what it caused; a value whose making nobody saw says less than a gradient's."""
    forward, backward = list(_values(scene)), list(_gradients(scene))
    vague = say("finding.fix.somewhere")
    yield from (*backward, *forward) if forward and forward[0].fix == vague else (*forward, *backward)


def _gradients(scene: Scene) -> Iterator[Finding]:
    """The first gradient that is not finite, and the operation that made it."""
    found = first_break(scene)
    if found is None:
        return
    one = scene.run.passes[found.number - 1]
    reached = listed(done.leaf for done in one.gradients if not done.gradient.finite)
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
        cause=_because(scene, found.node, facts, why),
    )
    if hidden:
        key = "finding.hidden.times" if scene.function(hidden) == "mul" else "finding.hidden"
        sentence += " " + say(key, consumer=scene.written(hidden))
    fix = say("finding.fix.hidden") if hidden else say(f"finding.fix.{why.key}")
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
    return entry_text(scene.caption(edge.source), found.value, facts.at)


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


def _because(scene: Scene, node: str, facts: Facts, why: Cause) -> str:
    operand = facts.operands[why.operand] if why.operand is not None and why.operand < len(facts.operands) else None
    return say(
        f"finding.cause.{why.key}",
        operand=_shown(operand, facts, why),
        name=operand.caption if operand else "",
        function=facts.function.strip("_") or node,
        dtype=facts.made.dtype,
        bad=bad(operand.value) if operand and operand.value is not None and not operand.value.finite else "",
    )


def _shown(operand: Operand | None, facts: Facts, why: Cause) -> str:
    """An operand with the number that did it, where that is known: ``x[0] = 0``."""
    if operand is None:
        return ""
    value, at = operand.value, why.at
    if value is not None and value.entries is not None:
        if len(value.entries) == 1:
            at = 0
        elif at is None and value.shape == facts.made.shape:
            at = facts.at
        if at is not None:
            number = brief(value.entries[at])
            is_number = operand.caption == number
            return number if is_number else f"{entry_text(operand.caption, value, at)} = {number}"
    return say("finding.holds", name=operand.caption)


# --- the forward pass ---------------------------------------------------------------------------------------------


def _values(scene: Scene) -> Iterator[Finding]:
    """The first forward value that is not finite although its operands are, where it did harm."""
    broken = first_break(scene)
    roots = {seed.node: None for one in scene.run.passes for seed in one.seeds} or _ends(scene)
    poisoned = [root for root in roots if any(not value.finite for value in scene.values(root))]
    suspects = list(poisoned)
    if broken is not None:
        operands = (operand.value for operand in scene.operands(broken.node))
        if any(value is not None and not value.finite for value in (*operands, *scene.values(broken.node))):
            suspects.append(broken.node)
    if not suspects:
        return
    call = _first_call(scene, suspects) if scene.run.calls else None
    if call is not None:
        yield _value_of_call(scene, call, poisoned)
        return
    node = _first_node(scene, suspects)
    if node is not None:
        yield _value_of_node(scene, node)


def _ends(scene: Scene) -> dict[str, None]:
    """What a program that never came to backward computed last: the nodes that nothing uses."""
    return {node.id: None for node in scene.run.graph.nodes if not scene.consumers[node.id]}


def _first_call(scene: Scene, suspects: list[str]) -> Call | None:
    """Among the calls that a suspect was made of, the first whose badness is its own."""
    needed: set[str] = set()
    pending = [scene.made[id].id for id in suspects if id in scene.made]
    while pending:
        id = pending.pop()
        if id not in needed:
            needed.add(id)
            pending.extend(call.id for call in scene.sources(scene.calls[id]))
    ordered = [call for call in scene.run.calls if call.id in needed]
    fresh = [call for call in ordered if _is_fresh(scene, call)]
    undeliberate = [call for call in fresh if not _is_deliberate(call)]
    return next(iter(undeliberate or fresh), None)


def _is_fresh(scene: Scene, call: Call) -> bool:
    """Whether a nan came of operands without one, or an infinity of finite operands."""
    operands = [operand.value for operand in scene.operands(call.id) if operand.value is not None]
    if any(has_nan(value) for value in call.values):
        return not any(has_nan(value) for value in operands)
    return any(not value.finite for value in call.values) and all(value.finite for value in operands)


def _is_deliberate(call: Call) -> bool:
    return call.operation in DELIBERATE and not any(has_nan(value) for value in call.values)


def _value_of_call(scene: Scene, call: Call, poisoned: list[str]) -> Finding:
    value = next(value for value in call.values if not value.finite)
    facts = Facts(call.operation, scene.operands(call.id), None, value, None, first_bad(value))
    why = Cause("input") if call.kind == "leaf" or not facts.operands else _forward_cause(facts)
    sentence = say(
        "finding.value.input" if why.key == "input" else "finding.value",
        bad=bad(value), node=scene.written(call.id), entry=entry_text(scene.caption(call.id), value, facts.at),
        cause="" if why.key == "input" else _because(scene, call.id, facts, why),
    )  # fmt: skip
    if poisoned and call.id not in poisoned:
        sentence += " " + say("finding.value.reaches", outputs=scene.names(poisoned))
    return Finding("value", "error", sentence, say(f"finding.fix.{why.key}"), (call.id,), (), scene.line(call.id))


def _forward_cause(facts: Facts) -> Cause:
    """Of the same table; two causes are of values only."""
    numbers = [operand.value for operand in facts.operands if operand.value is not None]
    if has_nan(facts.made) and any(not value.finite for value in numbers):
        found = cause(facts)
        return found if found.key == "softmax" else Cause("infinities")
    return cause(facts)


def _first_node(scene: Scene, suspects: list[str]) -> str | None:
    """The same in live code: the first node behind a suspect that holds a value that is not finite."""
    needed: set[str] = set()
    pending = list(suspects)
    while pending:
        id = pending.pop()
        if id not in needed:
            needed.add(id)
            pending.extend(edge.source for edge in scene.inputs[id])
    return next(
        (
            node.id
            for node in scene.run.graph.nodes
            if node.id in needed and node.value is not None and not node.value.finite
        ),
        None,
    )


def _value_of_node(scene: Scene, node: str) -> Finding:
    value = scene.value(node)
    assert value is not None  # see _first_node
    is_leaf = scene.nodes[node].kind == "leaf"
    inputs = [scene.value(edge.source, edge.result) for edge in scene.inputs[node]]
    facts = Facts(scene.function(node), scene.operands(node), None, value, None, first_bad(value))
    known = all(one is not None for one in inputs) and inputs
    key = "finding.value.input" if is_leaf else "finding.value" if known else "finding.value.somewhere"
    why = Cause("input") if is_leaf else _forward_cause(facts) if known else Cause("somewhere")
    sentence = say(
        key, bad=bad(value), node=scene.written(node), entry=scene.caption(node),
        cause=_because(scene, node, facts, why) if known and not is_leaf else "",
    )  # fmt: skip
    return Finding("value", "error", sentence, say(f"finding.fix.{why.key}"), (node,), (), scene.line(node))
