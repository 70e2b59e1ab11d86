"""Predict the size of formulas before they are made.

Sizes count the nodes of the written-out tree, so a part that is used twice
counts twice; shared parts are measured once.
"""

from __future__ import annotations

from typing import Any

ENTRY_NODES = 400  # of one entry's formula
ENTRY_DEPTH = 50  # levels of one entry's formula: sympy, and we, walk it recursively
DERIVATIVE_NODES = 1_200  # of one derivative, before anything cancels
SLOPE_NODES = 200  # of one derivative that is written out
JACOBIAN_NODES = 12_000  # of all derivatives together
JACOBIAN_ENTRIES = 64
TENSOR_ENTRIES = 256  # of any tensor on the way
MAGNITUDE = 10**30  # of a number in a formula


class Sizes:
    """Measures formulas, remembering what it has seen."""

    def __init__(self) -> None:
        self._nodes: dict[Any, int] = {}
        self._depths: dict[Any, int] = {}
        self._slopes: dict[tuple[Any, Any], int] = {}
        self._symbols: dict[Any, frozenset[Any]] = {}

    def readable(self, formula: Any) -> bool:
        """Whether a formula is short enough to go on with."""
        return self.nodes(formula) <= ENTRY_NODES and self.depth(formula) <= ENTRY_DEPTH

    def nodes(self, formula: Any) -> int:
        """The nodes of the tree."""
        known = self._nodes.get(formula)
        if known is None:
            known = self._nodes[formula] = 1 + sum(map(self.nodes, formula.args))
        return known

    def depth(self, formula: Any) -> int:
        """The levels of the tree."""
        known = self._depths.get(formula)
        if known is None:
            known = self._depths[formula] = 1 + max(map(self.depth, formula.args), default=0)
        return known

    def symbols(self, formula: Any) -> frozenset[Any]:
        """The symbols in the formula."""
        known = self._symbols.get(formula)
        if known is None:
            parts = map(self.symbols, formula.args)
            known = self._symbols[formula] = frozenset((formula,) if formula.is_Symbol else ()).union(*parts)
        return known

    def derivative(self, formula: Any, symbol: Any) -> int:
        """The nodes that the rules of differentiation write, at most, for d formula / d symbol."""
        if symbol not in self.symbols(formula):
            return 0
        if not formula.args:
            return 1
        known = self._slopes.get((formula, symbol))
        if known is None:
            parts = [self.derivative(part, symbol) for part in formula.args]
            # a sum adds the derivatives of its terms; everything else repeats itself once per part that varies
            repeated = 0 if formula.is_Add else self.nodes(formula) * sum(part > 0 for part in parts)
            known = self._slopes[formula, symbol] = 1 + sum(parts) + repeated
        return known
