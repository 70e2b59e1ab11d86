"""Say what is written on a node and an edge, and how much room it takes in any beat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from vizgraph.model import Graph, Node, Timeline, View
from vizgraph.notation import metrics, numbers
from vizgraph.telling.captions import Captions, plain, shorten
from vizgraph.telling.formulas import VALUE_WIDTH
from vizgraph.telling.journey import GROWING_WIDTH
from vizgraph.telling.notes import notes
from vizgraph.telling.seeds import Place

Role: TypeAlias = Literal["name", "expression", "operation", "shape", "value", "note"]

TEXT: Final = 13.0  # points; every text of the drawing has this size
ROW: Final = 18.0  # height of one row of a box
BAND: Final = 22.0  # height of the row that is kept for the gradient
PAD: Final = 9.0  # between the border of a box and its text
RISE: Final = 4.0  # above the first and below the last row
PAIRED: Final = 3  # cells that a box may be wider to have a row less
GAP: Final = 2  # cells between the left and the right text of a row
CHIP_HEIGHT: Final = 20.0
CHIP_PAD: Final = 7.0
LEAST_CELLS: Final = 9  # of a box, so that short names don't make slivers
TITLE_CELLS: Final = 22
VALUE_CELLS: Final = 24
NUMBER_CELLS: Final = 7  # at least, for a number that another v or another value may make longer: -0.1966
ENTRY_CELLS: Final = 5  # the same for an entry of a vector, with its comma
FEW: Final = 60  # nodes; in a larger graph a text has the room that it needs now
SEED_CELLS: Final = 8  # of an entry of v
SEED_ROW: Final = 24.0
LEAST_EXPRESSION: Final = 4  # cells; shorter says nothing


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a box: a text at its left and one at its right edge; either may be empty."""

    left: tuple[Role, str] | None
    right: tuple[Role, str] | None


@dataclass(frozen=True, slots=True)
class Face:
    """What is written on a node. ``label`` stands before the gradient, None where no gradient ever comes."""

    id: str
    kind: str
    rows: tuple[Row, ...]
    label: str | None
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Texts:
    """The gradient texts of a timeline: per node and edge the last one, and the cells of the widest."""

    gradients: dict[str, str]
    contributions: dict[str, str]
    node_cells: dict[str, int]
    edge_cells: dict[str, int]


def texts(graph: Graph, timeline: Timeline) -> Texts:
    """Fold the beats: what stands at the end, and the room that every beat needs."""
    leaves = {node.id for node in graph.nodes if node.kind == "leaf"}
    found = Texts({}, {}, {}, {})
    for beat in timeline.beats:
        if beat.clears:
            for id in [id for id in found.gradients if id not in leaves]:
                del found.gradients[id]
            found.contributions.clear()
        for pairs, last, room in (
            (beat.gradients, found.gradients, found.node_cells),
            (beat.contributions, found.contributions, found.edge_cells),
        ):
            for id, text in pairs:
                last[id] = metrics.clean(text)
                room[id] = max(room.get(id, 0), metrics.cells(last[id]))
    if len(graph.nodes) <= FEW:
        _widen(found, graph)
    return found


def _widen(found: Texts, graph: Graph) -> None:
    """Room for other numbers than those of now, so that the picture stays as it is when they change."""
    shapes = {node.id: node.shape for node in graph.nodes}
    uses = Counter(edge.source for edge in graph.edges if edge.flows)
    for id, cells in found.node_cells.items():
        growing = GROWING_WIDTH if uses[id] > 1 else 0
        found.node_cells[id] = max(cells, growing, _least(shapes[id]))
    for edge in graph.edges:
        if edge.id in found.edge_cells:
            found.edge_cells[edge.id] = max(found.edge_cells[edge.id], _least(shapes[edge.source]))


def _least(shape: tuple[int, ...] | None) -> int:
    if not shape:
        return 0 if shape is None else NUMBER_CELLS
    return min(2 + ENTRY_CELLS * math.prod(shape), VALUE_WIDTH)


def seed(place: Place) -> Face:
    """The face of v at one output: a row for each entry, its name left and its number right."""
    cells = max([SEED_CELLS, *(metrics.cells(text) for _, texts in place.texts for text in texts)])
    rows = tuple(Row(("name", label), None) for label in place.labels)
    widest = max((metrics.cells(label) for label in place.labels), default=0) + GAP + cells
    width = _even(widest * metrics.CELL * TEXT + 2.5 * PAD)
    return Face(place.id, "seed", rows, None, width, len(rows) * SEED_ROW + 2 * RISE)


def faces(view: View, told: Texts) -> dict[str, Face]:
    """The face of every node of the view, by id; the leaves are equally wide, and so are the outputs."""
    captions, room, noted = Captions(view), told.node_cells, notes(view)
    few = len(view.graph.nodes) <= FEW
    found = {
        node.id: _face(
            node, view.name, captions.value(node.id), room.get(node.id), few=few, noted=noted.get(node.id, ())
        )
        for node in view.graph.nodes
    }
    leaves = [node.id for node in view.graph.nodes if node.kind == "leaf"]
    for column in (leaves, view.graph.outputs):
        widest = max((found[id].width for id in column), default=0.0)
        found |= {id: replace(found[id], width=widest) for id in column}
    return found


def chip(cells: int) -> tuple[float, float]:
    """Width and height of the label of an edge whose widest text takes that many cells."""
    return _even(cells * metrics.CELL * TEXT + 2 * CHIP_PAD), CHIP_HEIGHT


