"""Say where v stands: one place for each output at which a pass begins, with its entries."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

from vizgraph import limits
from vizgraph.model import Pass, Seed, Value, View
from vizgraph.notation.numbers import brief
from vizgraph.telling.captions import Captions
from vizgraph.telling.formulas import text

PREFIX: Final = "v:"  # of the id of a place: no node is called so
MOST: Final = 16  # places; a view with more shows v in its sentences only


@dataclass(frozen=True, slots=True)
class Place:
    """The v of one output: ``labels`` names its entries, ``texts`` are their numbers in each pass that has it.

    Where there are many entries there is one label and one text for all; ``start`` is the number of the
    first entry among all of a pass."""

    id: str
    node: str
    labels: tuple[str, ...]
    starts: tuple[tuple[int, int], ...]  # (pass, start)
    texts: tuple[tuple[int, tuple[str, ...]], ...]  # (pass, texts)
    names: tuple[str, ...]  # of the output's entries
    values: tuple[float, ...] | None  # of the output's entries, None where they are not known


def places(view: View) -> tuple[Place, ...]:
    """The places of all passes, in the order in which passes begin there."""
    captions = Captions(view)
    shown = {node.id: node.value for node in view.graph.nodes}
    found: dict[tuple[str, int], list[tuple[int, int, Seed]]] = {}
    labels: dict[tuple[str, int], tuple[str, ...]] = {}
    for number, one in enumerate(view.passes):
        start = 0
        for seed in one.seeds:
            labels.setdefault((seed.node, seed.result), tuple(_labels(one, seed, captions)))
            found.setdefault((seed.node, seed.result), []).append((number, start, seed))
            start += _size(seed)
    if len(found) > MOST:
        return ()
    return tuple(
        Place(
            f"{PREFIX}{node}:{result}",
            node,
            labels[node, result],
            tuple((number, start) for number, start, _ in seeds),
            tuple((number, _texts(seed, labels[node, result])) for number, _, seed in seeds),
            tuple(_names(captions.value(node), seeds[0][2])),
            _values(shown[node], labels[node, result]),
        )
        for (node, result), seeds in found.items()
    )


def _labels(one: Pass, seed: Seed, captions: Captions) -> list[str]:
    """``v`` of a single number; ``v[0]``, ``v[1]`` of a vector or of several outputs, each a number."""
    if _size(seed) > limits.LINEAR_ROWS:
        return ["v"]
    if len(one.seeds) == 1:
        indices = itertools.product(*map(range, seed.gradient.shape))
        return [f"v[{', '.join(map(str, index))}]" if index else "v" for index in indices]
    if all(not other.gradient.shape for other in one.seeds):
        return [f"v[{one.seeds.index(seed)}]"]
    name = captions.value(seed.node)
    indices = itertools.product(*map(range, seed.gradient.shape))
    return [f"v {name}[{', '.join(map(str, index))}]" if index else f"v {name}" for index in indices]


def _names(name: str, seed: Seed) -> list[str]:
    if _size(seed) > limits.LINEAR_ROWS:
        return [name]
    indices = itertools.product(*map(range, seed.gradient.shape))
    return [f"{name}[{', '.join(map(str, index))}]" if index else name for index in indices]


def _values(value: Value | None, labels: tuple[str, ...]) -> tuple[float, ...] | None:
    if value is None or value.entries is None or len(value.entries) != len(labels):
        return None
    return tuple(float(entry) for entry in value.entries)


def _texts(seed: Seed, labels: tuple[str, ...]) -> tuple[str, ...]:
    entries = seed.gradient.entries
    if entries is None or len(entries) != len(labels):
        return (text(seed.gradient), *("" for _ in labels[1:]))
    return tuple(map(brief, entries))


def _size(seed: Seed) -> int:
    size = 1
    for length in seed.gradient.shape:
        size *= length
    return size
