"""Derive the Jacobian of a run in symbols and check it against autograd's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vizgraph.calculus.check import agree, check, tolerance
from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.jacobian import differentiate
from vizgraph.calculus.labels import read_label
from vizgraph.calculus.notes import note
from vizgraph.calculus.replay import Formulas, formulas
from vizgraph.calculus.sizes import JACOBIAN_ENTRIES, Sizes
from vizgraph.calculus.typeset import typeset
from vizgraph.calculus.write import python
from vizgraph.model import Check, Derivation, Jacobian, Pass, Run

_LONGEST_ENTRY = 1_000  # characters of one formula


def derive(run: Run) -> Derivation | None:
    """The Jacobian of the last pass that has one, in symbols beside torch's numbers; None if none has.

    Entries that stand on something without a formula keep their numbers; the note says which and why."""
    last = next((one for one in reversed(run.passes) if one.jacobian is not None), None)
    if last is None or last.jacobian is None:
        return None
    jacobian = _relabelled(last.jacobian)
    if len(jacobian.rows) * len(jacobian.columns) > JACOBIAN_ENTRIES:
        reason = note("too_many", rows=len(jacobian.rows), columns=len(jacobian.columns))
        return _numeric(run, last, jacobian, reason)
    if len(set(jacobian.columns)) < len(jacobian.columns):
        return _numeric(run, last, jacobian, note("same_name"))
    sizes = Sizes()
    found = formulas(run, last.seeds, sizes)
    if found is None or len(found.outputs) != len(jacobian.rows):
        return _numeric(run, last, jacobian, note("no_forward"))
    return _symbolic(run, last, jacobian, found, sizes)


def _relabelled(jacobian: Jacobian) -> Jacobian:
    """The same with every label in our own spelling: A[0,1]."""
    rows = tuple(read_label(row).python for row in jacobian.rows)
    return Jacobian(rows, tuple(read_label(column).python for column in jacobian.columns), jacobian.matrix)


def _numbers(jacobian: Jacobian) -> tuple[tuple[float, ...], ...]:
    width = jacobian.matrix.columns
    return tuple(jacobian.matrix.entries[row * width : (row + 1) * width] for row in range(jacobian.matrix.rows))


def _numeric(run: Run, last: Pass, jacobian: Jacobian, reason: str) -> Derivation:
    """The Jacobian in numbers only."""
    numbers = _numbers(jacobian)
    blank = tuple(("",) * len(jacobian.columns) for _ in jacobian.rows)
    return Derivation(
        jacobian.rows, jacobian.columns, blank, numbers, typeset(last, jacobian, numbers, None, {}), (), reason
    )


def _symbolic(run: Run, last: Pass, jacobian: Jacobian, found: Formulas, sizes: Sizes) -> Derivation:
    symbols = [found.leaves.get(column) for column in jacobian.columns]
    slopes, complete = differentiate(found.outputs, symbols, sizes)
    numbers = _numbers(jacobian)
    notes = [*found.notes]
    notes += [note("no_leaf", leaf=c) for c, symbol in zip(jacobian.columns, symbols, strict=True) if symbol is None]
    notes += [] if complete else [note("slopes_too_long")]
    return Derivation(
        rows=jacobian.rows,
        columns=jacobian.columns,
        symbolic=tuple(tuple(_written(slope, found) for slope in row) for row in slopes),
        numeric=numbers,
        latex=typeset(last, jacobian, numbers, slopes, found.labels),
        checks=tuple(_checks(run, jacobian, found, slopes, numbers)),
        note=" ".join(notes) or None,
    )


def _written(slope: Any | None, found: Formulas) -> str:
    text = "" if slope is None else python(slope, found.labels)
    return text if len(text) <= _LONGEST_ENTRY else ""


def _checks(
    run: Run,
    jacobian: Jacobian,
    found: Formulas,
    slopes: Sequence[Sequence[Any | None]],
    numbers: Sequence[Sequence[float]],
) -> list[Check]:
    evaluate = Evaluator(found.point)
    relative = tolerance({value.dtype for call in run.calls for value in call.values if value.dtype[:5] == "float"})
    scale = max((abs(number) for row in numbers for number in row), default=0.0)
    checks = []
    for row, output, recorded, slope_row, number_row in zip(
        jacobian.rows, found.outputs, found.values, slopes, numbers, strict=True
    ):
        moved = recorded is not None and _moved(evaluate(output), recorded, relative)
        checks += [
            check(f"d {row} / d {column}", slope, number, evaluate, relative, scale, moved)
            for column, slope, number in zip(jacobian.columns, slope_row, number_row, strict=True)
        ]
    return checks


def _moved(value: float, recorded: float, relative: float) -> bool:
    """Whether a formula misses the forward value that it should give."""
    return abs(recorded) < float("inf") and value == value and not agree(value, recorded, 10 * relative, 1.0)
