"""Give every operation its mathematics, entry by entry, in one table.

A rule takes the arguments of the operation as torch names them (tensors are
`arrays.Array`) and returns the result, or a tuple of results in which None
stands for one without a gradient (positions, counts).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import sympy
from sympy import exp, log, sqrt

from vizgraph.calculus import elementary as e
from vizgraph.calculus import moves, products, reductions
from vizgraph.calculus.arrays import add, each, matmul, mul, total
from vizgraph.calculus.reductions import loss
from vizgraph.calculus.special import Absolute, Ceiling, Floor, Round, Sign, largest, smallest

Rule: TypeAlias = Callable[..., Any]

_LN2, _LN10 = log(2), log(10)


def _relu(x: Any) -> Any:
    return largest(e.ZERO, x)


def _between(low: int, high: int, x: Any) -> Any:
    return smallest(sympy.Integer(high), largest(sympy.Integer(low), x))


# fmt: off
_TABLE: dict[str, Rule] = {
    # arithmetic
    "add":                   e.plus,                                              # a + α b
    "sub":                   e.minus,                                             # a - α b
    "mul":                   mul,                                                 # a b
    "div":                   e.quotient,                                          # a / b
    "remainder":             each(lambda a, b: a - b * Floor(a / b)),             # a - b ⌊a / b⌋
    "fmod":                  each(lambda a, b: a - b * e.truncated(a / b)),       # the same, towards zero
    "neg":                   each(lambda a: -a),                                  # -a
    "reciprocal":            each(lambda a: 1 / a),                               # 1 / a
    "square":                each(lambda a: a**2),                                # a²
    "pow float_power":       each(e.power),                                       # a^b
    "lerp":                  each(lambda a, b, w: a + w * (b - a)),               # a + w (b - a)
    "addcmul":               lambda a, b, c, value=1: add(a, mul(value, b, c)),
    "addcdiv":               lambda a, b, c, value=1: add(a, mul(value, e.quotient(b, c))),
    "hypot":                 each(lambda a, b: sqrt(a**2 + b**2)),                # √(a² + b²)
    # powers and logarithms
    "sqrt":                  each(sqrt),                                          # √a
    "rsqrt":                 each(lambda a: 1 / sqrt(a)),                         # 1 / √a
    "exp":                   each(exp),                                           # eᵃ
    "exp2":                  each(lambda a: 2**a),                                # 2ᵃ
    "expm1":                 each(lambda a: exp(a) - 1),                          # eᵃ - 1
    "log":                   each(log),                                           # ln a
    "log2":                  each(lambda a: log(a) / _LN2),                       # ln a / ln 2
    "log10":                 each(lambda a: log(a) / _LN10),                      # ln a / ln 10
    "log1p":                 each(lambda a: log(1 + a)),                          # ln(1 + a)
    "xlogy":                 each(lambda a, b: a * log(b)),                       # a ln b
    "logaddexp":             each(lambda a, b: log(exp(a) + exp(b))),             # ln(eᵃ + eᵇ)
    # trigonometry
    "sin":                   each(sympy.sin),
    "cos":                   each(sympy.cos),
    "tan":                   each(sympy.tan),
    "sinc":                  each(e.sinc),                                        # sin πa / πa
    "asin":                  each(sympy.asin),
    "acos":                  each(sympy.acos),
    "atan":                  each(sympy.atan),
    "atan2":                 each(sympy.atan2),
    "sinh":                  each(sympy.sinh),
    "cosh":                  each(sympy.cosh),
    "tanh":                  each(sympy.tanh),
    "asinh":                 each(sympy.asinh),
    "acosh":                 each(sympy.acosh),
    "atanh":                 each(sympy.atanh),
    "deg2rad":               each(lambda a: a * sympy.pi / 180),
    "rad2deg":               each(lambda a: a * 180 / sympy.pi),
    "erf":                   each(sympy.erf),
    "erfc":                  each(lambda a: 1 - sympy.erf(a)),
    # neurons
    "sigmoid":               each(e.sigmoid),                                     # 1 / (1 + e⁻ᵃ)
    "logit":                 e.logit,                                             # ln(a / (1 - a))
    "logsigmoid":            each(lambda a: -e.softplus(-a)),                     # -ln(1 + e⁻ᵃ)
    "softplus":              e.softplus_of,                                       # ln(1 + eᵃ)
    "softsign":              each(lambda a: a / (1 + Absolute(a))),               # a / (1 + |a|)
    "silu":                  each(lambda a: a * e.sigmoid(a)),                    # a σ(a)
    "mish":                  each(lambda a: a * sympy.tanh(e.softplus(a))),       # a tanh ln(1 + eᵃ)
    "glu":                   e.glu,                                               # a σ(b), for the halves a and b
    "gelu":                  e.gelu,                                              # a Φ(a)
    "relu":                  each(_relu),                                         # max(0, a)
    "relu6":                 each(lambda a: _between(0, 6, a)),                   # min(6, max(0, a))
    "leaky_relu":            e.leaky_relu,                                        # a, or s a below 0
    "elu":                   e.elu,                                               # a or α (eᵃ - 1)
    "celu":                  e.celu,                                              # a or α (e^(a/α) - 1)
    "selu":                  e.selu,
    "prelu":                 e.leaky_relu,
    "hardtanh":              lambda a, min_val=-1.0, max_val=1.0: e.clamp(a, min_val, max_val),
    "hardsigmoid":           each(lambda a: _between(0, 6, a + 3) / 6),
    "hardswish":             each(lambda a: a * _between(0, 6, a + 3) / 6),
    "tanhshrink":            each(lambda a: a - sympy.tanh(a)),
    # kinks, jumps and choices
    "abs":                   each(Absolute),                                      # |a|
    "sign":                  each(Sign),
    "floor":                 each(Floor),
    "ceil":                  each(Ceiling),
    "round":                 each(Round),
    "trunc":                 each(e.truncated),
    "frac":                  each(lambda a: a - e.truncated(a)),
    "maximum":               each(largest),                                       # max(a, b)
    "minimum":               each(smallest),                                      # min(a, b)
    "clamp":                 e.clamp,                                             # min(high, max(low, a))
    "clamp_min":             e.clamp,
    "clamp_max":             lambda a, max: e.clamp(a, None, max),
    "where":                 e.where,
    "masked_fill":           lambda a, mask, value: each(e.chosen)(mask, value, a),
    # reductions
    "sum nansum":            total,                                               # Σ a
    "mean":                  reductions.mean,                                     # Σ a / n
    "prod":                  reductions.product,                                  # Π a
    "max":                   reductions.extreme(reductions.greatest, each(largest)),
    "min":                   reductions.extreme(reductions.least, each(smallest)),
    "amax":                  reductions.greatest,
    "amin":                  reductions.least,
    "var":                   reductions.variance,                                 # Σ (a - ā)² / (n - 1)
    "std":                   reductions.deviation,                                # √var
    "vector_norm":           reductions.norm,                                     # (Σ |a|ᵖ)^(1/p)
    "norm matrix_norm":      reductions.norm_of_any,
    "logsumexp":             reductions.logsumexp,                                # ln Σ eᵃ
    "cumsum":                reductions.running_sum,
    "cumprod":               reductions.running_product,
    "logcumsumexp":          reductions.running_logsumexp,
    "diff":                  reductions.differences,                              # a_(i+1) - a_i
    "softmax":               reductions.softmax,                                  # eᵃ / Σ eᵃ
    "log_softmax":           reductions.log_softmax,                              # a - ln Σ eᵃ
    "softmin":               reductions.softmin,                                  # e⁻ᵃ / Σ e⁻ᵃ
    "layer_norm":            reductions.layer_norm,                               # (a - ā) / √(var + ε)
    "normalize":             reductions.normalize,                                # a / ‖a‖
    # products
    "matmul dot vdot":       matmul,                                              # Σ a_ik b_kj
    "inner":                 products.inner,
    "outer":                 products.outer,                                      # a_i b_j
    "linear":                products.linear,                                     # a Wᵀ + b
    "addmm addmv baddbmm":   products.added(matmul),                              # β a + α b c
    "einsum":                products.einsum,
    "inv":                   products.inverse,                                    # adj(A) / det A
    "logdet":                products.logdet,
    "matrix_power":          products.matrix_power,                               # A A ...
    "multi_dot":             products.multi_dot,                                  # A B C ...
    "cross":                 products.cross,
    "trace":                 products.trace,                                      # Σ a_ii
    "det":                   products.det,
    "solve":                 products.solve,                                      # A⁻¹ b
    "kron":                  products.kron,
    "pairwise_distance":     products.pairwise_distance,                          # ‖a - b + ε‖
    "cosine_similarity":     products.cosine_similarity,                          # a·b / (‖a‖ ‖b‖)
    # losses
    "mse_loss":              loss(lambda a, t: (a - t) ** 2),                     # (a - t)²
    "l1_loss":               loss(lambda a, t: Absolute(a - t)),                  # |a - t|
    "huber_loss":            loss(e.huber),
    "smooth_l1_loss":        loss(e.smooth_l1),
    "binary_cross_entropy":  loss(e.cross_of_bits),
    "binary_cross_entropy_with_logits": loss(e.cross_of_logits),
    "kl_div":                reductions.kl_div,                                   # t (ln t - a)
    "nll_loss":              reductions.nll_loss,                                 # -a[class]
    "cross_entropy":         reductions.cross_entropy,                            # -log softmax(a)[class]
    # entries moved about
    "index":                 moves.index,                                         # a[i]
    "write":                 moves.write,                                         # a[i] = b
    "fill copy":             moves.fill,                                          # a[...] = b
    "zero":                  lambda a: moves.fill(a, 0),
    "reshape view":          moves.reshape,
    "view_as reshape_as":    lambda a, other: a.reshape(other.shape),
    "flatten":               moves.flatten,
    "squeeze":               moves.squeeze,
    "unsqueeze":             moves.unsqueeze,
    "t":                     moves.transposed,                                    # aᵀ
    "transpose":             moves.transpose,
    "permute":               moves.permute,
    "movedim":               moves.movedim,
    "unflatten":             moves.unflatten,
    "expand broadcast_to":   moves.expand,
    "expand_as":             moves.expand_as,
    "repeat tile":           moves.repeat,
    "repeat_interleave":     moves.repeat_interleave,
    "flip":                  moves.flip,
    "roll":                  moves.roll,
    "narrow":                moves.narrow,
    "select":                moves.select,
    "index_select":          moves.index_select,
    "gather":                moves.gather,
    "take_along_dim":        lambda a, index, dim: moves.gather(a, dim, index),
    "masked_select":         moves.masked_select,
    "embedding":             moves.embedding,
    "take":                  moves.take,
    "diag":                  moves.diag,
    "diagonal":              moves.diagonal,
    "diag_embed":            moves.diag_embed,
    "tril":                  moves.tril,
    "triu":                  moves.triu,
    "stack":                 moves.stack,
    "cat":                   moves.cat,
    "hstack":                moves.hstack,
    "vstack":                moves.vstack,
    "column_stack":          moves.column_stack,
    "unbind":                moves.unbind,
    "split":                 moves.split,
    "chunk":                 moves.chunk,
    # the same entries
    "clone contiguous to type_as float double half": moves.same,
}
# fmt: on

# Operations that pick entries: the recorded positions, their second result, say which. They take
# the dimension as the argument of this number; the formula holds as long as the order stays.
PICKS: dict[str, int] = {"sort": 1, "topk": 2, "median": 1, "cummax": 1}

RULES: dict[str, Rule] = {name: rule for names, rule in _TABLE.items() for name in names.split()}
