"""Say on a node, in a few words, what autograd holds of it beyond its name and its numbers; its card says all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vizgraph.model import Inside, Node, View
from vizgraph.notation import metrics
from vizgraph.notation.numbers import ELLIPSIS, UNEVEN
from vizgraph.telling.captions import Captions
from vizgraph.texts import say

CELLS: Final = 26  # of a row of notes
ROWS: Final = 2
NAME_CELLS: Final = 14  # of another node that a note names
BETWEEN: Final = " · "


def notes(view: View) -> dict[str, tuple[str, ...]]:
    """The rows of notes of every node that has some: in the view that is exact."""
    if view.name != "engine":
        return {}
    captions = Captions(view)
    known = {node.id for node in view.graph.nodes}
    hooked = {step.node for one in view.passes for step in one.steps if any(step.before)}

    def called(node: str | None) -> str | None:
        return metrics.shorten(metrics.clean(captions.value(node)), NAME_CELLS) if node in known and node else None

    found = {}
    for node in view.graph.nodes:
        words = list(_words(node, called(node.backward_of), called(node.inside.base if node.inside else None)))
        if node.id in hooked:
            words.insert(0, say("note.hook"))
        if words:
            found[node.id] = tuple(_rows(words))
    return found


def _words(node: Node, backward_of: str | None, base: str | None) -> Iterator[str]:
    """What is told first matters most: there may be no room for all."""
    found = node.inside or Inside()
    changed = [one.name for one in found.saved if one.state == "changed"]
    if changed:
        yield say("note.changed", names=", ".join(changed))
    if backward_of:
        yield say("note.backward_of", node=backward_of)
    if found.writes:
        yield say("note.writes", slice=found.writes)
    if found.wraps:
        yield say("note.wraps", operation=found.wraps)
    if found.custom:
        yield say("note.custom")
    if found.retains:
        yield say("note.retains")
    if base:
        yield say("note.base", node=base)
    if found.version:
        yield say("note.version", version=str(found.version))
    for one in found.summed:
        yield say("note.summed", source=_shape(one.source), target=_shape(one.target))
    if found.results:
        yield say("note.results", count=str(len(found.results)))


def _rows(words: list[str]) -> Iterator[str]:
    """As many words as fit, in their order; where some are left out, the last row ends in dots."""
    left = [metrics.shorten(metrics.clean(word), CELLS) for word in words]
    for number in range(1, ROWS + 1):
        row = left.pop(0)
        while left and metrics.cells(row + BETWEEN + left[0]) <= CELLS:
            row += BETWEEN + left.pop(0)
        if left and number == ROWS:
            row = metrics.shorten(row, CELLS - 2) + " " + ELLIPSIS
        yield row
        if not left:
            return


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) if size >= 0 else UNEVEN for size in shape) or say("card.scalar")
