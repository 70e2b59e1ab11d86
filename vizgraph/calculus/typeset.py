"""Typeset the Jacobian: in symbols, in numbers, and with the upstream gradient before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from vizgraph.calculus.jacobian import Slope
from vizgraph.calculus.write import matrix_in_latex, number_in_latex
from vizgraph.model import Jacobian, Pass, Value
from vizgraph.notation.labels import name_in_latex, read_label

LONGEST = 20_000  # characters of everything together


def typeset(
    last: Pass,
    jacobian: Jacobian,
    numbers: Sequence[Sequence[float]],
    slopes: Sequence[Sequence[Slope]],
    write: Callable[[Any], str],
) -> tuple[str, ...]:
    """The lines of the derivation in LaTeX, those left out that would make it too long."""
    head = _quotient(jacobian)
    lines = []
    if any(slope.formula is not None for row in slopes for slope in row):
        cells = [[_cell(slope, write) for slope in row] for row in slopes]
        lines.append(f"J = {head} = {matrix_in_latex(cells)}")
    lines.append(f"J = {head} = {matrix_in_latex([[number_in_latex(number) for number in row] for row in numbers])}")
    lines += _product(last, jacobian, numbers)
    return _fitting(lines)


def _cell(slope: Slope, write: Callable[[Any], str]) -> str:
    return r"\cdot" if slope.formula is None else write(slope.formula)


def _quotient(jacobian: Jacobian) -> str:
    return rf"\frac{{\partial {_names(jacobian.rows)}}}{{\partial {_names(jacobian.columns)}}}"


def _names(labels: Sequence[str]) -> str:
    """``y`` for the entries of one tensor, ``(y_{1}, y_{2})`` for several tensors."""
    names = list(dict.fromkeys(read_label(label).name for label in labels))
    texts = ", ".join(map(name_in_latex, names))
    return texts if len(names) == 1 else rf"\left({texts}\right)"


def _product(last: Pass, jacobian: Jacobian, numbers: Sequence[Sequence[float]]) -> list[str]:
    """vᵀ J, with the v that was placed and the gradients that arrived."""
    upstream = _flat([seed.gradient for seed in last.seeds])
    arrived = _arrived(last, jacobian)
    if upstream is None or arrived is None or len(upstream) != len(jacobian.rows):
        return []
    matrix = matrix_in_latex([[number_in_latex(number) for number in row] for row in numbers])
    left, right = (matrix_in_latex([list(map(number_in_latex, row))]) for row in (upstream, arrived))
    return [rf"v^{{\top}} J = {left} {matrix} = {right}"]


def _arrived(last: Pass, jacobian: Jacobian) -> list[float] | None:
    """What the pass delivered to the leaves, in the order of the columns."""
    names = list(dict.fromkeys(read_label(column).name for column in jacobian.columns))
    gradients = {one.leaf: one.gradient for one in last.gradients}
    if not all(name in gradients for name in names):
        return None
    arrived = _flat([gradients[name] for name in names])
    return arrived if arrived is not None and len(arrived) == len(jacobian.columns) else None


def _flat(values: Sequence[Value]) -> list[float] | None:
    if any(value.entries is None for value in values):
        return None
    return [float(entry) for value in values for entry in value.entries or ()]


def _fitting(lines: Sequence[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(line) <= LONGEST:
            kept.append(line)
    return tuple(kept)
