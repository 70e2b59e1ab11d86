"""Reduce entries: sums, products, norms, extremes, and what normalizes a line of entries by its sum."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, Operand, add, along, axes, each, fold, lift, mul, total
from vizgraph.calculus.exact import exact
from vizgraph.calculus.special import Absolute, largest, smallest

mean = fold(lambda *entries: sympy.Add(*entries) / len(entries))
product = fold(sympy.Mul)
greatest = fold(largest)
least = fold(smallest)
logsumexp = fold(lambda *entries: sympy.log(sympy.Add(*map(sympy.exp, entries))))
running_sum = along(lambda line: list(accumulate(line)))
running_product = along(lambda line: list(accumulate(line, lambda left, right: left * right)))
running_logsumexp = along(lambda line: [sympy.log(power) for power in accumulate(map(sympy.exp, line))])
log_softmax = along(lambda line: [entry - sympy.log(sympy.Add(*map(sympy.exp, line))) for entry in line])


@along
def softmax(line: list[Any]) -> list[Any]:
    """exp(x) / Σ exp(x)"""
    powers = [sympy.exp(entry) for entry in line]
    return [power / sympy.Add(*powers) for power in powers]


def extreme(one: Any, pairs: Any) -> Any:
    """torch's max and min: of all entries, along a dimension (with positions), or of two tensors."""

    def rule(a: Array, dim: Any = None, keepdim: bool = False, *, other: Any = None) -> Any:
        second = dim if isinstance(dim, numpy.ndarray) else other
        if second is not None:
            return pairs(a, second)
        return one(a) if dim is None else (one(a, dim, keepdim), None)

    return rule


def norm(a: Array, p: Any = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None, ord: Any = None) -> Array:
    """(Σ |x|^p)^(1/p), for p = 1, 2, inf and any other positive number."""
    power = p if ord is None else ord
    if power in (2, "fro", None):
        return fold(lambda *entries: sympy.sqrt(sympy.Add(*(entry**2 for entry in entries))))(a, dim, keepdim)
    if power == float("inf"):
        return fold(lambda *entries: largest(*map(Absolute, entries)))(a, dim, keepdim)
    degree = exact(power)
    if not degree.is_positive:
        raise ValueError("no formula for a norm of this degree")
    by_degree = fold(lambda *entries: sympy.Add(*(Absolute(entry) ** degree for entry in entries)) ** (1 / degree))
    return by_degree(a, dim, keepdim)


def norm_of_any(a: Array, *options: Any, **more: Any) -> Array:
    """The norm of a vector, or the Frobenius norm of a matrix; other matrix norms are no sums of powers."""
    power = options[0] if options else more.get("p", more.get("ord", "fro"))
    if a.ndim > 1 and power not in ("fro", None):
        raise ValueError("no formula for this norm of a matrix")
    return norm(a, *options, **more)


def differences(a: Array, n: int = 1, dim: int = -1) -> Array:
    """Each entry minus the one before, n times"""
    lines = numpy.moveaxis(a, dim, -1)
    for _ in range(n):
        lines = each(lambda later, earlier: later - earlier)(lines[..., 1:], lines[..., :-1])
    return numpy.moveaxis(lines, -1, dim)


def variance(
    a: Array, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: int | None = None
) -> Array:
    """Σ (x - mean)² / (n - correction)"""
    chosen = None if isinstance(dim, bool) else dim  # var(False): the flag alone
    fewer = int(dim if isinstance(dim, bool) else unbiased) if correction is None else correction
    count = a.size if chosen is None else numpy.prod([a.shape[axis] for axis in axes(chosen, a.ndim)])
    distances = each(lambda entry, middle: (entry - middle) ** 2)(a, mean(a, chosen, True))
    return mul(total(distances, chosen, keepdim), sympy.Rational(1, int(count) - fewer))


def deviation(a: Array, *options: Any, **more: Any) -> Array:
    """√variance"""
    return each(sympy.sqrt)(variance(a, *options, **more))


def normalize(a: Array, p: Any = 2, dim: int = 1, eps: float = 1e-12) -> Array:
    """x / ‖x‖, for lines that are not zero."""
    return each(lambda entry, length: entry / length)(a, norm(a, p, dim, True))


def layer_norm(a: Array, shape: tuple[int, ...], weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Array:
    """(x - mean) / √(var + ε) · w + b"""
    dims = tuple(range(a.ndim - len(shape), a.ndim))
    middle, spread = mean(a, dims, True), variance(a, dims, keepdim=True, correction=0)
    normed = each(lambda x, m, v, e: (x - m) / sympy.sqrt(v + e))(a, middle, spread, eps)
    scaled = normed if weight is None else mul(normed, weight)
    return scaled if bias is None else add(scaled, bias)


def softmin(a: Array, dim: int = -1) -> Array:
    """softmax(-x)"""
    return softmax(each(lambda x: -x)(a), dim)


def kl_div(a: Array, target: Array, *, reduction: str = "mean", log_target: bool = False) -> Array:
    """t (ln t - x); "batchmean" is the sum over all, divided by the length of the batch"""
    point = (lambda x, t: sympy.exp(t) * (t - x)) if log_target else (lambda x, t: t * (sympy.log(t) - x))
    losses = each(point)(a, target)
    if reduction == "batchmean":
        return mul(total(losses), sympy.Rational(1, len(a)))
    return reduced(losses, reduction)


def loss(pointwise: Any) -> Any:
    """The loss that is ``pointwise(input, target)``, then averaged, summed or left alone."""

    def rule(a: Operand, target: Operand, *, reduction: str = "mean", **options: Any) -> Array:
        losses = each(lambda entry, goal: pointwise(entry, goal, **options))(a, target)
        return reduced(losses, reduction)

    return rule


def reduced(losses: Array, reduction: str) -> Array:
    """torch's ``reduction=``."""
    return {"mean": mean, "sum": total, "none": lift}[reduction](losses)


def nll_loss(a: Array, target: Array, *, reduction: str = "mean") -> Array:
    """-x[class], per sample"""
    rows = a.reshape((-1, a.shape[-1]))
    classes = lift(target).reshape(-1).astype(int)
    picked = rows[numpy.arange(len(rows)), classes].reshape(lift(target).shape)
    return reduced(each(lambda entry: -entry)(lift(picked)), reduction)


def cross_entropy(a: Array, target: Array, *, reduction: str = "mean") -> Array:
    """-log softmax(x)[class], or -Σ target · log softmax(x) for a target of probabilities"""
    logs = log_softmax(a, -1)
    if lift(target).shape != a.shape:
        return nll_loss(logs, target, reduction=reduction)
    losses = each(lambda entry: -entry)(total(mul(logs, target), -1))
    return reduced(losses, reduction)
