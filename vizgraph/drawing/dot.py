"""Write a view as DOT, with room for the widest text of any beat.

The text is for two readers: any Graphviz draws it as it is, with the numbers of
the finished backward pass; `vizgraph.drawing.layout` takes from it what a layout needs
(`read`). Labels are escaped here and nowhere else, every other attribute is a
constant or a number of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from vizgraph.drawing import faces
from vizgraph.drawing.faces import CHIP_HEIGHT, Face
from vizgraph.model import Edge, Graph, Timeline, View
from vizgraph.notation import metrics
from vizgraph.telling.seeds import places

CURVED_EDGES: Final = 400  # in a graph with more, edges are straight
CHEAP: Final = {  # what keeps Graphviz from taking seconds for a large graph
    "nslimit": "0.5",
    "nslimit1": "0.5",
    "mclimit": "0.2",
}
SPACING: Final = {"rankdir": "LR", "nodesep": "0.2", "ranksep": "0.4", "splines": "true"}  # of a small graph, inches
FONT: Final = "Courier,monospace"
SMALL_EDGES: Final = 100  # a graph with more edges, or
SMALL_SPAN: Final = 300  # whose edges cross more layers in all, is laid out with less care
COLUMNS: Final = 60  # nodes; up to here the outputs stand in one column, and so do the parts of an assembly
LEAF_COLUMN: Final = 4  # layers; up to here all leaves stand in one, in a longer graph each before its first use
ASSEMBLIES: Final = ("assemble", "stack", "cat")  # operations that put their inputs side by side
POINTS: Final = 72  # to the inch, in which Graphviz takes sizes

_COLOURS: Final = {  # border, fill
    "leaf": ("#1f6fb2", "#eaf3fb"),
    "operation": ("#8a94a3", "#ffffff"),
    "output": ("#3d4654", "#ffffff"),
    "constant": ("#c4cad3", "#f6f7f9"),
    "cut": ("#6b7482", "#ffffff"),
    "seed": ("#b03c00", "#ffefe4"),
    "group": ("#3d4654", "#f6f7f9"),
    "stub": ("#c4cad3", "#ffffff"),
}


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge as the layout sees it; ``chip`` is the size of its label, None for no label."""

    id: str
    source: str
    target: str
    slot: int
    chip: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layout needs of a DOT text: sizes in points, settings, nodes that stand in one column."""

    settings: tuple[tuple[str, str], ...]
    boxes: tuple[tuple[str, float, float], ...]
    columns: tuple[tuple[str, ...], ...]
    wires: tuple[Wire, ...]

    @property
    def small(self) -> bool:
        """Whether a layout may take every care."""
        return is_small([(wire.source, wire.target) for wire in self.wires], self.ranks())

    def ranks(self) -> dict[str, int]:
        """The layer of every node."""
        return ranks([id for id, _, _ in self.boxes], [(wire.source, wire.target) for wire in self.wires])


def write(view: View, timeline: Timeline) -> str:
    """The view as DOT: ids as in the JSON, boxes of fixed size, contributions as edge labels.

    The same view and timeline give the same bytes.
    """
    texts = faces.texts(view.graph, timeline)
    painted = faces.faces(view, texts)
    wires = [(edge.source, edge.target) for edge in view.graph.edges]
    layer = ranks(list(painted), wires)
    widest = max((faces.chip(cells)[0] for cells in texts.edge_cells.values()), default=0.0)
    spacing = SPACING if is_small(wires, layer) else _spacing(painted, layer, widest, len(wires))
    lines = ["digraph vizgraph {", *_settings(spacing)]
    lines += [_node(face, texts.gradients.get(face.id)) for face in painted.values()]
    lines += [_column(ids) for ids in _columns(view.graph, max(layer.values(), default=0) + 1)]
    for edge in view.graph.edges:
        lines.append(_edge(edge, texts.contributions.get(edge.id), texts.edge_cells.get(edge.id)))
    stands = places(view)
    lines += [_node(faces.seed(place), None) for place in stands]
    lines += [_edge(Edge(place.id, place.node, place.id, 0, flows=False), None, None) for place in stands]
    if (
        len(stands) > 1
        and len(painted) <= COLUMNS
        and not {edge.source for edge in view.graph.edges} & {place.node for place in stands}
    ):
        lines.append(_column([place.id for place in stands]))
    return "\n".join([*lines, "}", ""])


def _settings(spacing: dict[str, str]) -> list[str]:
    return [
        f"  graph [{_attributes(spacing | {'fontname': FONT, 'fontsize': '13', 'bgcolor': 'transparent'})}];",
        f"  node [{_attributes({'shape': 'box', 'fixedsize': 'true', 'fontname': FONT, 'fontsize': '13'})}];",
        f"  edge [{_attributes({'fontname': FONT, 'fontsize': '12', 'color': '#8a94a3', 'arrowsize': '0.7'})}];",
    ]


def _node(face: Face, gradient: str | None) -> str:
    border, fill = _COLOURS[face.kind]
    label = "".join(f"{escape(line)}\\l" for line in _lines(face, gradient))
    attributes = _attributes(
        {
            "id": _quotable(face.id),
            "class": f"vg_{face.kind}",
            "width": f"{face.width / POINTS:.4f}",
            "height": f"{face.height / POINTS:.4f}",
            "style": "dashed,filled" if face.kind in ("cut", "stub") else "rounded,filled",
            "color": border,
            "fillcolor": fill,
        }
    )
    return f'  "{_quotable(face.id)}" [{attributes}, label="{label}"];'


def _lines(face: Face, gradient: str | None) -> list[str]:
    lines = []
    for row in face.rows:
        lines.append("  ".join(side[1] for side in (row.left, row.right) if side is not None))
    if gradient is not None:
        lines.append(f"{face.label}  {gradient}")
    return lines


def _columns(graph: Graph, layers: int) -> list[list[str]]:
    """What stands in one column, in its order: in a small graph the leaves, the outputs, the parts of an assembly."""
    if len(graph.nodes) > COLUMNS:
        return []
    uses = Counter(edge.source for edge in graph.edges)
    leaves = [node.id for node in graph.nodes if node.kind == "leaf"]
    outputs = [id for id in graph.outputs if not uses[id] and id not in leaves]
    columns = [leaves, outputs] if layers <= LEAF_COLUMN else [outputs]
    for node in graph.nodes:
        if node.operation in ASSEMBLIES:
            inputs = sorted((edge for edge in graph.edges if edge.target == node.id), key=lambda edge: edge.slot)
            columns.append([edge.source for edge in inputs if uses[edge.source] == 1 and edge.source not in leaves])
    placed: set[str] = set()
    for column in columns:
        column[:] = [id for id in column if id not in placed]
        placed |= set(column)
    return [column for column in columns if len(column) > 1]


def _column(ids: list[str]) -> str:
    quoted = (f'"{_quotable(id)}";' for id in ids)
    return f"  {{ rank=same; {' '.join(quoted)} }}"


def _edge(edge: Edge, contribution: str | None, cells: int | None) -> str:
    attributes = {"id": _quotable(edge.id), "class": "vg_edge" if edge.flows else "vg_edge_still"}
    attributes["slot"] = str(edge.slot)
    if not edge.flows:
        attributes["style"] = "dashed"
    if cells is not None:
        width, height = faces.chip(cells)
        attributes["chip"] = f"{width:g}x{height:g}"
    label = f', label="{escape(contribution)}"' if contribution else ""
    return f'  "{_quotable(edge.source)}" -> "{_quotable(edge.target)}" [{_attributes(attributes)}{label}];'


def escape(text: str) -> str:
    """The text as the inside of a quoted label: Graphviz shows it as it is.

    >>> print(escape('a "b" \\\\N'))
    a \\"b\\" \\\\N
    """
    return metrics.clean(text).replace("\\", "\\\\").replace('"', '\\"')


def _quotable(id: str) -> str:
    """An id between quotes; `read` undoes it."""
    return id.replace("\\", "\\\\").replace('"', '\\"')


def _attributes(attributes: dict[str, str]) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in attributes.items())


# --- what the layout reads ----------------------------------------------------

_QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'
_ATTRIBUTE: Final = re.compile(rf"(\w+)={_QUOTED}", re.DOTALL)
_STATEMENT: Final = re.compile(
    rf"^  (?:(?P<graph>graph)|{_QUOTED}(?: -> {_QUOTED})?) \[(?P<attributes>(?:\w+={_QUOTED}(?:, )?)*)\];$"
    rf"|^  \{{ rank=same; (?P<column>(?:{_QUOTED}; )*)\}}$",
    re.DOTALL | re.MULTILINE,
)


def read(text: str) -> Sheet:
    """What `write` wrote, as data for a layout. Reads DOT of `write` only."""
    settings: dict[str, str] = {}
    boxes: list[tuple[str, float, float]] = []
    wires: list[Wire] = []
    columns: list[tuple[str, ...]] = []
    for statement in _STATEMENT.finditer(text):
        attributes = dict(_ATTRIBUTE.findall(statement["attributes"] or ""))
        source, target = statement[2], statement[3]
        if statement["column"]:
            columns.append(tuple(_unquoted(id) for id in re.findall(_QUOTED, statement["column"], re.DOTALL)))
        elif statement["graph"]:
            settings = {name: attributes[name] for name in _LAYOUT_SETTINGS if name in attributes}
        elif target is None:
            size = float(attributes["width"]) * POINTS, float(attributes["height"]) * POINTS
            boxes.append((_unquoted(source), round(size[0]), round(size[1])))
        else:
            ends = _unquoted(attributes["id"]), _unquoted(source), _unquoted(target)
            wires.append(Wire(*ends, int(attributes["slot"]), _chip(attributes)))
    return Sheet(tuple(settings.items()), tuple(boxes), tuple(columns), tuple(wires))


_LAYOUT_SETTINGS: Final = ("rankdir", "nodesep", "ranksep", "splines", "nslimit", "nslimit1", "mclimit")


def _chip(attributes: dict[str, str]) -> tuple[float, float] | None:
    if "chip" not in attributes:
        return None
    width, height = attributes["chip"].split("x")
    return float(width), float(height)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


# --- the shape of the whole ------------------------------------------------------------

ROOM: Final = (1204.0, 512.0)  # points that a usual page gives to a graph; a projector has the same shape
LEGIBLE: Final = 0.7  # of the natural size; a graph that stays above flows from left to right
BETTER: Final = 1.2  # by this factor a graph must be larger to flow downwards
APART: Final = 40.0  # points beside a label, and between two boxes of a layer


def _spacing(painted: dict[str, Face], layer: dict[str, int], widest: float, wires: int) -> dict[str, str]:
    """Settings for a large graph: labels will take what room the edges leave."""
    layers: dict[int, list[Face]] = {}
    for id, number in layer.items():
        layers.setdefault(number, []).append(painted[id])
    splines = "true" if wires <= CURVED_EDGES else "line"
    gaps = {"nodesep": "0.35", "ranksep": f"{(widest + APART) / POINTS:.2f}", "splines": splines}
    return {"rankdir": _direction(list(layers.values()), widest)} | gaps | CHEAP


def _direction(layers: list[list[Face]], label: float) -> str:
    """LR, or TB where that shows a long graph larger on a usual screen."""
    gaps = len(layers) - 1
    along = sum(max(face.width for face in layer) for layer in layers) + gaps * (label + APART)
    across = max((sum(face.height + APART for face in layer) for layer in layers), default=0.0)
    down = sum(max(face.height for face in layer) for layer in layers) + gaps * (CHIP_HEIGHT + APART)
    beside = max((sum(face.width + APART for face in layer) for layer in layers), default=0.0)
    level = min(ROOM[0] / max(along, 1.0), ROOM[1] / max(across, 1.0))
    upright = min(ROOM[0] / max(beside, 1.0), ROOM[1] / max(down, 1.0))
    return "TB" if level < LEGIBLE and upright > BETTER * level else "LR"


def is_small(wires: list[tuple[str, str]], layer: dict[str, int]) -> bool:
    """Whether Graphviz lays the graph out in milliseconds even when every care is taken."""
    return len(wires) <= SMALL_EDGES and sum(layer[target] - layer[source] for source, target in wires) <= SMALL_SPAN


def ranks(ids: list[str], wires: list[tuple[str, str]]) -> dict[str, int]:
    """The layer of every node: the length of the longest path to it; a source stands just before its first use.

    >>> ranks(["a", "b", "c", "w"], [("a", "b"), ("b", "c"), ("w", "c")])
    {'a': 0, 'b': 1, 'c': 2, 'w': 1}
    """
    waiting = dict.fromkeys(ids, 0)
    consumers: dict[str, list[str]] = {id: [] for id in ids}
    for source, target in wires:
        waiting[target] += 1
        consumers[source].append(target)
    layer = dict.fromkeys(ids, 0)
    sources = [id for id in ids if not waiting[id]]
    ready = list(sources)
    for id in ready:  # grows while it is read
        for target in consumers[id]:
            layer[target] = max(layer[target], layer[id] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return layer | {id: min(layer[target] for target in consumers[id]) - 1 for id in sources if consumers[id]}
