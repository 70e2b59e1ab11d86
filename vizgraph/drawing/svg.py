"""Draw a placed view as SVG.

User text reaches the drawing as XML text and as the values of ``data-`` and
``aria-`` attributes only, escaped. `ELEMENTS` and `ATTRIBUTES` are everything a
drawing may hold; the player rebuilds it from the same list.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from vizgraph.drawing import faces
from vizgraph.drawing.faces import BAND, PAD, RISE, ROW, TEXT, Face, Row, Texts
from vizgraph.model import Box, Drawing, Edge, Layout, Node, Route, Timeline, View
from vizgraph.notation import metrics
from vizgraph.telling.seeds import Place, places

ELEMENTS: Final = frozenset({"svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title"})
ATTRIBUTES: Final = frozenset(
    {"class", "d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "viewBox", "transform", "role"}
    | {"text-anchor", "dominant-baseline", "aria-label", "tabindex"}
)  # and every data-*

BASELINE: Final = 0.35  # of the text size, from the middle of a row down to its base line
CORNER: Final = 8.0
SHEET: Final = 4.0  # by which the second sheet of a group stands out
PLUS: Final = 5.0  # half of the sign that opens a group
INSET: Final = 1.0  # of the band, so that it leaves the border whole
ARROW: Final = 8.0  # length of an arrow head; it is as wide
SCISSORS: Final = (  # two rings and two blades, 16 points square
    "M2 4a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0M2 12a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0"
    "M6.2 5.4L15 11.6M6.2 10.6L15 4.4"
)


def draw(view: View, timeline: Timeline, layout: Layout) -> Drawing:
    """The picture before the first number of the backward pass: all ``data-role`` texts are there, empty."""
    told = faces.texts(view.graph, timeline)
    nothing = Texts({}, {}, told.node_cells, told.edge_cells)
    svg = _svg(view, layout, nothing, "vg-drawing", "", timeline.faulty, finished=False)
    return Drawing(view.name, svg, layout.width, layout.height)


def static(view: View, timeline: Timeline, layout: Layout) -> str:
    """The finished picture as a file of its own: every number of the last beat, its style inside, light."""
    style = f"<style>{_plain_style()}</style>"
    ground = f'<rect class="vg-ground" width="{_n(layout.width)}" height="{_n(layout.height)}"/>'
    return _finished(view, timeline, layout, "vg-drawing vg-static", style + ground) + "\n"


def finished(view: View, timeline: Timeline, layout: Layout) -> str:
    """The finished picture for a page that has the style of drawings."""
    return _finished(view, timeline, layout, "vg-drawing", "")


def _finished(view: View, timeline: Timeline, layout: Layout, classes: str, head: str) -> str:
    texts = faces.texts(view.graph, timeline)
    texts = replace(texts, edge_cells={id: texts.edge_cells[id] for id, text in texts.contributions.items() if text})
    return _svg(view, layout, texts, classes, head, timeline.faulty, finished=True)


def _svg(
    view: View, layout: Layout, texts: Texts, classes: str, head: str, faulty: tuple[str, ...], *, finished: bool
) -> str:
    painted = faces.faces(view, texts)
    boxes = {box.id: box for box in layout.boxes}
    routes = {route.id: route for route in layout.routes}
    width, height = _n(layout.width), _n(layout.height)
    size = f' width="{width}" height="{height}"' if finished else ""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" viewBox="0 0 {width} {height}"{size}>', head]
    several = {edge.source for edge in view.graph.edges if edge.result} if view.name == "engine" else set()
    parts += [_edge(edge, routes[edge.id], texts, which=edge.source in several) for edge in view.graph.edges]
    marks = dict.fromkeys(view.graph.outputs, " is-output")
    marks |= {id: f"{marks.get(id, '')} is-faulty" for id in faulty}
    for node in view.graph.nodes:
        gradient = texts.gradients.get(node.id, "")
        parts.append(_node(node, painted[node.id], boxes[node.id], gradient, marks.get(node.id, "")))
    for place in places(view):
        parts.append(_seed(place, boxes[place.id], routes[place.id], last=finished))
    return "".join([*parts, "</svg>"])


# --- v -----------------------------------------------------------------------------


def _seed(place: Place, box: Box, route: Route, *, last: bool) -> str:
    """v at one output, from where it enters the graph; the numbers of the last pass, if they are to be there."""
    left, top = box.x - box.width / 2, box.y - box.height / 2
    texts = place.texts[-1][1] if last else [""] * len(place.labels)
    points = list(route.points)
    parts = [
        f'<g class="vg-seed"{_data("seed", place.id)}{_data("target", place.node)}>',
        f'<path class="vg-line" d="{_path(points)}"/><path class="vg-arrow" d="{_arrow(points[::-1])}"/>',
        f'<rect class="vg-box" x="{_n(left)}" y="{_n(top)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        f' rx="{_n(CORNER)}"/>',
    ]
    for number, (label, text) in enumerate(zip(place.labels, texts, strict=True)):
        middle = top + RISE + (number + 0.5) * faces.SEED_ROW
        y = f'y="{_n(middle + BASELINE * TEXT)}"'
        room = metrics.cells(label) * metrics.CELL * TEXT + 1.75 * PAD
        parts.append(
            f'<g class="vg-entry" data-entry="{number}">'
            f'<rect class="vg-grip" x="{_n(left + room)}" y="{_n(middle - faces.SEED_ROW / 2 + 2)}"'
            f' width="{_n(box.width - room - PAD / 2)}" height="{_n(faces.SEED_ROW - 4)}" rx="{_n(CORNER / 2)}"/>'
            f'<text class="vg-name" x="{_n(left + PAD)}" {y}>{_text(label)}</text>'
            f'<text class="vg-gradient" data-role="seed" x="{_n(left + box.width - PAD)}" {y} text-anchor="end">'
            f"{_text(text)}</text></g>"
        )
    return "".join([*parts, "</g>"])


# --- nodes ----------------------------------------------------------------------


def _node(node: Node, face: Face, box: Box, gradient: str, marks: str) -> str:
    corner = BAND / 2 if node.kind in ("leaf", "constant") else CORNER
    left, top = box.x - box.width / 2, box.y - box.height / 2
    classes = f"vg-node vg-{node.kind}{marks}"
    parts = [
        f'<g class="{classes}" data-node={_attribute(node.id)} tabindex="0" role="button"'
        f" aria-label={_attribute(_spoken(face))}>",
        f'<rect class="vg-box" x="{_n(left)}" y="{_n(top)}" width="{_n(box.width)}" height="{_n(box.height)}"'
        f' rx="{_n(corner)}"/>',
    ]
    if node.kind == "group":
        parts.insert(1, _sheet(left, top, box))
        parts.append(f'<path class="vg-plus" d="{_plus(left + box.width - 16, top + RISE + ROW / 2)}"/>')
    if face.label is not None:
        parts.append(_band(box, corner))
    if node.kind == "cut":
        place = f"translate({_n(left + box.width - 24)} {_n(top + RISE + 2)})"
        parts.append(f'<path class="vg-scissors" transform="{place}" d="{SCISSORS}"/>')
    if "is-faulty" in marks:
        parts.append(_warning(box))
    for number, row in enumerate(face.rows):
        parts += _row(row, box, top + RISE + (number + 0.5) * ROW)
    if face.label is not None:
        parts.append(_gradient(face.label, box, gradient))
    return "".join([*parts, "</g>"])


def _warning(box: Box) -> str:
    """A triangle with a mark on the upper edge of a node: what failed differs in shape, not in colour alone."""
    place = f"translate({_n(box.x + box.width / 2 - 14)} {_n(box.y - box.height / 2 - 9)})"
    return (
        f'<path class="vg-warning" transform="{place}" d="M9 1L17 16H1Z"/>'
        f'<path class="vg-exclaim" transform="{place}" d="M9 6V11M9 13.2V14"/>'
    )


def _sheet(left: float, top: float, box: Box) -> str:
    """A second sheet behind a group: there is more in it."""
    place = f'x="{_n(left + SHEET)}" y="{_n(top - SHEET)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'<rect class="vg-sheet" {place} rx="{_n(CORNER)}"/>'


def _plus(x: float, y: float) -> str:
    return f"M{_n(x - PLUS)} {_n(y)}H{_n(x + PLUS)}M{_n(x)} {_n(y - PLUS)}V{_n(y + PLUS)}"


def _spoken(face: Face) -> str:
    """What a screen reader says: every text of the box, in the order in which it stands there."""
    sides = [side for row in face.rows for side in (row.left, row.right) if side is not None]
    return ", ".join(text for _, text in sides)


def _row(row: Row, box: Box, middle: float) -> list[str]:
    """The texts of a row, at the two sides of the box."""
    parts = []
    y = f'y="{_n(middle + BASELINE * TEXT)}"'
    if row.left is not None:
        role, text = row.left
        inside = _named(text) if role == "name" else _text(text)
        css = "vg-name" if role == "expression" else f"vg-{role}"
        parts.append(f'<text class="{css}" x="{_n(box.x - box.width / 2 + PAD)}" {y}>{inside}</text>')
    if row.right is not None:
        role, text = row.right
        x = f'x="{_n(box.x + box.width / 2 - PAD)}"'
        parts.append(f'<text class="vg-{role}" {x} {y} text-anchor="end">{_text(text)}</text>')
    return parts


def _named(title: str) -> str:
    """A title; the name in ``name = expression`` stands out."""
    name, equals, expression = title.partition(" = ")
    return f'<tspan class="vg-key">{_text(name)}</tspan>{_text(equals + expression)}'


def _band(box: Box, corner: float) -> str:
    """The row of the gradient: the foot of the box, inside its border."""
    left, right = box.x - box.width / 2 + INSET, box.x + box.width / 2 - INSET
    bottom, round_ = box.y + box.height / 2 - INSET, corner - INSET
    turn = f"a{_n(round_)} {_n(round_)} 0 0 1 {_n(-round_)}"
    return (
        f'<path class="vg-band" d="M{_n(left)} {_n(bottom + INSET - BAND)}H{_n(right)}V{_n(bottom - round_)}'
        f'{turn} {_n(round_)}H{_n(left + round_)}{turn} {_n(-round_)}Z"/>'
    )


def _gradient(label: str, box: Box, gradient: str) -> str:
    y = f'y="{_n(box.y + box.height / 2 - BAND / 2 + BASELINE * TEXT)}"'
    left, right = f'x="{_n(box.x - box.width / 2 + PAD)}"', f'x="{_n(box.x + box.width / 2 - PAD)}"'
    return (
        f'<text class="vg-label" {left} {y}>{label}</text>'
        f'<text class="vg-gradient" data-role="gradient" {right} {y} text-anchor="end">{_text(gradient)}</text>'
    )


# --- edges ----------------------------------------------------------------------


def _edge(edge: Edge, route: Route, texts: Texts, *, which: bool) -> str:
    """An edge; ``which`` of several results of its source it takes stands at its arrow."""
    still = "" if edge.flows else " is-still"
    points = list(route.points)
    way = _path(points)
    ends = _data("edge", edge.id) + _data("source", edge.source) + _data("target", edge.target)
    parts = [
        f'<g class="vg-edge{still}"{ends}>',
        f'<path class="vg-hit" d="{way}"/>',
        f'<path class="vg-line" d="{way}"/>',
        f'<path class="vg-arrow" d="{_arrow(points)}"/>',
    ]
    if edge.flows:
        parts.append(f'<path class="vg-back" d="{_arrow(points[::-1])}"/>')
    if which:
        (x, y), (right, down) = points[-1], _direction(points)
        place = f'x="{_n(x - right * (ARROW + 3))}" y="{_n(y - down * ARROW - 4)}"'
        parts.append(f'<text class="vg-result" {place} text-anchor="end">[{edge.result}]</text>')
    if route.label is not None and edge.id in texts.edge_cells:
        parts.append(_chip(route.label, texts.edge_cells[edge.id], texts.contributions.get(edge.id, "")))
    return "".join([*parts, "</g>"])


def _chip(centre: tuple[float, float], cells: int, text: str) -> str:
    width, height = faces.chip(cells)
    x, y = centre
    corner = f'x="{_n(x - width / 2)}" y="{_n(y - height / 2)}"'
    return (
        f'<rect class="vg-chip" {corner} width="{_n(width)}" height="{_n(height)}" rx="{_n(height / 2)}"/>'
        f'<text class="vg-contribution" data-role="contribution" x="{_n(x)}" y="{_n(y + BASELINE * TEXT)}"'
        f' text-anchor="middle">{_text(text)}</text>'
    )


def _path(points: list[tuple[float, float]]) -> str:
    first, *rest = (f"{_n(x)} {_n(y)}" for x, y in points)
    return f"M{first}C{' '.join(rest)}"


def _arrow(points: list[tuple[float, float]]) -> str:
    """The head at the end of the points."""
    tip, (x, y) = points[-1], _direction(points)
    base = tip[0] - x * ARROW, tip[1] - y * ARROW
    half = ARROW / 2
    left, right = (base[0] - y * half, base[1] + x * half), (base[0] + y * half, base[1] - x * half)
    return f"M{_n(tip[0])} {_n(tip[1])}L{_n(left[0])} {_n(left[1])}L{_n(right[0])} {_n(right[1])}Z"


def _direction(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The unit vector in which the points end: from the last one that lies apart from the end."""
    tip = points[-1]
    for point in reversed(points[:-1]):
        apart = math.dist(point, tip)
        if apart > ARROW / 2:
            return (tip[0] - point[0]) / apart, (tip[1] - point[1]) / apart
    return 1.0, 0.0


