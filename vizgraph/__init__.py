"""See where a gradient comes from: PyTorch's autograd graph, drawn and animated.

>>> import vizgraph
>>> picture = vizgraph.visualize("y = x**2 + 2*x", values={"x": 3})
>>> picture.run.leaves[0].grad.entries
(8.0,)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vizgraph.errors import GradientError, VizgraphError

if TYPE_CHECKING:
    from vizgraph.pipeline import check, record, trace, visualize
    from vizgraph.visualization import Visualization

__all__ = ["GradientError", "Visualization", "VizgraphError", "check", "record", "trace", "visualize"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the rest when it is asked for: the page and the worker import this package without torch."""
    if name in ("check", "record", "trace", "visualize"):
        from vizgraph import pipeline

        return getattr(pipeline, name)
    if name == "Visualization":
        from vizgraph.visualization import Visualization

        return Visualization
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
