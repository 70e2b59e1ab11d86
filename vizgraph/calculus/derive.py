"""Derive the Jacobian of a run in symbols and check it against autograd's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vizgraph.calculus.check import Bench
from vizgraph.calculus.hessian import asked_twice, hessian
from vizgraph.calculus.jacobian import Differentiation, Slope
from vizgraph.calculus.links import Chain, chain, locals_of, whole
from vizgraph.calculus.markup import Markup
from vizgraph.calculus.product import Entries
from vizgraph.calculus.replay import Formulas, formulas
from vizgraph.calculus.sizes import JACOBIAN_ENTRIES, Sizes
from vizgraph.calculus.typeset import typeset
from vizgraph.calculus.write import Writer
from vizgraph.model import Check, Derivation, Differences, Formula, Jacobian, Pass, Run, Second
from vizgraph.notation.labels import read_label
from vizgraph.notation.plan import Plan, last_pass, plan
from vizgraph.texts import say


def derive(run: Run, differences: Differences | None = None, second: Second | None = None) -> Derivation | None:
    """The Jacobian of the last pass that has one, in symbols beside torch's numbers; None if none has.

    Entries that stand on something without a formula keep their numbers; the note says which and why.
    ``differences`` are the same derivatives a third way, to be held beside both; ``second`` the Hessian in numbers."""
    last = last_pass(run)
    if last is None or last.jacobian is None:
        return None
    jacobian = _relabelled(last.jacobian)
    if len(jacobian.rows) * len(jacobian.columns) > JACOBIAN_ENTRIES:
        reason = say("derivation.too_many", rows=len(jacobian.rows), columns=len(jacobian.columns))
        return _numeric(last, jacobian, reason, differences)
    if len(set(jacobian.columns)) < len(jacobian.columns):
        return _numeric(last, jacobian, say("derivation.same_name"), differences)
    sizes = Sizes()
    steps = plan(run, last.seeds)
    found = formulas(steps, sizes) if steps else None
    if steps is None or found is None or len(found.outputs) != len(jacobian.rows):
        return _numeric(last, jacobian, say("derivation.no_forward"), differences)
    return _symbolic(run, last, jacobian, steps, found, sizes, (differences, second))


def numbers(run: Run, differences: Differences | None = None) -> Derivation | None:
    """The Jacobian of the last pass in numbers only, where the formulas would take too long."""
    last = last_pass(run)
    if last is None or last.jacobian is None:
        return None
    return _numeric(last, _relabelled(last.jacobian), say("derivation.too_slow"), differences)


def _relabelled(jacobian: Jacobian) -> Jacobian:
    """The same with every label in our own spelling: A[0,1]."""
    rows = tuple(read_label(row).python for row in jacobian.rows)
    return Jacobian(rows, tuple(read_label(column).python for column in jacobian.columns), jacobian.matrix)


def _numbers(jacobian: Jacobian) -> tuple[tuple[float, ...], ...]:
    width = jacobian.matrix.columns
    return tuple(jacobian.matrix.entries[row * width : (row + 1) * width] for row in range(jacobian.matrix.rows))


def _numeric(last: Pass, jacobian: Jacobian, reason: str, differences: Differences | None) -> Derivation:
    """The Jacobian in numbers only."""
    numbers = _numbers(jacobian)
    blank = tuple((Slope(None, ""),) * len(jacobian.columns) for _ in jacobian.rows)
    bench = Bench.of({}, (), (number for row in numbers for number in row), differences)
    return Derivation(
        rows=jacobian.rows,
        columns=jacobian.columns,
        symbolic=tuple(("",) * len(jacobian.columns) for _ in jacobian.rows),
        numeric=numbers,
        latex=typeset(last, jacobian, numbers, (), str),
        checks=tuple(_checks(jacobian, bench, blank, numbers, [False] * len(numbers))) if differences else (),
        note=reason,
        cells=tuple((None,) * len(jacobian.columns) for _ in jacobian.rows),
    )


def _symbolic(
    run: Run,
    last: Pass,
    jacobian: Jacobian,
    steps: Plan,
    found: Formulas,
    sizes: Sizes,
    witnesses: tuple[Differences | None, Second | None],
) -> Derivation:
    differences, second = witnesses
    symbols = [found.leaves.get(column) for column in jacobian.columns]
    writer, markup = Writer(found.labels), Markup(found.labels)
    differentiation = Differentiation(sizes, writer.python)
    slopes = differentiation.rows(found.outputs, symbols)
    steps_between = chain(steps, sizes, jacobian.columns)
    by_steps = _by_steps(steps_between, slopes)
    numbers = _numbers(jacobian)
    missing = [column for column, symbol in zip(jacobian.columns, symbols, strict=True) if symbol is None]
    notes = [
        *found.notes,
        *([say("derivation.no_leaf", leaves=", ".join(missing))] if missing and not found.notes else []),
        *([] if differentiation.complete else [say("derivation.slopes_too_long")]),
    ]
    if by_steps:
        notes = [say("derivation.by_steps")]
    dtypes = {value.dtype for call in run.calls for value in call.values}
    bench = Bench.of(found.point, dtypes, (number for row in numbers for number in row), differences)
    moved = [
        recorded is not None and not bench.gives(output, recorded)
        for output, recorded in zip(found.outputs, found.values, strict=True)
    ]
    written, write, latex = (slopes, markup, writer.latex) if not by_steps else _in_steps(steps_between)
    cells = tuple(
        tuple(None if slope.formula is None else Formula(write(slope.formula)) for slope in row) for row in written
    )
    checks = tuple(_checks(jacobian, bench, slopes, numbers, moved, steps_between.entries if by_steps else ()))
    return Derivation(
        rows=jacobian.rows,
        columns=jacobian.columns,
        symbolic=tuple(tuple(slope.text for slope in row) for row in slopes),
        numeric=numbers,
        latex=typeset(last, jacobian, numbers, written, latex),
        checks=checks,
        note=" ".join(notes) or None,
        cells=cells,
        links=steps_between.links,
        locals=locals_of(steps, sizes),
        compact=whole(steps, cells, numbers),
        hessian=asked_twice(steps, found, cells, numbers, checks, markup)
        or hessian(slopes[0], symbols, jacobian.columns, second, (differentiation, markup, found.point)),
    )


def _by_steps(steps: Chain, slopes: Sequence[Sequence[Slope]]) -> bool:
    """Whether to write the derivatives with the named values in between: some are too long in the leaves alone."""
    return bool(steps.entries) and any(slope.formula is None for row in slopes for slope in row)


def _in_steps(steps: Chain) -> tuple[list[list[Slope]], Markup, Callable[[Any], str]]:
    slopes = [[Slope(formula, "") for formula, _ in row] for row in steps.entries]
    return slopes, Markup(steps.labels), Writer(steps.labels).latex


def _checks(
    jacobian: Jacobian,
    bench: Bench,
    slopes: Sequence[Sequence[Slope]],
    numbers: Sequence[Sequence[float]],
    moved: Sequence[bool],
    products: Entries = (),
) -> Iterator[Check]:
    """``products`` are the values of the derivatives as sums of products, where their own formulas are too long."""
    width = len(jacobian.columns)
    for i, (row, gone) in enumerate(zip(jacobian.rows, moved, strict=True)):
        for j, (column, slope, number) in enumerate(zip(jacobian.columns, slopes[i], numbers[i], strict=True)):
            product = products[i][j][1] if products and slope.formula is None else None
            yield bench.check(f"d {row} / d {column}", slope.formula, number, i * width + j, moved=gone, value=product)
