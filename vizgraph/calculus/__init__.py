"""Derive the Jacobian in symbols and check it."""

from vizgraph.calculus.derive import derive
from vizgraph.calculus.warm import warm

__all__ = ["derive", "warm"]
