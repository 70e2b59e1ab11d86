"""Give the values of a run as factors of a derivative, under the names that they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy

from vizgraph.calculus import factors
from vizgraph.calculus.factors import Factor, Numbers, Sum, Term
from vizgraph.model import Argument, Call, Ref, Tree
from vizgraph.notation import mathml
from vizgraph.notation.equations import Equations, size
from vizgraph.notation.plan import Plan

MOST_PARTS: Final = 12  # of the tree of an operand that has no name
_WRITTEN: Final = ("add", "sub", "neg")  # operands that are written out where they have no name


class Values:
    """The values of a plan: ``names`` are those that a formula may use besides its inputs and constants."""

    def __init__(self, plan: Plan, names: Mapping[str, str]) -> None:
        self.calls = {call.id: call for call in plan.calls}
        given = {id: name for id, name in plan.names.items() if id in self.calls and self.calls[id].kind != "operation"}
        self._names = {**given, **names}
        self._equations = Equations(replace(plan, names=self._names, letters={}))

    def size(self, id: str) -> int:
        return int(numpy.prod(self.calls[id].values[0].shape))

    def shape(self, argument: Argument) -> tuple[int, ...]:
        call = self._call(argument)
        return call.values[0].shape if call else ()

    def array(self, argument: Argument) -> Numbers | None:
        call = self._call(argument)
        if call is None:
            return numpy.array(float(argument)) if isinstance(argument, (int, float)) else None
        value = call.values[0]
        return None if value.entries is None else numpy.array(value.entries, dtype=float).reshape(value.shape)

    def _call(self, argument: Argument) -> Call | None:
        return self.calls.get(argument.id) if isinstance(argument, Ref) else None

    def tree(self, argument: Argument) -> Tree | None:
        """The name of a value; None for what has none."""
        if isinstance(argument, (int, float)) and not isinstance(argument, bool):
            return mathml.number(argument)
        call = self._call(argument)
        if call is None:
            return None
        if call.id in self._names:
            return mathml.named(self._names[call.id])
        if call.operation in _WRITTEN:
            written = self._equations.step(call)
            return written if size(written) <= MOST_PARTS else None
        return mathml.named(call.name) if call.name and call.kind != "operation" else None

    def matrix(self, argument: Argument, *, turned: bool = False) -> tuple[Factor, ...] | None:
        """A matrix as a factor."""
        tree, array = self.tree(argument), self.array(argument)
        if tree is None or array is None or array.ndim != 2:
            return None
        return (Factor("matrix", factors.transposed(tree) if turned else tree, array.T if turned else array),)

    def row(self, argument: Argument) -> tuple[Factor, ...] | None:
        """A vector as a row: xᵀ, and of the unnamed product A x the row xᵀ Aᵀ."""
        array, tree = self.array(argument), self.tree(argument)
        if array is None or array.ndim != 1:
            return None
        if tree is not None:
            return (Factor("row", factors.transposed(tree), array[None, :], tree),)
        call = self._call(argument)
        if call is None or call.operation != "matmul" or call.keywords:
            return None
        first, second = call.arguments[:2]
        if len(self.shape(first)) == 1:
            left, right = self.row(first), self.matrix(second)
        else:
            left, right = self.row(second), self.matrix(first, turned=True)
        return None if left is None or right is None else (*left, *right)

    def column(self, argument: Argument) -> tuple[Factor, ...] | None:
        array, tree = self.array(argument), self.tree(argument)
        if array is None or tree is None or array.ndim != 1:
            return None
        return (Factor("matrix", tree, array[:, None]),)

    def scalar(self, argument: Argument) -> Sum | None:
        """A single number: a number as such, a name as a factor."""
        array, tree = self.array(argument), self.tree(argument)
        if array is None or array.size != 1:
            return None
        if isinstance(argument, (int, float)):
            return (Term(float(argument), ()),)
        return None if tree is None else (Term(1.0, (Factor("scalar", tree, array.reshape(1, 1)),)),)

    def diagonal(self, inner: Tree | None, array: Numbers) -> Sum | None:
        return None if inner is None else (Term(1.0, (factors.diagonal(inner, array),)),)
