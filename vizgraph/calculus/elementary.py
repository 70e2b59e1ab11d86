"""Define the functions of single entries that take more than one line of the table."""

from __future__ import annotations

from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, Operand, add, each, lift, mul
from vizgraph.calculus.exact import exact
from vizgraph.calculus.special import Absolute, Floor, Sign, largest, smallest

ZERO = sympy.Integer(0)
_HIGHEST_POWER = 100  # (2x)**(10**15) would be multiplied out


def power(base: Any, exponent: Any) -> Any:
    if exponent.is_Number and abs(exponent) > _HIGHEST_POWER:
        raise ValueError("no formula for so high a power")
    return base**exponent


def plus(a: Operand, b: Operand, *, alpha: Any = 1) -> Array:
    return add(a, b if alpha == 1 else mul(b, alpha))


def minus(a: Operand, b: Operand, *, alpha: Any = 1) -> Array:
    return add(a, mul(b, mul(-1, alpha)))


def quotient(a: Operand, b: Operand, *, rounding_mode: str | None = None) -> Array:
    rounding = {None: lambda entry: entry, "floor": Floor, "trunc": truncated}[rounding_mode]
    return each(lambda left, right: rounding(left / right))(a, b)


def truncated(entry: Any) -> Any:
    return Sign(entry) * Floor(Absolute(entry))


def clamp(a: Operand, min: Any = None, max: Any = None) -> Array:
    low = lift(a) if min is None else each(largest)(min, a)
    return low if max is None else each(smallest)(max, low)


def chosen(condition: Any, left: Any, right: Any) -> Any:
    """The branch that was taken: torch's condition is no function of anything."""
    if not condition.is_Number:
        raise TypeError("a condition is a recorded truth value")
    return left if condition != 0 else right


def where(condition: Operand, a: Operand, b: Operand) -> Array:
    """torch.where(condition, a, b), or a.where(condition, b)"""
    if not _is_truth(condition) and _is_truth(a):
        condition, a = a, condition
    return each(chosen)(condition, a, b)


def _is_truth(operand: Operand) -> bool:
    return all(entry in (sympy.true, sympy.false) for entry in lift(operand).flat)


def celu(a: Operand, alpha: Any = 1.0) -> Array:
    return each(lambda x, scale: largest(ZERO, x) + scale * (sympy.exp(smallest(ZERO, x) / scale) - 1))(a, alpha)


def selu(a: Operand) -> Array:
    """torch's own constants"""
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return mul(scale, elu(a, alpha))


def sigmoid(entry: Any) -> Any:
    return 1 / (1 + sympy.exp(-entry))


def softplus(entry: Any) -> Any:
    return sympy.log(1 + sympy.exp(entry))


def sinc(entry: Any) -> Any:
    return sympy.sin(sympy.pi * entry) / (sympy.pi * entry)


def glu(a: Array, dim: int = -1) -> Array:
    left, right = numpy.split(a, 2, axis=dim)
    return mul(left, each(sigmoid)(right))


def gelu(a: Operand, *, approximate: str = "none") -> Array:
    if approximate == "tanh":
        scale = sympy.sqrt(2 / sympy.pi)
        return each(lambda x: x * (1 + sympy.tanh(scale * (x + exact(0.044715) * x**3))) / 2)(a)
    return each(lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2)(a)


def leaky_relu(a: Operand, negative_slope: Any = 0.01) -> Array:
    return each(lambda x, slope: largest(ZERO, x) + slope * smallest(ZERO, x))(a, negative_slope)


def elu(a: Operand, alpha: Any = 1.0, *options: Any, **more: Any) -> Array:
    return each(lambda x, scale: largest(ZERO, x) + scale * (sympy.exp(smallest(ZERO, x)) - 1))(a, alpha)


def softplus_of(a: Operand, beta: Any = 1, threshold: Any = 20) -> Array:
    return each(lambda x, slope: softplus(slope * x) / slope)(a, beta)


def logit(a: Operand, eps: float | None = None) -> Array:
    inside = a if eps is None else clamp(a, eps, 1 - eps)
    return each(lambda x: sympy.log(x / (1 - x)))(inside)


def huber(entry: Any, goal: Any, delta: Any = 1.0) -> Any:
    """Half the square near the goal, a straight line beyond delta."""
    away, limit = Absolute(entry - goal), exact(delta)
    near = smallest(away, limit)
    return near**2 / 2 + limit * (away - near)


def smooth_l1(entry: Any, goal: Any, beta: Any = 1.0) -> Any:
    return huber(entry, goal, beta) / exact(beta)


def cross_of_bits(entry: Any, goal: Any) -> Any:
    """-(t log p + (1 - t) log(1 - p))"""
    return -goal * sympy.log(entry) - (1 - goal) * sympy.log(1 - entry)


def cross_of_logits(entry: Any, goal: Any) -> Any:
    return softplus(entry) - goal * entry
