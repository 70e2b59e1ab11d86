"""Write all of a view as plain DOT, however large it is: names and shapes, and the norms of the last pass.

What `dot` writes is made for the drawing: it leaves room for every beat, and of a large view it has the groups. Here is
the graph itself, for other tools.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from vizgraph.drawing import dot
from vizgraph.drawing.heat import size
from vizgraph.model import Node, View
from vizgraph.notation.numbers import brief

HEAD: Final = (
    "digraph vizgraph {",
    f'  graph [rankdir="LR", fontname="{dot.FONT}"];',
    f'  node [shape="box", fontname="{dot.FONT}"];',
    f'  edge [fontname="{dot.FONT}"];',
)


def write(view: View) -> str:
    """Every node by its name, its function and its shape, every edge with the norm of what it contributed.

    An edge that takes another result of its source than the first says which one."""
    escaped = cache(dot.escape)
    carried: dict[str, float | str | None] = {}
    for step in view.passes[-1].steps if view.passes else ():
        carried |= {item.edge: size(item.gradient) for item in step.contributions}
    lines = [f'  "{escaped(node.id)}" [label="{_label(node, escaped)}"];' for node in view.graph.nodes]
    for edge in view.graph.edges:
        norm = carried.get(edge.id)
        told = brief(float(norm)) if norm is not None else ""
        label = f"{told} [{edge.result}]".strip() if edge.result else told
        ends = f'  "{escaped(edge.source)}" -> "{escaped(edge.target)}"'
        lines.append(f'{ends} [label="{label}"];' if label else f"{ends};")
    return "\n".join([*HEAD, *lines, "}", ""])


def _label(node: Node, escaped: Callable[[str], str]) -> str:
    parts = (node.name, node.grad_fn or node.operation, None if node.shape is None else str(node.shape))
    return "\\n".join(escaped(part) for part in parts if part)
