"""Multiply tensors: the products of vectors and matrices, and what is made of them."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, add, array, each, lift, matmul, mul, total
from vizgraph.calculus.moves import transposed
from vizgraph.calculus.reductions import norm


def outer(a: Array, b: Array) -> Array:
    """a_i b_j"""
    return mul(a[:, None], b[None, :])


def inner(a: Array, b: Array) -> Array:
    """Σ over the last dimension of both"""
    return mul(a, b) if a.ndim == 0 or b.ndim == 0 else matmul(a, transposed(b))


def linear(a: Array, weight: Array, bias: Any = None) -> Array:
    """x Wᵀ + b"""
    result = matmul(a, transposed(weight))
    return result if bias is None else add(result, bias)


def added(product: Any) -> Any:
    """addmm and its kin: beta · a + alpha · (b times c)"""

    def rule(a: Array, b: Array, c: Array, *, beta: Any = 1, alpha: Any = 1) -> Array:
        return add(mul(beta, a), mul(alpha, product(b, c)))

    return rule


def trace(a: Array) -> Array:
    """Σ a_ii"""
    return total(lift(numpy.diagonal(a)))


def cross(a: Array, b: Array, dim: int = -1) -> Array:
    """a × b"""
    ax, ay, az = numpy.moveaxis(a, dim, 0)
    bx, by, bz = numpy.moveaxis(b, dim, 0)
    minor = each(lambda p, q, r, s: p * q - r * s)
    rows = (minor(*map(lift, parts)) for parts in ((ay, bz, az, by), (az, bx, ax, bz), (ax, by, ay, bx)))
    return numpy.stack(list(rows), axis=dim)


def cosine_similarity(a: Array, b: Array, dim: int = 1, eps: float = 1e-8) -> Array:
    """a·b / (‖a‖ ‖b‖), for vectors that are not zero"""
    return each(lambda p, q, r: p / (q * r))(total(mul(a, b), dim), norm(a, 2, dim), norm(b, 2, dim))


def det(a: Array) -> Array:
    """The determinant, expanded along the first row; only small ones are worth reading."""
    if a.ndim != 2 or len(a) > _LARGEST:
        raise ValueError("no formula for a determinant of this size")
    return lift(_expanded(a))


_LARGEST = 4


def _expanded(a: Array) -> Any:
    if len(a) == 1:
        return a[0, 0]
    minors = (numpy.delete(a[1:], column, axis=1) for column in range(len(a)))
    return sympy.Add(*((-1) ** column * a[0, column] * _expanded(minor) for column, minor in enumerate(minors)))


def inverse(a: Array) -> Array:
    """adj(A) / det(A)"""
    scale, size = det(a)[()], range(len(a))
    return array(a.shape, (_cofactor(a, column, row) / scale for row in size for column in size))


def solve(a: Array, b: Array) -> Array:
    """A⁻¹ b"""
    return matmul(inverse(a), b)


def kron(a: Array, b: Array) -> Array:
    """Every entry of A times all of B"""
    if a.ndim != b.ndim:
        raise ValueError("no formula for a product of different ranks")
    blocks = mul(a.reshape([size for pair in a.shape for size in (pair, 1)]), b.reshape(_interleaved(b.shape)))
    return blocks.reshape([left * right for left, right in zip(a.shape, b.shape, strict=True)])


def _interleaved(shape: tuple[int, ...]) -> list[int]:
    return [size for pair in shape for size in (1, pair)]


def pairwise_distance(a: Array, b: Array, p: Any = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Array:
    """‖a - b + ε‖, per line"""
    return norm(each(lambda left, right, little: left - right + little)(a, b, eps), p, -1, keepdim)


def _cofactor(a: Array, row: int, column: int) -> Any:
    minor = numpy.delete(numpy.delete(a, row, axis=0), column, axis=1)
    return (-1) ** (row + column) * (_expanded(minor) if minor.size else sympy.Integer(1))


def logdet(a: Array) -> Array:
    """ln det A"""
    return each(sympy.log)(det(a))


def matrix_power(a: Array, n: int) -> Array:
    """A multiplied n times, for n from 1 to a readable few"""
    if not 1 <= n <= _LARGEST:
        raise ValueError("no formula for this power of a matrix")
    return reduce(matmul, [a] * n)


def multi_dot(tensors: tuple[Array, ...]) -> Array:
    """A B C ..."""
    return reduce(matmul, tensors)


def einsum(equation: str, *operands: Any) -> Array:
    """The sum over every letter that the result lacks; no ellipsis, no repeated letter in one operand."""
    tensors = operands[0] if len(operands) == 1 and isinstance(operands[0], tuple) else operands
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    letters = sorted(set(inputs) - {","})
    if "." in equation or any(len(set(term)) < len(term) for term in terms):
        raise ValueError("no formula for this einsum")
    kept = output if arrow else "".join(letter for letter in letters if inputs.count(letter) == 1)
    order = [*kept, *(letter for letter in letters if letter not in kept)]
    product = mul(*(_spread(lift(tensor), term, order) for tensor, term in zip(tensors, terms, strict=True)))
    gone = tuple(range(len(kept), len(order)))
    return total(product, gone) if gone else product


def _spread(tensor: Array, term: str, order: list[str]) -> Array:
    """``tensor`` with its dimensions in this order of letters, size 1 for letters that it lacks."""
    own = tensor.transpose([term.index(letter) for letter in order if letter in term])
    sizes = iter(own.shape)
    return own.reshape([next(sizes) if letter in term else 1 for letter in order])
