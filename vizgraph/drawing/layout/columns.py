"""Place a graph in plain columns with straight edges, at once and whatever its size."""

from __future__ import annotations

from typing import Final

from vizgraph.drawing.dot import Sheet
from vizgraph.model import Box

MARGIN: Final = 10.0  # points around the picture
COLUMN_GAP: Final = 60.0  # points between two columns beside the widest label
ROW_GAP: Final = 24.0

Sizes = dict[str, tuple[float, float]]


def columns(sheet: Sheet) -> dict[str, Box]:
    """One column per layer of longest paths, each centred; nodes of a column in their order."""
    sizes: Sizes = {id: (width, height) for id, width, height in sheet.boxes}
    layers: dict[int, list[str]] = {}
    for id, layer in sheet.ranks().items():
        layers.setdefault(layer, []).append(id)
    gap = COLUMN_GAP + max((wire.chip[0] for wire in sheet.wires if wire.chip), default=0.0)
    tallest = max((_height(ids, sizes) for ids in layers.values()), default=0.0)
    boxes: dict[str, Box] = {}
    left = MARGIN
    for _, ids in sorted(layers.items()):
        wide = max(sizes[id][0] for id in ids)
        top = MARGIN + (tallest - _height(ids, sizes)) / 2
        for id in ids:
            boxes[id] = Box(id, left + wide / 2, top + sizes[id][1] / 2, *sizes[id])
            top += sizes[id][1] + ROW_GAP
        left += wide + gap
    return {id: boxes[id] for id in sizes}


def _height(ids: list[str], sizes: Sizes) -> float:
    return sum(sizes[id][1] for id in ids) + ROW_GAP * (len(ids) - 1)
