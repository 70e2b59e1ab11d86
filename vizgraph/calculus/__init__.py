"""Derive the Jacobian in symbols and check it."""

from vizgraph.calculus.derive import derive, numbers
from vizgraph.calculus.warm import warm

__all__ = ["derive", "numbers", "warm"]
