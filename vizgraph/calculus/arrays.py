"""Hold tensors of sympy entries and do with them what broadcasting and reducing do.

A tensor is a numpy array of objects: its shape, its slicing and its broadcasting
are torch's own rules; the entries are sympy expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import prod
from typing import Any, TypeAlias

import numpy
import sympy

from vizgraph.calculus.exact import exact

Array: TypeAlias = "numpy.ndarray[Any, numpy.dtype[Any]]"
Operand: TypeAlias = Any  # an Array or a plain number


def array(shape: tuple[int, ...], entries: Iterable[Any]) -> Array:
    """The tensor of that shape with these entries, row by row."""
    flat = numpy.empty(prod(shape), dtype=object)
    for position, entry in enumerate(entries):
        flat[position] = entry
    return flat.reshape(shape)


def lift(operand: Operand) -> Array:
    """A plain number is a tensor without dimensions; truth values count as 0 and 1."""
    if isinstance(operand, numpy.ndarray):
        return operand
    entry = exact(operand) if isinstance(operand, (bool, int, float)) else operand
    return array((), [entry])


def count(entry: Any) -> Any:
    """An entry as a number: true is 1, false is 0."""
    if entry is sympy.true:
        return sympy.Integer(1)
    return sympy.Integer(0) if entry is sympy.false else entry


def each(function: Callable[..., Any]) -> Callable[..., Array]:
    """The rule that works entry by entry on operands broadcast to one shape."""

    def rule(*operands: Operand) -> Array:
        spread = numpy.broadcast_arrays(*(lift(operand) for operand in operands))
        rows = zip(*(operand.flat for operand in spread), strict=True)
        return array(spread[0].shape, (function(*map(count, row)) for row in rows))

    return rule


def axes(dim: Any, rank: int) -> tuple[int, ...]:
    """The dimensions meant by torch's ``dim``: None and () mean all; counted from 0."""
    if dim is None or dim == ():
        return tuple(range(rank))
    chosen = dim if isinstance(dim, tuple) else (dim,)
    return tuple(axis % rank if rank else 0 for axis in chosen)


def fold(function: Callable[..., Any]) -> Callable[..., Array]:
    """The rule that makes one entry of all entries along ``dim``."""

    def rule(a: Array, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Array:
        if a.ndim == 0:
            return array((), [function(count(a[()]))])
        gone = axes(dim, a.ndim)
        kept = tuple(axis for axis in range(a.ndim) if axis not in gone)
        outer = tuple(a.shape[axis] for axis in kept)
        rows = a.transpose(kept + gone).reshape((prod(outer), -1))
        shape = tuple(1 if axis in gone else size for axis, size in enumerate(a.shape)) if keepdim else outer
        return array(shape, (function(*map(count, row)) for row in rows))

    return rule


def along(function: Callable[[list[Any]], list[Any]]) -> Callable[..., Array]:
    """The rule that replaces every line of entries along ``dim`` by another of the same length."""

    def rule(a: Array, dim: int = -1, *, dtype: Any = None) -> Array:
        if a.ndim == 0:
            return array((), function([count(a[()])]))
        lines = numpy.moveaxis(a, dim, -1)
        entries = (entry for line in lines.reshape((-1, lines.shape[-1])) for entry in function(list(map(count, line))))
        return numpy.moveaxis(array(lines.shape, entries), -1, dim)

    return rule


add = each(sympy.Add)
mul = each(sympy.Mul)
total = fold(sympy.Add)


def matmul(a: Array, b: Array) -> Array:
    """The matrix product, with torch's reading of vectors and of leading batch dimensions."""
    left = a[None, :] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    product = total(mul(left[..., :, :, None], right[..., None, :, :]), -2)
    if a.ndim == 1:
        product = product[..., 0, :]
    return lift(product[..., 0] if b.ndim == 1 else product)
