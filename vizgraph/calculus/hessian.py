"""Differentiate the gradient once more, and hold it against a second backward pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.hole import HOLE
from vizgraph.calculus.jacobian import Differentiation, Slope
from vizgraph.calculus.markup import Markup
from vizgraph.calculus.replay import Formulas
from vizgraph.calculus.special import KINKS
from vizgraph.model import Check, Formula, Hessian, Ref, Second
from vizgraph.notation.plan import Plan
from vizgraph.texts import say

_TOLERANCE: Final = 1e-4  # the point is the run's, in its dtype; everything else is float64


def hessian(
    gradient: Sequence[Slope],
    symbols: Sequence[Any | None],
    columns: Sequence[str],
    second: Second | None,
    tools: tuple[Differentiation, Markup, Mapping[Any, float]],
) -> Hessian | None:
    """The second derivatives in symbols beside their numbers; None without a second pass or with a formula missing."""
    if second is None or any(slope.formula is None for slope in gradient):
        return None
    differentiation, markup, point = tools
    rows = differentiation.rows([slope.formula for slope in gradient], symbols)
    size, evaluate = second.columns, Evaluator(point)
    scale = max(1.0, *map(abs, second.backward))
    checks = []
    for place, slope in enumerate(slope for row in rows for slope in row):
        i, j = divmod(place, size)
        value = None if slope.formula is None else evaluate(slope.formula)
        kinked = _is_kinked(gradient[i].formula, evaluate)
        backward, finite = second.backward[place], second.finite[place]
        near = all(abs(other - backward) <= _TOLERANCE * scale for other in (value, finite) if other is not None)
        reason = say("derivation.check.kink") if kinked else None
        subject = f"d2 / d {columns[i]} d {columns[j]}"
        checks.append(Check(subject, value, backward, None if kinked else near, reason, finite))
    return Hessian(
        cells=tuple(
            tuple(None if one.formula is None else Formula(markup(one.formula)) for one in row) for row in rows
        ),
        numbers=tuple(second.backward[i * size : (i + 1) * size] for i in range(size)),
        checks=tuple(checks),
    )


def _is_kinked(slope: Any, evaluate: Evaluator) -> bool:
    """Whether the slope itself jumps at this point, so that it has no derivative there."""
    return any(evaluate(part.args[0]) == 0 for part in slope.atoms(*KINKS))


def asked_twice(
    steps: Plan,
    found: Formulas,
    cells: tuple[tuple[Formula | None, ...], ...],
    numbers: Sequence[Sequence[float]],
    checks: Sequence[Check],
    markup: Markup,
) -> Hessian | None:
    """The Hessian of a program that differentiates a gradient itself: there the Jacobian of the pass is the Hessian."""
    call = steps.outputs[0][0]
    of, by = call.arguments[:2] if call.operation == "grad" else (None, None)
    leaves = {one.id for one in steps.calls if one.kind == "leaf"}
    if len(steps.outputs) > 1 or not isinstance(of, Ref) or not isinstance(by, Ref) or leaves != {by.id}:
        return None
    below = next(one for one in steps.calls if one.id == of.id)
    if below.values[of.result].shape or call.keywords or any(HOLE in entry.free_symbols for entry in found.outputs):
        return None
    return Hessian(
        cells=cells,
        numbers=tuple(map(tuple, numbers)),
        checks=tuple(checks),
        of=steps.names.get(of.id) or below.name or below.expression,
        gradient=tuple(Formula(markup(entry)) for entry in found.outputs),
    )
