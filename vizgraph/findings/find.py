"""Collect all findings of a run, the most serious first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from vizgraph.findings.broken import gradients
from vizgraph.findings.fading import fading
from vizgraph.findings.listing import Findings
from vizgraph.findings.missing import missing
from vizgraph.findings.scene import Scene
from vizgraph.findings.units import dead
from vizgraph.findings.values import values
from vizgraph.findings.zeros import zeros
from vizgraph.model import Finding, Run
from vizgraph.texts import phrase, say

SEVERITIES: Final = ("error", "warning", "note")
KINDS: Final = ("value", "gradient", "failed", "unused", "cut", "vanishing", "exploding", "dead", "zero")


def find(run: Run) -> Findings:
    """Everything that was found in a run. Pure: it looks at the frozen values only."""
    scene = Scene(run)
    found = [*_broken(scene), *_failed(scene), *missing(scene), *fading(scene), *_still(scene)]
    placed = [_placed(scene, finding) for finding in found]
    return Findings(sorted(placed, key=lambda finding: SEVERITIES.index(finding.severity)))


def _broken(scene: Scene) -> Iterator[Finding]:
    """Both, the cause before what it caused; a value whose making nobody saw says less than a gradient's."""
    forward, backward = list(values(scene)), list(gradients(scene))
    vague = say("finding.fix.somewhere"), say("finding.fix.unknown")
    yield from (*backward, *forward) if forward and forward[0].fix in vague else (*forward, *backward)


def _placed(scene: Scene, finding: Finding) -> Finding:
    """The same with the file and the module of its line."""
    if finding.file or finding.module:
        return finding
    nodes = (scene.nodes[id] for id in finding.nodes if id in scene.nodes and scene.line(id) == finding.line)
    node = next((node for node in nodes if node.file or node.module), None)
    return finding if node is None else replace(finding, file=node.file, module=node.module)


def _still(scene: Scene) -> Iterator[Finding]:
    """Dead units, and gradients of 0 that are not their doing."""
    units = list(dead(scene))
    guilty = {node for finding in units for node in finding.nodes}
    yield from units
    yield from zeros(scene, guilty)


def _failed(scene: Scene) -> Iterator[Finding]:
    """The error with which the program ended."""
    error = scene.run.error
    if error is not None:
        live = scene.run.program is None  # somebody's own code ran to its end: it is the backward pass that failed
        sentence = say("finding.failed_backward" if live else "finding.failed", message=error.message)
        hint = phrase(error.hint) if error.hint else ""
        fix = _sentence(hint) if live else hint
        nodes = (error.node,) if error.node else ()
        yield Finding("failed", "error", sentence, fix, nodes, (), error.span.line if error.span else None)


def _sentence(hint: str) -> str:
    """A hint as the sentence that it is in a list of findings."""
    return f"{hint[:1].upper()}{hint[1:]}{'.' if hint[-1:].isascii() and hint[-1:] not in '.!?' else ''}"
