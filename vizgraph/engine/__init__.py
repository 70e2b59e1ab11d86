"""Evaluate programs on real tensors and record the engine's own backward pass: the only land of torch."""

from vizgraph.engine.run import run

__all__ = ["run"]
