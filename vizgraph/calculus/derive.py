"""Derive the Jacobian of a run in symbols and check it against autograd's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vizgraph.calculus.check import Bench
from vizgraph.calculus.jacobian import Differentiation, Slope
from vizgraph.calculus.labels import read_label
from vizgraph.calculus.replay import Formulas, formulas
from vizgraph.calculus.sizes import JACOBIAN_ENTRIES, Sizes
from vizgraph.calculus.typeset import typeset
from vizgraph.calculus.write import Writer
from vizgraph.model import Check, Derivation, Jacobian, Pass, Run
from vizgraph.texts import say


def derive(run: Run) -> Derivation | None:
    """The Jacobian of the last pass that has one, in symbols beside torch's numbers; None if none has.

    Entries that stand on something without a formula keep their numbers; the note says which and why."""
    last = next((one for one in reversed(run.passes) if one.jacobian is not None), None)
    if last is None or last.jacobian is None:
        return None
    jacobian = _relabelled(last.jacobian)
    if len(jacobian.rows) * len(jacobian.columns) > JACOBIAN_ENTRIES:
        reason = say("derivation.too_many", rows=len(jacobian.rows), columns=len(jacobian.columns))
        return _numeric(run, last, jacobian, reason)
    if len(set(jacobian.columns)) < len(jacobian.columns):
        return _numeric(run, last, jacobian, say("derivation.same_name"))
    sizes = Sizes()
    found = formulas(run, last.seeds, sizes)
    if found is None or len(found.outputs) != len(jacobian.rows):
        return _numeric(run, last, jacobian, say("derivation.no_forward"))
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
        jacobian.rows, jacobian.columns, blank, numbers, typeset(last, jacobian, numbers, (), str), (), reason
    )


def _symbolic(run: Run, last: Pass, jacobian: Jacobian, found: Formulas, sizes: Sizes) -> Derivation:
    symbols = [found.leaves.get(column) for column in jacobian.columns]
    writer = Writer(found.labels)
    differentiation = Differentiation(sizes, writer.python)
    slopes = differentiation.rows(found.outputs, symbols)
    numbers = _numbers(jacobian)
    missing = [column for column, symbol in zip(jacobian.columns, symbols, strict=True) if symbol is None]
    notes = [
        *found.notes,
        *([say("derivation.no_leaf", leaves=", ".join(missing))] if missing and not found.notes else []),
        *([] if differentiation.complete else [say("derivation.slopes_too_long")]),
    ]
    return Derivation(
        rows=jacobian.rows,
        columns=jacobian.columns,
        symbolic=tuple(tuple(slope.text for slope in row) for row in slopes),
        numeric=numbers,
        latex=typeset(last, jacobian, numbers, slopes, writer.latex),
        checks=tuple(_checks(run, jacobian, found, slopes, numbers)),
        note=" ".join(notes) or None,
    )


def _checks(
    run: Run,
    jacobian: Jacobian,
    found: Formulas,
    slopes: Sequence[Sequence[Slope]],
    numbers: Sequence[Sequence[float]],
) -> Iterator[Check]:
    dtypes = {value.dtype for call in run.calls for value in call.values}
    bench = Bench.of(found.point, dtypes, (number for row in numbers for number in row))
    for row, output, recorded, slope_row, number_row in zip(
        jacobian.rows, found.outputs, found.values, slopes, numbers, strict=True
    ):
        moved = recorded is not None and not bench.gives(output, recorded)
        for column, slope, number in zip(jacobian.columns, slope_row, number_row, strict=True):
            yield bench.check(f"d {row} / d {column}", slope.formula, number, moved=moved)
