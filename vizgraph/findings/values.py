"""Find where the numbers break on the way forward: the first value that is not finite although its operands are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from vizgraph.findings.broken import first_break
from vizgraph.findings.causes import Cause, Facts, cause
from vizgraph.findings.measure import bad, entry_text, first_bad, has_nan
from vizgraph.findings.scene import Scene
from vizgraph.findings.telling import because, remedy
from vizgraph.model import Call, Finding, Value
from vizgraph.texts import say

# an infinity that these put somewhere is meant to be there
DELIBERATE: Final = frozenset(
    "masked_fill masked_fill_ masked_scatter full full_like tensor fill fill_ where new_full triu write".split()
)
FILLS: Final = frozenset("masked_fill masked_fill_ fill fill_".split())
TAKES: Final = frozenset("add sub where copy_slices index_put index_fill scatter cat copy".split())  # a mask of -inf


def values(scene: Scene) -> Iterator[Finding]:
    """The first forward value that is not finite although its operands are, where it did harm."""
    broken = first_break(scene)
    roots = {seed.node: None for one in scene.run.passes for seed in one.seeds} or _ends(scene)
    poisoned = [root for root in roots if any(not value.finite for value in scene.values(root))]
    suspects = list(poisoned)
    if broken is not None:
        made_of = (*(operand.value for operand in scene.operands(broken.node)), *scene.behind(broken.node))
        if any(value is not None and not value.finite for value in (*made_of, *scene.values(broken.node))):
            suspects.append(broken.node)
    if not suspects:
        return
    call = _first_call(scene, suspects) if scene.run.calls else None
    if call is not None:
        yield _value_of_call(scene, call, poisoned)
        return
    node = _first_node(scene, suspects)
    if node is not None and (poisoned or not _is_masking(scene, node)):
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
    undeliberate = [call for call in fresh if not _is_deliberate(call.operation, call.values)]
    return next(iter(undeliberate or fresh), None)


def _is_fresh(scene: Scene, call: Call) -> bool:
    """Whether a nan came of operands without one, or an infinity of finite operands."""
    operands = [operand.value for operand in scene.operands(call.id) if operand.value is not None]
    if any(has_nan(value) for value in call.values):
        return not any(has_nan(value) for value in operands)
    return any(not value.finite for value in call.values) and all(value.finite for value in operands)


def _is_deliberate(operation: str, values: Iterable[Value]) -> bool:
    return operation in DELIBERATE and not any(has_nan(value) for value in values)


def _value_of_call(scene: Scene, call: Call, poisoned: list[str]) -> Finding:
    value = next(value for value in call.values if not value.finite)
    facts = Facts(call.operation, scene.operands(call.id), None, value, None, first_bad(value))
    if call.kind == "leaf" or not facts.operands:
        why = Cause("input")
    else:
        why = Cause("meant") if _is_deliberate(call.operation, (value,)) else _forward_cause(facts)
    sentence = say(
        "finding.value.input" if why.key == "input" else "finding.value",
        bad=bad(value), node=scene.written(call.id), entry=entry_text(scene.caption(call.id), value, facts.at),
        cause="" if why.key == "input" else because(scene, call.id, facts, why),
    )  # fmt: skip
    if poisoned and call.id not in poisoned:
        sentence += " " + say("finding.value.reaches", outputs=scene.names(poisoned))
    return Finding("value", "error", sentence, remedy(why, facts), (call.id,), (), scene.line(call.id))


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
    broken = [
        node.id
        for node in scene.run.graph.nodes
        if node.id in needed and any(not value.finite for value in scene.values(node.id))
    ]
    fresh = [id for id in broken if _is_own(scene, id)]
    undeliberate = [id for id in fresh if not _is_masking(scene, id)]
    return next(iter(undeliberate or fresh or broken), None)


def _is_own(scene: Scene, id: str) -> bool:
    """Whether a node's badness is its own, as far as what is behind it is known."""
    inputs = [value for value in scene.behind(id) if not value.finite]
    return not any(map(has_nan, inputs)) if has_nan(_known(scene, id)) else not inputs or _is_masking(scene, id)


def _is_masking(scene: Scene, id: str) -> bool:
    """Whether it puts -inf somewhere on purpose: fills it in, or takes it from a mask."""
    takes = scene.function(id) in TAKES and any(not one.finite for _, one in scene.constants(id))
    return (takes or scene.function(id) in FILLS) and not has_nan(_known(scene, id))


def _known(scene: Scene, id: str) -> Value:
    """What is not finite about a node; see _first_node."""
    values = scene.values(id)
    return next((value for value in values if not value.finite), values[0])


def _inner(scene: Scene, node: str) -> list[str]:
    """A node, and behind it the steps of the same line whose results nobody saw."""
    found, pending = [node], [node]
    while pending:
        for edge in scene.inputs[pending.pop()]:
            one = scene.nodes[edge.source]
            is_inner = one.kind != "leaf" and one.span == scene.nodes[node].span and not scene.values(one.id)
            if is_inner and one.id not in found:
                found.append(one.id)
                pending.append(one.id)
    return found


def _made_by(scene: Scene, node: str, value: Value) -> tuple[Facts, Cause]:
    """Why a value is not finite: of an inner step, where that has a reason of its own."""
    found = [Facts(scene.function(id), scene.operands(id), None, value, None) for id in _inner(scene, node)]
    first = replace(found[0], at=first_bad(value))
    told = [(facts, _forward_cause(facts)) for facts in (first, *found[1:])]
    certain = (one for one in told if one[1].key not in ("overflow", "unknown", "cast"))
    likely = (one for one in told if one[1].key != "unknown")
    return next(certain, next(likely, told[0]))


def _value_of_node(scene: Scene, node: str) -> Finding:
    value = _known(scene, node)
    if scene.nodes[node].kind == "leaf":
        return _input(scene, node, value)
    data = next((one for _, one in scene.constants(node) if not one.finite), None)
    facts, why = _made_by(scene, node, value)
    if _is_masking(scene, node):
        why = Cause("meant")
    elif data is not None and (has_nan(data) or not has_nan(value)):
        why = Cause("data")
    elif scene.nodes[node].file is None and any(
        scene.value(edge.source, edge.result) is None for edge in scene.inputs[node]
    ):
        why = Cause("somewhere")
    number = scene.values(node).index(value)
    entry = entry_text(scene.caption(node, number), value, first_bad(value))
    if why.key == "somewhere":
        sentence = say("finding.value.somewhere", bad=bad(value), entry=scene.caption(node))
    else:
        reason = because(scene, node, facts, why, bad(data) if why.key == "data" and data is not None else "")
        sentence = say("finding.value", bad=bad(value), entry=entry, cause=reason)
    return Finding("value", "error", sentence, remedy(why, facts), (node,), (), scene.line(node))


def _input(scene: Scene, leaf: str, value: Value) -> Finding:
    """A leaf that was broken before anything was computed, with the others that are."""
    leaves = [node for node in scene.run.graph.nodes if node.kind == "leaf" and node.value and not node.value.finite]
    if len(leaves) > 1:
        sentence = say("finding.value.inputs", leaves=scene.names(node.id for node in leaves))
    else:
        entry = entry_text(scene.caption(leaf), value, first_bad(value))
        sentence = say("finding.value.input", bad=bad(value), entry=entry)
    return Finding(
        "value", "error", sentence, say("finding.fix.input"), tuple(node.id for node in leaves), (), scene.line(leaf)
    )  # fmt: skip
