"""Find units that are off for every example: a relu whose result is 0 wherever one looks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from vizgraph.findings.measure import is_zero
from vizgraph.findings.scene import Scene, listed
from vizgraph.model import Finding, Node, Severity, Value
from vizgraph.texts import say

RECTIFIERS = {"relu", "relu6", "relu_", "threshold", "clamp_min"}
EXAMPLES = 8  # fewer say nothing about a unit: half of them are off by chance


def dead(scene: Scene) -> Iterator[Finding]:
    """One finding per rectifier with several entries whose result is all zero, or zero in some columns."""
    blocked = _blocked(scene)
    for node in scene.run.graph.nodes:
        if scene.function(node.id) not in RECTIFIERS or not _is_batch(node.shape):
            continue
        value = scene.value(node.id)
        if node.id in blocked or (value is not None and is_zero(value)):
            if scene.ends(node.id):
                continue  # a margin that is met teaches nothing more
            yield _tell(scene, node.id, "all", say("finding.dead.all", node=scene.written(node.id)))
        else:
            columns, examples = _dead_units(node, value)
            if columns:
                sentence = say(
                    "finding.dead.some", node=scene.written(node.id), count=len(columns),
                    all=len(columns) if node.shape is None else node.shape[_axis(node.shape)],
                    units=listed(map(str, columns)), examples=examples,
                )  # fmt: skip
                yield _tell(scene, node.id, "some", sentence)


def _axis(shape: tuple[int, ...]) -> int:
    """Where the units are: the channels of pictures, else the last axis."""
    return 1 if len(shape) > 3 else len(shape) - 1


def _dead_units(node: Node, value: Value | None) -> tuple[Sequence[int], int]:
    """The units that are 0 for all examples, and how many examples there are; of live code torch was asked."""
    shape = node.shape or ()
    if node.inside is not None and node.inside.dead:
        return node.inside.dead, math.prod(shape) // shape[_axis(shape)]
    return (_dead_columns(value), value.shape[0]) if value is not None else ((), 0)


def _is_batch(shape: tuple[int, ...] | None) -> bool:
    return shape is not None and len(shape) > 1 and shape[0] >= EXAMPLES


def _blocked(scene: Scene) -> set[str]:
    """The nodes at which something arrived and nothing but zeros left: so their values need not be known."""
    return {
        step.node
        for one in scene.run.passes
        for step in one.steps
        if any(value is not None and value.finite and not is_zero(value) for value in step.upstream)
        and step.contributions
        and all(item.gradient is not None and is_zero(item.gradient) for item in step.contributions)
    }


def _dead_columns(value: Value) -> list[int]:
    """The units of a batch (examples, units) that are 0 for all examples."""
    if value.entries is None or len(value.shape) != 2:
        return []
    columns = value.shape[1]
    return [column for column in range(columns) if not any(value.entries[column::columns])]


def _tell(scene: Scene, node: str, key: str, sentence: str) -> Finding:
    severity: Severity = "warning" if key == "all" else "note"
    return Finding(
        "dead", severity, sentence, say("finding.fix.dead"), (node,), (),
        scene.line(node),
    )  # fmt: skip
