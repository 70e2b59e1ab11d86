"""See where a gradient comes from: PyTorch's autograd graph, drawn and animated.

>>> import vizgraph
>>> picture = vizgraph.visualize("y = x**2 + 2*x", values={"x": 3})
>>> picture.run.leaves[0].grad.entries
(8.0,)
"""

from __future__ import annotations

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from vizgraph.errors import GradientError, VizgraphError

if TYPE_CHECKING:
    from vizgraph.pipeline import visualize
    from vizgraph.tracing import check, record, trace
    from vizgraph.visualization import Visualization

__all__ = ["GradientError", "Visualization", "VizgraphError", "check", "record", "trace", "visualize"]
__version__ = "0.1.0"

_HOMES = {
    "Visualization": "vizgraph.visualization",
    "check": "vizgraph.tracing",
    "record": "vizgraph.tracing",
    "trace": "vizgraph.tracing",
    "visualize": "vizgraph.pipeline",
}


def __getattr__(name: str) -> Any:
    """Load the rest when it is asked for: the page and the worker import this package without torch."""
    if name in _HOMES:
        return resolve_name(f"{_HOMES[name]}:{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
