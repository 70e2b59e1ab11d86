"""Give every edge of a small graph a lane: a thing of its own in every layer that it crosses.

Boxes stand in the even layers, labels in the odd ones between. So Graphviz keeps
room for every label and every passing line, and each step of a lane is one layer.
Sizes are (along the flow, across it), whichever way the flow runs.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from vizgraph.drawing.dot import Sheet, Wire, ranks
from vizgraph.drawing.layout.graphviz import Link, Size

THREAD: Final = 2.0  # points across, of a line that only passes
SPACE: Final = 12.0  # points across, between two things of a layer


@dataclass(slots=True)
class Lanes:
    """Everything that stands in a layer, by number: first the boxes in their order, then labels and passing lines."""

    boxes: int
    sizes: list[Size]
    layer: list[int]
    ways: dict[str, list[int]] = field(default_factory=dict)  # per wire: its box, what it passes through, its box
    labels: dict[str, int] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)  # per wire: which of how many inputs it is
    layers: list[list[int]] = field(default_factory=list)  # the things of each layer

    def links(self) -> list[Link]:
        """Every step of every lane; passing lines are kept straight."""
        found = []
        for id, way in self.ways.items():
            for number, (source, target) in enumerate(itertools.pairwise(way)):
                is_last = number == len(way) - 2
                inner = (source >= self.boxes) + (target >= self.boxes)
                found.append(Link(source, target, (1, 2, 8)[inner], self.places[id] if is_last else None))
        return found


def lanes(sheet: Sheet, level: bool) -> Lanes:
    """The lanes of a sheet; ``level`` says that the flow runs from left to right."""
    layer = _layers(sheet)
    number = {id: place for place, (id, _, _) in enumerate(sheet.boxes)}
    sizes = [(width, height) if level else (height, width) for _, width, height in sheet.boxes]
    made = Lanes(len(sizes), sizes, [2 * layer[id] for id, _, _ in sheet.boxes])
    made.places = _places(sheet.wires)
    filled = _Filled(made)
    for wire in sorted(sheet.wires, key=lambda wire: layer[wire.target] - layer[wire.source]):
        source, target = number[wire.source], number[wire.target]
        crossed = range(made.layer[source] + 1, made.layer[target])
        label = (wire.chip if level else wire.chip[::-1]) if wire.chip else None
        home = filled.home(crossed, label) if label else None
        way = [filled.add(label if place == home and label else (0.0, THREAD), place) for place in crossed]
        if home is not None:
            made.labels[wire.id] = way[crossed.index(home)]
        made.ways[wire.id] = [source, *way, target]
    made.ways = {wire.id: made.ways[wire.id] for wire in sheet.wires}
    made.layers = [[] for _ in range(max(made.layer) + 1)]
    for thing, place in enumerate(made.layer):
        made.layers[place].append(thing)
    return made


class _Filled:
    """How long every layer is along the flow, and how much stands in it across."""

    def __init__(self, made: Lanes) -> None:
        self._made = made
        self._length: defaultdict[int, float] = defaultdict(float)
        self._across: defaultdict[int, float] = defaultdict(float)
        for size, layer in zip(made.sizes, made.layer, strict=True):
            self._count(size, layer)

    def home(self, layers: range, label: Size) -> int:
        """The layer for a label: where it adds no length, and of those the emptiest, of equal ones the last."""
        return min(reversed(layers), key=lambda layer: (max(label[0] - self._length[layer], 0.0), self._across[layer]))

    def add(self, size: Size, layer: int) -> int:
        """Put a thing into a layer; its number."""
        self._made.sizes.append(size)
        self._made.layer.append(layer)
        self._count(size, layer)
        return len(self._made.sizes) - 1

    def _count(self, size: Size, layer: int) -> None:
        self._length[layer] = max(self._length[layer], size[0])
        self._across[layer] += size[1] + SPACE


def _layers(sheet: Sheet) -> dict[str, int]:
    """The layer of every box; the boxes of a column share one."""
    head = {id: column[0] for column in sheet.columns for id in column}
    ids = list(dict.fromkeys(head.get(id, id) for id, _, _ in sheet.boxes))
    wires = [(head.get(wire.source, wire.source), head.get(wire.target, wire.target)) for wire in sheet.wires]
    layer = ranks(ids, wires)
    return {id: layer[head.get(id, id)] for id, _, _ in sheet.boxes}


def _places(wires: tuple[Wire, ...]) -> dict[str, tuple[int, int]]:
    """Which of how many inputs of its target each wire is, in the order of the slots."""
    count = Counter(wire.target for wire in wires)
    met: Counter[str] = Counter()
    found = {}
    for wire in sorted(wires, key=lambda wire: wire.slot):
        found[wire.id] = (met[wire.target], count[wire.target])
        met[wire.target] += 1
    return found
