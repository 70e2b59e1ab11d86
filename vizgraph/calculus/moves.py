"""Move entries about: reading, writing, reshaping, joining and splitting change no entry."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, Operand, lift

_TRUTH = (sympy.true, sympy.false)


def same(a: Operand, *options: Any, **more: Any) -> Array:
    """clone, contiguous, float, to: the same entries."""
    return lift(a)


def index(base: Array, key: Any) -> Array:
    """a[key]"""
    return lift(base[_key(key)])


def write(base: Array, key: Any, value: Operand) -> Array:
    """a with a[key] = value"""
    written = base.copy()
    lifted = lift(value)
    written[_key(key)] = lifted[()] if lifted.ndim == 0 else lifted
    return written


def fill(a: Array, value: Operand) -> Array:
    """a with every entry replaced by those of value"""
    return numpy.broadcast_to(lift(value), a.shape)


def _key(key: Any) -> tuple[Any, ...]:
    items = key if isinstance(key, tuple) else (key,)
    return tuple(_positions(item) for item in items)


def _positions(item: Any) -> Any:
    """One item of an index for numpy; a tensor there is a mask or holds positions."""
    if isinstance(item, str):  # only an ellipsis is written as text
        return ...
    if isinstance(item, tuple):
        return [_positions(each) for each in item]
    if not isinstance(item, numpy.ndarray):
        return item
    if all(entry in _TRUTH for entry in item.flat):
        return item.astype(bool)
    return positions(item)


def positions(item: Operand) -> Any:
    """The integers in a tensor of positions; a formula in there raises TypeError."""
    return lift(item).astype(int)


def _sizes(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """``(2, 3)`` however it was passed: as two numbers or as one tuple."""
    return tuple(sizes[0]) if len(sizes) == 1 and isinstance(sizes[0], tuple) else sizes


def reshape(a: Array, *sizes: Any, shape: Any = None) -> Array:
    return a.reshape(_sizes(sizes or (shape,)))


def flatten(a: Array, start_dim: int = 0, end_dim: int = -1) -> Array:
    if a.ndim == 0:
        return a.reshape(1)
    first, last = start_dim % a.ndim, end_dim % a.ndim
    return a.reshape((*a.shape[:first], -1, *a.shape[last + 1 :]))


def squeeze(a: Array, dim: Any = None) -> Array:
    chosen = range(a.ndim) if dim is None else dim if isinstance(dim, tuple) else (dim,)
    return a.squeeze(tuple(axis for axis in chosen if a.shape[axis] == 1)) if a.ndim else a


def unsqueeze(a: Array, dim: int) -> Array:
    return numpy.expand_dims(a, dim)


def permute(a: Array, *dims: Any) -> Array:
    return a.transpose(_sizes(dims))


def transposed(a: Array) -> Array:
    """t, .T, .mT: the last two dimensions exchanged."""
    return a.swapaxes(-1, -2) if a.ndim > 1 else a


def transpose(a: Array, dim0: int | None = None, dim1: int | None = None) -> Array:
    """Two dimensions exchanged; a.T and a.mT name none."""
    if dim0 is not None and dim1 is not None:
        return a.swapaxes(dim0, dim1)
    if a.ndim > 2:
        raise ValueError("which dimensions is not recorded")
    return transposed(a)


def movedim(a: Array, source: Any, destination: Any) -> Array:
    return numpy.moveaxis(a, source, destination)


def unflatten(a: Array, dim: int, sizes: tuple[int, ...]) -> Array:
    axis = dim % a.ndim
    return a.reshape((*a.shape[:axis], *sizes, *a.shape[axis + 1 :]))


def expand(a: Array, *sizes: Any, size: Any = None) -> Array:
    wanted = _sizes(sizes or (size,))
    own = (1,) * (len(wanted) - a.ndim) + a.shape
    return numpy.broadcast_to(a, tuple(old if new == -1 else new for new, old in zip(wanted, own, strict=True)))


def expand_as(a: Array, other: Array) -> Array:
    return numpy.broadcast_to(a, other.shape)


def repeat(a: Array, *repeats: Any) -> Array:
    return numpy.tile(a, _sizes(repeats))


def repeat_interleave(a: Array, repeats: int, dim: int | None = None) -> Array:
    return numpy.repeat(a, repeats, axis=dim)


def flip(a: Array, *dims: Any) -> Array:
    return numpy.flip(a, _sizes(dims))


def roll(a: Array, shifts: Any, dims: Any = None) -> Array:
    return numpy.roll(a, shifts, dims)


def narrow(a: Array, dim: int, start: int, length: int) -> Array:
    return numpy.take(a, range(start, start + length), axis=dim)


def select(a: Array, dim: int, index: int) -> Array:
    return lift(numpy.take(a, index, axis=dim))


def index_select(a: Array, dim: int, index: Array) -> Array:
    picked: Array = numpy.take(a, positions(index).reshape(-1), axis=dim)
    return picked


def gather(a: Array, dim: int, index: Array) -> Array:
    picked: Array = numpy.take_along_axis(a, positions(index), axis=dim)
    return picked


def take(a: Array, index: Array) -> Array:
    return lift(a.reshape(-1)[positions(index)])


def masked_select(a: Array, mask: Array) -> Array:
    shape = numpy.broadcast_shapes(a.shape, mask.shape)
    picked: Array = numpy.broadcast_to(a, shape)[numpy.broadcast_to(mask.astype(bool), shape)]
    return picked


def embedding(index: Array, weight: Array) -> Array:
    """The rows of weight at these positions"""
    return lift(weight[positions(index)])


def diagonal(a: Array, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Array:
    return numpy.diagonal(a, offset, dim1, dim2)


def diag(a: Array, diagonal: int = 0) -> Array:
    """The diagonal of a matrix, or the matrix with that diagonal."""
    if a.ndim == 2:
        return numpy.diagonal(a, diagonal)
    size = a.shape[0] + abs(diagonal)
    matrix = numpy.full((size, size), sympy.Integer(0), dtype=object)
    rows = numpy.arange(a.shape[0]) + max(0, -diagonal)
    matrix[rows, rows + diagonal] = a
    return matrix


def diag_embed(a: Array) -> Array:
    """A matrix with that diagonal for each line of entries"""
    return numpy.where(numpy.eye(a.shape[-1], dtype=bool), a[..., None, :], sympy.Integer(0))


def tril(a: Array, diagonal: int = 0) -> Array:
    return numpy.where(_below(a, diagonal), a, sympy.Integer(0))


def triu(a: Array, diagonal: int = 0) -> Array:
    return numpy.where(_below(a, diagonal - 1), sympy.Integer(0), a)


def _below(a: Array, diagonal: int) -> Array:
    """Which places of a matrix stand on or below that diagonal."""
    rows, columns = a.shape[-2:]
    return numpy.arange(columns)[None, :] <= numpy.arange(rows)[:, None] + diagonal


def stack(tensors: tuple[Operand, ...], dim: int = 0) -> Array:
    return numpy.stack([lift(each) for each in tensors], axis=dim)


def cat(tensors: tuple[Operand, ...], dim: int = 0) -> Array:
    return numpy.concatenate([lift(each) for each in tensors], axis=dim)


def hstack(tensors: tuple[Operand, ...]) -> Array:
    return numpy.hstack([lift(each) for each in tensors])


def vstack(tensors: tuple[Operand, ...]) -> Array:
    return numpy.vstack([lift(each) for each in tensors])


def column_stack(tensors: tuple[Operand, ...]) -> Array:
    return numpy.column_stack([lift(each) for each in tensors])


def unbind(a: Array, dim: int = 0) -> tuple[Array, ...]:
    return tuple(lift(each) for each in numpy.moveaxis(a, dim, 0))


def split(a: Array, size: Any, dim: int = 0) -> tuple[Array, ...]:
    """Pieces of one size (the last may be shorter), or of the sizes listed."""
    ends = range(size, a.shape[dim], size) if isinstance(size, int) else list(accumulate(size))[:-1]
    return tuple(numpy.split(a, list(ends), axis=dim))


def chunk(a: Array, chunks: int, dim: int = 0) -> tuple[Array, ...]:
    return split(a, -(-a.shape[dim] // chunks), dim)