def title(node: Node, caption: str) -> str:
    """What a node is called: ``name = expression``, or as much of it as there is, by its caption in sentences.

    How a leaf or a constant was made is no mathematics: its name is enough.
    """
    caption, name = metrics.clean(caption), metrics.clean(node.name or "")
    expression = plain(metrics.clean(node.expression or ""))
    if not name or name == expression or not expression or node.kind in ("leaf", "constant"):
        return metrics.shorten(caption, TITLE_CELLS)
    if expression.startswith(f"{name}[") and " = " in expression:  # "y[0] = x1*x2" names its place itself
        return shorten(caption + expression.removeprefix(name), TITLE_CELLS)
    room = TITLE_CELLS - metrics.cells(f"{caption} = ")
    return f"{caption} = {shorten(expression, room)}" if room >= LEAST_EXPRESSION else caption


def _face(
    node: Node, view: str, caption: str, gradient_cells: int | None, *, few: bool, noted: tuple[str, ...]
) -> Face:
    room = _value_room(node) if few else 0
    label = None if gradient_cells is None or node.kind == "stub" else ".grad" if node.kind == "leaf" else "grad"
    foot = len(label) + 1 + gradient_cells if label is not None and gradient_cells is not None else 0
    rows = _rows(node, view, caption, room, foot) + tuple(Row(("note", text), None) for text in noted)
    widest = max(_widest(rows, room), foot)
    if node.kind not in ("constant", "stub"):
        widest = max(widest, LEAST_CELLS)
    width = _even(widest * metrics.CELL * TEXT + 2 * PAD)
    if node.kind in ("cut", "group"):
        width += 24  # for the scissors, the plus
    height = len(rows) * ROW + 2 * RISE + (0 if label is None else BAND)
    return Face(node.id, node.kind, rows, label, width, height)


def _value_room(node: Node) -> int:
    """Cells for another value of a number that somebody may change."""
    if node.value is None or node.value.entries is None or (node.kind == "constant" and not node.name):
        return 0
    return min(_least(node.shape), VALUE_CELLS)


def _rows(node: Node, view: str, caption: str, room: int, foot: int) -> tuple[Row, ...]:
    """Names stand left, numbers right: shape and value each beside a name where that makes the box hardly wider than
    its value or the row at its ``foot`` must; else the first beside the name that leaves it narrowest, others below."""
    if node.kind in ("group", "stub"):
        return _outline(node, caption)
    names: list[tuple[Role, str]] = [("name" if node.name else "expression", title(node, caption))]
    operation = _operation(node, view)
    if operation:
        names.append(("operation", operation))
    shape, value = _numbers(node)
    if value == names[0][1]:  # a literal such as 2 is its own name
        value = ""
    rights: list[tuple[Role, str]] = [("shape", shape)] if shape else []
    if value:
        rights.append(("value", value))
    rows = [Row(name, None) for name in names]
    if len(names) == len(rights) == 2:
        paired = tuple(Row(*pair) for pair in zip(names, rights, strict=True))
        if _widest(paired, room) <= max(_cells(Row(None, rights[1]), room), foot) + PAIRED:
            return paired
    if rights:
        beside = min(reversed(range(len(names))), key=lambda place: _cells(Row(names[place], rights[0]), room))
        if _cells(Row(names[beside], rights[0]), room) <= TITLE_CELLS:
            rows[beside] = Row(names[beside], rights.pop(0))
    return (*rows, *(Row(None, right) for right in rights))


def _outline(node: Node, caption: str) -> tuple[Row, ...]:
    """A group: what it is called and what it holds. A stub: only what it is called."""
    rows = [Row(("expression", metrics.shorten(metrics.clean(caption), TITLE_CELLS)), None)]
    if node.kind == "group" and node.expression:
        rows.append(Row(("operation", metrics.shorten(metrics.clean(node.expression), TITLE_CELLS)), None))
    return tuple(rows)


def _operation(node: Node, view: str) -> str:
    if view == "engine":
        return metrics.shorten(metrics.clean(node.grad_fn or node.operation), TITLE_CELLS)
    if node.kind in ("leaf", "constant") or not (node.name or node.expression):
        return ""  # nothing was computed, or the operation is the title
    return metrics.shorten(metrics.clean(node.operation), TITLE_CELLS)


def _numbers(node: Node) -> tuple[str, str]:
    """Shape and value as texts; the shape is empty for a scalar, the value where it is not known."""
    shape = str(node.shape) if node.shape else ""
    if node.value is None:
        return shape, ""
    if node.value.entries is None:  # the summary begins with the shape
        return "", metrics.shorten(metrics.clean(numbers.summary(node.value, VALUE_CELLS)), VALUE_CELLS)
    return shape, metrics.shorten(metrics.clean(numbers.show(node.value, VALUE_CELLS)), VALUE_CELLS)


def _cells(row: Row, room: int) -> int:
    """How wide a row is where a value has at least that room."""
    sides = [metrics.cells(side[1]) for side in (row.left, row.right) if side is not None]
    if row.right is not None and row.right[0] == "value":
        sides[-1] = max(sides[-1], room)
    return sum(sides) + GAP * (len(sides) - 1)


def _widest(rows: Iterable[Row], room: int) -> int:
    return max((_cells(row, room) for row in rows), default=0)


def _even(length: float) -> float:
    return 2.0 * math.ceil(length / 2)
