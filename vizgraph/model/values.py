"""Define what all of the line speaks of: numbers, places in the text, tensors as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = bool | int | float
Nested: TypeAlias = "Number | tuple[Nested, ...]"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the program: lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a tensor, or a summary of it where it is large.

    ``entries`` is flat and row-major, or None above the limit; the summary
    (``minimum``, ``maximum``, 2-``norm``) is None for empty or complex tensors.
    Complex numbers stand in ``pairs``, each as (real, imaginary), and ``entries`` is None.
    """

    shape: tuple[int, ...]
    dtype: str
    entries: tuple[Number, ...] | None
    minimum: float | None = None
    maximum: float | None = None
    norm: float | None = None
    finite: bool = True
    pairs: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A Jacobian: ``entries[i * columns + j]`` is d(result entry i) / d(input entry j)."""

    rows: int
    columns: int
    entries: tuple[float, ...]
