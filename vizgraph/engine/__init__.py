"""Evaluate programs on real tensors and record the engine's own backward pass: the only land of torch."""

from vizgraph.engine.differences import differences
from vizgraph.engine.recording.retained import untouched
from vizgraph.engine.recording.watch import Watch
from vizgraph.engine.run import run
from vizgraph.engine.second import second
from vizgraph.engine.tracing import trace, variables_of_caller

__all__ = ["Watch", "differences", "run", "second", "trace", "untouched", "variables_of_caller"]
