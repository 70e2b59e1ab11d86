"""Write vector-Jacobian products and sums as a person would on a blackboard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vizgraph.model import Matrix, Value
from vizgraph.notation.numbers import ELLIPSIS, brief, shape, show
from vizgraph.telling import holes
from vizgraph.telling.holes import Marked
from vizgraph.texts import spoken

VALUE_WIDTH = 28  # of an upstream gradient or a product inside a formula
MATRIX_WIDTH = 44  # of a local Jacobian inside a formula
_MOVES = ("reshape", "reorder", "slice", "copies", "part", "sums")  # told without a matrix: entries only move
_MOST_ADDENDS = 12
SUM_WIDTH = 72  # of all contributions of a sum together


@dataclass(frozen=True, slots=True)
class Product:
    """An upstream gradient times a local Jacobian; ``shape`` is the key of its sentence."""

    shape: str
    formula: str
    local: str = ""


def product(upstream: Value | None, local: Matrix | None, result: Value) -> Product:
    """The product that one edge carries, in the simplest form that its local Jacobian allows.

    Nothing is invented: without a recorded local Jacobian only what went in and what came out is told.
    """
    if upstream is None:
        return Product("unknown", text(result))
    if local is None or local.rows != _size(upstream) or local.columns != _size(result):
        return Product("unknown", f"{operand(upstream)} → {outcome(result)}")
    form = _form(local)
    if form == "identity" and upstream.shape != result.shape:
        form = "reshape"
    if form in _MOVES:
        return Product(form, f"{operand(upstream)} → {outcome(result)}")
    factor, sign = _factor(form, local, upstream, result)
    return Product(form, f"{operand(upstream)} {sign} {bracketed(factor)} = {outcome(result)}", factor)


def _form(local: Matrix) -> str:
    """What kind of matrix a local Jacobian is: each kind has its own sentence and notation."""
    entries = local.entries
    if local.rows == local.columns and _is_diagonal(local):
        return _diagonal_form(entries[:: local.columns + 1])
    if local.rows == 1:
        return _line_form(entries, "row", one="pick", ones="spread")
    if local.columns == 1:
        return _line_form(entries, "column", one="place", ones="collect")
    return _selection_form(local)


def _diagonal_form(diagonal: Sequence[float]) -> str:
    if len(diagonal) == 1:
        return "unchanged" if diagonal[0] == 1 else "scalar"
    if all(entry == 1 for entry in diagonal):
        return "identity"
    if len(set(diagonal)) == 1:
        return "scaled"
    return "mask" if set(diagonal) <= {0, 1} else "diagonal"


def _line_form(entries: Sequence[float], general: str, one: str, ones: str) -> str:
    if all(entry == 1 for entry in entries):
        return ones
    return one if sorted(entries) == [0.0] * (len(entries) - 1) + [1.0] else general


def _selection_form(local: Matrix) -> str:
    """A matrix of zeros and ones that only moves, copies or adds entries; anything else is just a matrix."""
    entries, columns = local.entries, local.columns
    if not set(entries) <= {0, 1}:
        return "matrix"
    in_rows = {sum(entries[start : start + columns]) for start in range(0, len(entries), columns or 1)}
    in_columns = {sum(entries[start::columns]) for start in range(columns)}
    if in_rows == {1}:  # every entry of the result is an entry of the input
        return "reorder" if in_columns == {1} else "slice" if in_columns == {0, 1} else "copies"
    if in_columns == {1}:  # every entry of the input is in one entry of the result
        return "part" if in_rows == {0, 1} else "sums"
    return "matrix"


def _is_diagonal(local: Matrix) -> bool:
    """Whether every entry follows one entry only.

    The rows were measured with unit vectors: their 0 times a slope that is infinite is nan, where the matrix has 0."""
    step = local.columns + 1
    endless = {place for place, entry in enumerate(local.entries[::step]) if math.isinf(entry)}
    return local.rows > 0 and all(
        entry == 0 or math.isnan(entry) and place % local.columns in endless
        for place, entry in enumerate(local.entries)
        if place % step
    )


def _factor(form: str, local: Matrix, upstream: Value, result: Value) -> tuple[str, str]:
    """The local Jacobian as written in the formula, and the sign before it."""
    diagonal = local.entries[:: local.columns + 1]
    if form == "identity":
        return "I", "·"
    if form in ("unchanged", "scalar", "scaled"):
        return brief(diagonal[0]), "×"
    if form in ("diagonal", "mask"):
        return _entries(diagonal, result.shape), "⊙"
    if form in ("row", "pick", "spread"):
        return _entries(local.entries, result.shape), "×"
    if form in ("column", "place", "collect"):
        return _entries(local.entries, upstream.shape), "·"
    rows_and_columns = (local.rows, local.columns)
    whole = _entries(local.entries, rows_and_columns, MATRIX_WIDTH)
    vectors = len(upstream.shape) == len(result.shape) == 1
    return (
        whole if vectors and ELLIPSIS not in whole and whole.startswith("[") else f"J({local.rows}×{local.columns})"
    ), "·"


def summands(addends: Sequence[Value]) -> str:
    """``0.6 + 0.2 + 0.3``: contributions that meet, the middle ones left out where there are many."""
    marked = [value for value in addends if isinstance(value, Marked)]
    if marked and len(marked) == len(addends):
        return holes.hole("S", *(str(value.quantity) for value in marked))
    kept = min(len(addends), _MOST_ADDENDS)
    texts = [bracketed(operand(value)) if number else operand(value) for number, value in enumerate(addends[:kept])]
    last = bracketed(operand(addends[-1]))
    written = " + ".join(texts if kept == len(addends) else [*texts[:-1], ELLIPSIS, last])
    while len(written) > SUM_WIDTH and kept > 2:
        kept -= 1
        written = " + ".join([*texts[: kept - 1], ELLIPSIS, last])
    return written


def accumulation(before: Value | None, met: Sequence[Value], after: Value) -> str:
    """``.grad: None → 0.6 + 0.2 = 0.8``, ``.grad: [0, 4] + [1, 1] = [1, 5]``: what a leaf does with what arrived."""
    if before is None:
        return f".grad: None → {text(after)}" if len(met) == 1 else f".grad: None → {summands(met)} = {outcome(after)}"
    added = bracketed(operand(met[0])) if len(met) == 1 else f"({summands(met)})"
    return f".grad: {operand(before)} + {added} = {outcome(after)}"


def text(value: Value) -> str:
    """A value that stands alone."""
    return holes.number("t", value) if isinstance(value, Marked) else _shown(value, spoken())


@lru_cache(maxsize=1024)  # one value is told several times in a row: as upstream, contribution and sum
def _shown(value: Value, language: str) -> str:
    return show(value, VALUE_WIDTH)


def operand(value: Value) -> str:
    """A value inside a formula: a large one is only its shape, ``(8×8)``."""
    if isinstance(value, Marked):
        return holes.number("o", value)
    return f"({shape(value)})" if _is_summary(value) else text(value)


def outcome(value: Value) -> str:
    """A value after the equals sign: a large one has its summary in brackets."""
    if isinstance(value, Marked):
        return holes.number("e", value)
    return f"({text(value)})" if _is_summary(value) else text(value)


def signed(value: Value) -> str:
    """A contribution on its own: ``+0.6``, ``-4``, ``+[1, -2]``."""
    if isinstance(value, Marked):
        return holes.number("s", value)
    written = outcome(value)
    return written if written.startswith("-") else f"+{written}"


def bracketed(written: str) -> str:
    """A factor or later summand: brackets around a negative number, as in ``3 × (-4)``."""
    if written.startswith(holes.OPEN):
        return holes.hole("b", written)
    return f"({written})" if written.startswith("-") else written


def _is_summary(value: Value) -> bool:
    return bool(value.shape) and not text(value).startswith("[")


def _entries(entries: Sequence[float], sizes: tuple[int, ...], width: int = VALUE_WIDTH) -> str:
    """Entries of a local Jacobian as an operand of that shape."""
    value = Value(sizes, "", tuple(entries))
    written = show(value, width)
    return written if not sizes or written.startswith("[") else f"({shape(value)})"


def _size(value: Value) -> int:
    size = 1
    for length in value.shape:
        size *= length
    return size