# --- text -----------------------------------------------------------------------


def _text(text: str) -> str:
    return escape(metrics.clean(text))


def _attribute(text: str) -> str:
    return quoteattr(metrics.clean(text))


def _data(name: str, value: str) -> str:
    return f" data-{name}={_attribute(value)}"


def _n(number: float) -> str:
    """A coordinate with at most two decimals.

    >>> _n(12.0), _n(3.14159), _n(-0.001)
    ('12', '3.14', '0')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# --- the style of a file that stands alone -----------------------------------------

_STYLE: Final = Path(__file__).parents[1] / "web" / "drawing.css"


@cache
def _plain_style() -> str:
    """The plain rules of the drawing with the light colours put in, for viewers that know no custom properties."""
    text = re.sub(r"/\*.*?\*/", "", _STYLE.read_text(encoding="utf-8"), flags=re.DOTALL)
    colours = dict(reversed(re.findall(r"(--vg-[\w-]+):\s*([^;]+);", text)))  # the first of each name is the light one
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", text)
    plain = [
        f"{' '.join(selector.split())}{{{' '.join(body.split())}}}"
        for selector, body in rules
        if not re.search(r"[:\[@]|is-active|is-dim", selector) and not re.search(r"^\s*--|transition", body)
    ]
    return re.sub(r"var\((--vg-[\w-]+)\)", lambda use: colours[use[1]], "".join(plain))
