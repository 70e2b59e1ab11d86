"""Hold every formula against the number that autograd recorded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.special import KINKS
from vizgraph.model import Check, Differences
from vizgraph.texts import say

_TOLERANCE: Final = {"float64": 1e-9, "float32": 1e-4, "float16": 2e-2, "bfloat16": 5e-2}  # relative
_FLOOR: Final = 1e-2  # entries that are small beside the largest carry its rounding
_NOUGHT: Final = 5e-3  # of the tolerance: what may be left where terms of about 1 cancel
_FINITE: Final = 2e-5  # what a central difference in float64 may be off by, of the largest entry of the Jacobian
_FORWARD: Final = 10  # a forward value may have rounded more often than any one derivative


@dataclass(frozen=True, slots=True)
class Bench:
    """The point at which formulas are evaluated, how much rounding may take, and the third witness."""

    evaluate: Evaluator
    relative: float
    scale: float
    differences: Differences | None

    @classmethod
    def of(
        cls,
        point: Mapping[Any, float],
        dtypes: Iterable[str],
        numbers: Iterable[float],
        differences: Differences | None = None,
    ) -> Bench:
        """``dtypes`` are the types that the run rounded to, ``numbers`` the whole Jacobian."""
        relative = max((_TOLERANCE[dtype] for dtype in dtypes if dtype in _TOLERANCE), default=0.0)
        scale = max((abs(n) for n in numbers if math.isfinite(n)), default=0.0)
        return cls(Evaluator(point), relative, scale, differences)

    def gives(self, formula: Any, recorded: float) -> bool:
        """Whether a formula reproduces the forward value, as far as that can be said."""
        value = self.evaluate(formula)
        if not math.isfinite(value) or not math.isfinite(recorded):
            return True
        return abs(value - recorded) <= _FORWARD * self.relative * max(abs(value), abs(recorded), 1.0)

    def check(
        self, subject: str, slope: Any | None, autograd: float, place: int, *, moved: bool, value: float | None = None
    ) -> Check:
        """Compare entry number ``place`` of the Jacobian; ``slope`` is its formula or None, ``value`` what it gives
        where that is known without it.

        ``moved`` says that the function does not reproduce the forward value: then
        its derivative can't be held against the pass either."""
        value = value if slope is None else self.evaluate(slope)
        finite, doubt = self._finite(place)
        reason = self._why_not(slope, value, moved)
        if value is None or reason:
            if value is None and finite is not None and doubt is None and math.isfinite(autograd):
                return Check(subject, None, autograd, self._is_near(finite, autograd), reason, finite)
            return Check(subject, value, autograd, None, reason, finite)
        if not math.isfinite(autograd):
            return Check(subject, value, autograd, False, say("derivation.check.engine_not_finite"), finite)
        allowed = self.relative * max(abs(value), abs(autograd), _FLOOR * self.scale, _NOUGHT)
        agrees = abs(value - autograd) <= allowed
        if agrees and finite is not None and doubt is None:
            agrees = self._is_near(finite, autograd)
        return Check(subject, value, autograd, agrees, doubt, finite)

    def _finite(self, place: int) -> tuple[float | None, str | None]:
        """The finite difference, and why it proves nothing, if so."""
        if self.differences is None:
            return None, None
        if self.differences.reason is not None:
            return None, self.differences.reason
        finite = self.differences.entries[place]
        if self.differences.kinks[place]:
            return finite, say("derivation.check.kink")
        return finite, None if finite is not None else say("derivation.check.no_difference")

    def _is_near(self, finite: float, number: float) -> bool:
        return abs(finite - number) <= max(10 * self.relative, _FINITE) * max(abs(finite), abs(number), self.scale, 1.0)

    def _why_not(self, slope: Any | None, value: float | None, moved: bool) -> str | None:
        """Why nothing can be said about an entry, if so."""
        if value is None:
            return say("derivation.check.no_formula")
        if moved:
            return say("derivation.check.moved")
        if slope is not None and any(self.evaluate(part.args[0]) == 0 for part in slope.atoms(*KINKS)):
            return say("derivation.check.kink")
        return None if math.isfinite(value) else say("derivation.check.not_finite")
