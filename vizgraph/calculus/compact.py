"""Write the derivative of vectors and matrices as one matrix expression: A, xᵀ(A + Aᵀ), 2 diag(x), diag(s) − s sᵀ.

Every factor carries its numbers, so that an expression is only kept if it is the Jacobian that was found entry by
entry. What has no rule here is written by its entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy

from vizgraph.calculus import factors
from vizgraph.calculus.factors import Sum, Term
from vizgraph.calculus.slopes import SLOPES
from vizgraph.calculus.values import Values
from vizgraph.model import Call, Link, Ref, Tree
from vizgraph.notation.plan import Plan, operands

MOST_TERMS: Final = 4
_TOLERANCE: Final = 1e-3  # the factors are the recorded numbers, rounded as the run rounded them


def compact(plan: Plan, link: Link, names: Mapping[str, str], *, through: bool = False) -> Tree | None:
    """The derivative of a link as a matrix expression in ``names``; None where it has none, or is a
    single number, or empty.

    Named values on the way are walls, each of which has links of its own, or are gone ``through``."""
    expected = numpy.array(link.numbers)
    if expected.size <= 1:
        return None
    with numpy.errstate(all="ignore"):  # a division by zero agrees with no number, and so is left out
        found = _Derivative(plan, names, through=through).of(link.target, link.source)
        if not found or len(found) > MOST_TERMS:
            return None
        total = sum((term.number * factors.product(term) for term in found), numpy.zeros((1, 1)))
        scale = max(float(numpy.abs(expected).max()), 1.0)
        if total.shape != expected.shape or not numpy.allclose(total, expected, atol=_TOLERANCE * scale):
            return None
    return factors.written(found)


class _Derivative:
    """Walks from one value to a later one and multiplies the rules on the way."""

    def __init__(self, plan: Plan, names: Mapping[str, str], *, through: bool) -> None:
        self._walls = {} if through else names
        self._values = Values(plan, names)
        self._order = list(self._values.calls)

    def of(self, target: str, source: str) -> Sum | None:
        """d target / d source; () where it is zero, None where it has no matrix expression."""
        known: dict[str, Sum | None] = {source: (Term(1.0, (factors.identity(self._values.size(source)),)),)}
        for id in self._order[self._order.index(source) + 1 : self._order.index(target) + 1]:
            call = self._values.calls[id]
            if call.kind != "operation" or (id in self._walls and id != target):
                continue
            touched = [operand for operand in operands(call) if operand in known]
            if touched:
                known[id] = self._through(call, known)
        return known.get(target, ())

    def _through(self, call: Call, known: Mapping[str, Sum | None]) -> Sum | None:
        terms: list[Term] = []
        for slot, argument in enumerate(call.arguments):
            if not isinstance(argument, Ref) or argument.id not in known:
                continue
            inner, rule = known[argument.id], SLOPES.get(call.operation)
            plain = {name for name, _ in call.keywords} <= ({"dim"} if call.operation == "softmax" else set())
            outer = rule(self._values, call, slot) if rule and plain else None
            if inner is None or outer is None:
                return None
            terms += [factors.times(left, right) for left in outer for right in inner]
        return factors.collected(terms)
