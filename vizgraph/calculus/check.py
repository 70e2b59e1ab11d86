"""Hold every formula against the number that autograd recorded."""

from __future__ import annotations

import math
from typing import Any

from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.notes import note
from vizgraph.calculus.special import KINKS
from vizgraph.model import Check

_TOLERANCE = {"float64": 1e-9, "float32": 1e-4}  # relative; of shorter types below
_SHORT_TYPES = 2e-2
_FLOOR = 1e-2  # entries that are small beside the largest carry its rounding


def tolerance(dtypes: set[str]) -> float:
    """The relative difference that rounding in the coarsest of these types explains."""
    return max((_TOLERANCE.get(dtype, _SHORT_TYPES) for dtype in dtypes), default=_SHORT_TYPES)


def agree(left: float, right: float, relative: float, scale: float) -> bool:
    """Equal up to rounding; ``scale`` is the largest number around."""
    return abs(left - right) <= relative * max(abs(left), abs(right), _FLOOR * scale)


def check(
    subject: str, slope: Any | None, autograd: float, evaluate: Evaluator, relative: float, scale: float, moved: bool
) -> Check:
    """Compare one entry of the Jacobian; ``slope`` is its formula or None.

    ``moved`` says that the formula does not reproduce the forward value, so that
    its derivative can't be held against the pass either."""
    if slope is None:
        return Check(subject, None, autograd, None, note("check.no_formula"))
    if moved:
        return Check(subject, evaluate(slope), autograd, None, note("check.moved"))
    if _on_a_kink(slope, evaluate):
        return Check(subject, evaluate(slope), autograd, None, note("check.kink"))
    value = evaluate(slope)
    if not math.isfinite(value):
        return Check(subject, value, autograd, None, note("check.not_finite"))
    if not math.isfinite(autograd):
        return Check(subject, value, autograd, False, note("check.engine_not_finite"))
    return Check(subject, value, autograd, agree(value, autograd, relative, scale))


def _on_a_kink(slope: Any, evaluate: Evaluator) -> bool:
    """Whether a slope that jumps stands exactly where it jumps."""
    return any(evaluate(part.args[0]) == 0 for part in slope.atoms(*KINKS))
