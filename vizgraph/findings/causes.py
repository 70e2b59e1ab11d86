"""Know why an operation makes a number that is not finite: one row of a table per cause.

Every row holds for the value and for the slope: at these operands the function itself is infinite or undefined,
or its derivative is. The texts of a row are ``finding.cause.KEY`` and ``finding.fix.KEY``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from vizgraph.findings.measure import Test, first, has_nan, holds
from vizgraph.findings.scene import Operand
from vizgraph.model import Value


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known where a number went wrong: the operands, what came of them, the entry that broke."""

    function: str
    operands: tuple[Operand, ...]
    result: Value | None
    made: Value  # what is not finite: the result itself, or the contribution
    upstream: Value | None = None
    at: int | None = None  # in an operand of the same shape as what was made
    custom: bool = False

    def operand(self, number: int) -> Value | None:
        return self.operands[number].value if number < len(self.operands) else None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, and which operand (by its number) is to blame."""

    key: str
    operand: int | None = None
    at: int | None = None  # the entry of the operand, where it is known


@dataclass(frozen=True, slots=True)
class Row:
    functions: frozenset[str]
    operand: int
    test: Test
    key: str
    exponent: Test | None = None  # what holds for the second operand, too


def _row(functions: str, operand: int, test: Test, key: str, exponent: Test | None = None) -> Row:
    return Row(frozenset(functions.split()), operand, test, key, exponent)


def _zero(entry: float) -> bool:
    return entry == 0


def _negative(entry: float) -> bool:
    return entry < 0


def _outside(entry: float) -> bool:
    return abs(entry) > 1


def _edge(entry: float) -> bool:
    return abs(entry) == 1


def _below_one(entry: float) -> bool:
    return entry < 1


def _broken(entry: float) -> bool:
    return math.isfinite(entry) and entry != math.floor(entry)


# functions                            operand  at             the texts
ROWS: Final = (
    _row("sqrt", 0, _zero, "sqrt_zero"),
    _row("sqrt", 0, _negative, "sqrt_negative"),
    _row("rsqrt", 0, _zero, "divide_zero_itself"),
    _row("rsqrt", 0, _negative, "sqrt_negative"),
    _row("log log2 log10 special_entr", 0, _zero, "log_zero"),
    _row("log log2 log10", 0, _negative, "log_negative"),
    _row("xlogy special_xlogy", 1, _zero, "log_zero"),
    _row("log1p", 0, lambda entry: entry == -1, "log1p"),
    _row("log1p", 0, lambda entry: entry < -1, "log_negative"),
    _row("reciprocal", 0, _zero, "divide_zero_itself"),
    _row("div true_divide divide", 1, _zero, "divide_zero"),
    _row("fmod remainder floor_divide", 1, _zero, "divide_zero"),
    _row("pow", 0, _zero, "power_zero", _below_one),
    _row("pow", 0, _negative, "power_negative", _broken),
    _row("hypot special_hypot", 0, _zero, "sqrt_zero"),
    _row("asin acos arcsin arccos", 0, _outside, "arc_outside"),
    _row("asin acos arcsin arccos", 0, _edge, "arc_edge"),
    _row("atanh erfinv special_erfinv", 0, _edge, "pole_one"),
    _row("atanh erfinv special_erfinv", 0, _outside, "arc_outside"),
    _row("acosh", 0, lambda entry: entry <= 1, "acosh"),
    _row("logit special_logit", 0, lambda entry: entry in (0, 1), "logit_edge"),
    _row("logit special_logit", 0, lambda entry: not 0 <= entry <= 1, "logit_outside"),
    _row("lgamma digamma", 0, lambda entry: entry <= 0 and entry == math.floor(entry), "gamma"),
)
EXPONENTIALS: Final = frozenset("exp exp2 expm1 sinh cosh".split())
SOFTMAX: Final = frozenset("softmax log_softmax logsumexp _softmax special_softmax logaddexp logaddexp2".split())
NORMS: Final = frozenset("native_layer_norm native_group_norm native_batch_norm cudnn_batch_norm".split())
SPREADS: Final = frozenset("var std var_mean std_mean".split())
LOSSES: Final = frozenset("nll_loss nll_loss_nd nll_loss2d cross_entropy".split())
MEANS: Final = frozenset("mean nanmean median".split())
ALIGNS: Final = frozenset("ctc_loss _ctc_loss".split())
FACTORS: Final = frozenset("linalg_svd linalg_eigh linalg_eig linalg_qr svd _linalg_svd _linalg_eigh".split())
MOVES: Final = frozenset("where view expand t transpose permute select slice index gather squeeze unsqueeze".split())
# what makes nothing larger than its operands are: of finite ones nothing infinite comes
KEEPS: Final = frozenset(
    "neg abs cat stack split split_with_sizes chunk unbind clone alias unsafe_view relu leaky_relu maximum minimum max "
    "min amax amin sort topk unfold".split()
)
CASTS: Final = frozenset("to_copy to _to_copy half bfloat16 type".split())
INVERSES: Final = frozenset(
    "linalg_inv_ex linalg_inv inverse linalg_solve_ex _linalg_solve_ex linalg_solve linalg_slogdet _linalg_slogdet "
    "slogdet logdet linalg_det _linalg_det linalg_cholesky_ex linalg_cholesky cholesky det".split()
)


def cause(facts: Facts) -> Cause:
    """The first cause that what is known does not contradict; unknown operands contradict nothing."""
    if facts.custom:
        return Cause("custom")
    certain = _from_table(facts, sure=True) or _special(facts) or _already(facts)
    return certain or _from_table(facts, sure=False) or _otherwise(facts)


def _otherwise(facts: Facts) -> Cause:
    if facts.function in MOVES | KEEPS or has_nan(facts.made):
        return Cause("unknown")
    return Cause("cast", 0) if facts.function in CASTS else Cause("overflow")


def _from_table(facts: Facts, *, sure: bool) -> Cause | None:
    for row in ROWS:
        if facts.function in row.functions:
            operand = facts.operand(row.operand)
            if row.exponent is not None and holds(facts.operand(1), row.exponent) is False:
                continue
            if operand is not None and operand.entries is None and has_nan(operand):
                continue  # which of its entries did it is not known: the one that is nan already will do
            at = facts.at if _same_shape(operand, facts.made) else None
            held = holds(operand, row.test, at)
            if held or (held is None and not sure and (operand is None or operand.entries is None)):
                at = first(operand, row.test) if at is None and operand is not None else at
                return Cause(row.key, row.operand, at)
    return None


def _already(facts: Facts) -> Cause | None:
    """An operand was not finite before, or the result is not."""
    for number, operand in enumerate(facts.operands):
        if operand.value is not None and not operand.value.finite:
            return Cause("operand", number)
    return Cause("result") if facts.result is not None and not facts.result.finite else None


def _special(facts: Facts) -> Cause | None:
    """Causes that are not about one number of one operand."""
    function, whole = facts.function, facts.operand(0)
    if function in EXPONENTIALS and (facts.result is None or not facts.result.finite) and not _was_bad(whole):
        return Cause("exp", 0)
    if function in SOFTMAX and _has_empty_rows(whole, facts):
        return Cause("softmax", 0)
    if function in NORMS:
        return None if _was_bad(whole) else Cause("norm_constant", 0)
    if function in SPREADS and whole is not None and not _was_bad(whole):
        return Cause("spread_of_one", 0)
    if function in MEANS and whole is not None and 0 in whole.shape:
        return Cause("mean_of_none", 0)
    if function in LOSSES and has_nan(facts.made) and not _was_bad(whole):
        return Cause("none_counts", 0)
    if function == "weight_norm_interface" and not _was_bad(whole):
        return Cause("norm_zero", 0)
    if function in ALIGNS and not _was_bad(whole):
        return Cause("too_long", 0)
    if function in FACTORS and not _was_bad(whole):
        return Cause("factors", 0)
    if function in INVERSES and not _was_bad(whole):
        return Cause("singular", 0)
    return None


def _has_empty_rows(whole: Value | None, facts: Facts) -> bool:
    """Whether a softmax had nothing but -inf in a row: where nobody saw its operand, its nan says so."""
    if whole is None:
        return facts.result is None and has_nan(facts.made)
    return bool(holds(whole, lambda entry: entry == -math.inf))


def _was_bad(value: Value | None) -> bool:
    return value is not None and not value.finite


def _same_shape(operand: Value | None, made: Value) -> bool:
    return operand is not None and operand.shape == made.shape
