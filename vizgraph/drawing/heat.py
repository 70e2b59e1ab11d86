"""Measure what a view can be coloured by: norms of gradients, of forward values, of contributions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from vizgraph.model import Pass, Value, View

DIGITS: Final = 4
MOST: Final = 20_000  # numbers of gradients in a page; above, the last pass stands for all
NOT_FINITE: Final = "nan"


def heat(view: View) -> dict[str, Any]:
    """Norms for the player: ``forward`` by node, and for every pass ``nodes`` and ``edges``.

    A number that is not finite is the text "nan"; what nothing is known of is left out."""
    passes = view.passes
    if len(passes) * (len(view.graph.nodes) + len(view.graph.edges)) > MOST:
        passes = passes[-1:]
    forward = {node.id: size(node.value) for node in view.graph.nodes if node.value is not None}
    return {"forward": _known(forward.items()), "passes": [_gradients(one) for one in passes]}


def _gradients(one: Pass) -> dict[str, Any]:
    nodes = {step.node: size(*step.upstream) for step in one.steps}
    nodes |= {done.node: size(done.gradient) for done in one.gradients}
    edges = {item.edge: size(item.gradient) for step in one.steps for item in step.contributions}
    return {"nodes": _known(nodes.items()), "edges": _known(edges.items())}


def size(*values: Value | None) -> float | str | None:
    """The 2-norm of all of them together, short; None where none is known.

    >>> size(Value((2,), "float32", (3.0, 4.0), 3.0, 4.0, 5.0)), size(None)
    (5.0, None)
    """
    known = [value for value in values if value is not None]
    norms = [value.norm for value in known if value.norm is not None]
    if not norms:
        return None
    if not all(value.finite for value in known):
        return NOT_FINITE
    whole = math.hypot(*norms)
    return float(f"{whole:.{DIGITS}g}") if math.isfinite(whole) else NOT_FINITE


def _known(sizes: Iterable[tuple[str, float | str | None]]) -> dict[str, float | str]:
    return {id: found for id, found in sizes if found is not None}
