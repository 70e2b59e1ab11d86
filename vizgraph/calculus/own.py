"""Differentiate where the formula of an operation is not the best to start from: by its own result, or a gradient.

The slope of a sigmoid s is s(1 − s), of a tanh t it is 1 − t², of a softmax p it is diag(p) − p pᵀ: all in their
results, which have names, and not in their operands, which are long. A gradient that the program asked for
(`torch.autograd.grad`) is a formula, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy
import sympy

from vizgraph.calculus.arrays import Array, array
from vizgraph.calculus.hole import HOLE
from vizgraph.calculus.sizes import DERIVATIVE_NODES, ENTRY_NODES, Sizes
from vizgraph.model import Call, Ref

ONE: Final = sympy.Integer(1)
_ENTRYWISE: Final[dict[str, Callable[[Any], Any]]] = {"sigmoid": lambda s: s * (ONE - s), "tanh": lambda t: ONE - t**2}


def has_own_slope(call: Call) -> bool:
    """Whether `own_slope` knows the operation as it was called."""
    plain = bool(call.arguments) and isinstance(call.arguments[0], Ref)
    if call.operation == "softmax":
        return plain and _dimension(call) is not None
    return plain and call.operation in _ENTRYWISE and not call.keywords


def own_slope(call: Call, results: Array) -> list[list[Any]]:
    """d result / d operand, in the symbols of the results."""
    flat = list(results.flat)
    size = range(len(flat))
    if call.operation in _ENTRYWISE:
        slope = _ENTRYWISE[call.operation]
        return [[slope(flat[i]) if i == j else sympy.Integer(0) for j in size] for i in size]
    groups = _groups(results.shape, _dimension(call) or 0)
    return [
        [flat[i] * ((ONE if i == j else 0) - flat[j]) if groups[i] == groups[j] else sympy.Integer(0) for j in size]
        for i in size
    ]


def _dimension(call: Call) -> int | None:
    rank = len(call.values[0].shape)
    named = dict(call.keywords)
    given = named.pop("dim", call.arguments[1] if len(call.arguments) > 1 else None)
    if named or not isinstance(given, int) or not rank:
        return None
    return given % rank


def _groups(shape: tuple[int, ...], dim: int) -> list[int]:
    """For each entry the number of the softmax that it belongs to."""
    kept = tuple(1 if place == dim else size for place, size in enumerate(shape))
    numbers = numpy.arange(int(numpy.prod(kept))).reshape(kept)
    return [int(number) for number in numpy.broadcast_to(numbers, shape).flat]


def gradient(
    of: Sequence[Array], weights: Sequence[Array], by: Sequence[Array], sizes: Sizes
) -> tuple[Array, ...] | None:
    """The derivatives of the weighted sum of all entries of ``of``; None where they would be too long."""
    entries = [
        (entry, weight)
        for top, seed in zip(of, weights, strict=True)
        for entry, weight in zip(top.flat, seed.flat, strict=True)
    ]
    if any(HOLE in sizes.symbols(entry) for entry, _ in entries):
        return None
    symbols = [symbol for leaf in by for symbol in leaf.flat]
    if HOLE in symbols:
        return None
    if sum(sizes.derivative(entry, symbol) for entry, _ in entries for symbol in symbols) > DERIVATIVE_NODES:
        return None
    found = []
    for leaf in by:
        slopes = [sympy.Add(*(weight * entry.diff(symbol) for entry, weight in entries)) for symbol in leaf.flat]
        if any(sizes.nodes(slope) > ENTRY_NODES or slope.has(sympy.zoo, sympy.nan, sympy.oo) for slope in slopes):
            return None
        found.append(array(leaf.shape, slopes))
    return tuple(found)
