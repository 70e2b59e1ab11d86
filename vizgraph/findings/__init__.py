"""Find what went wrong in a run: where the gradient broke, faded, stopped or never came."""

from vizgraph.findings.find import KINDS, find
from vizgraph.findings.listing import Findings

__all__ = ["KINDS", "Findings", "find"]
