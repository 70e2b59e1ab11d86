"""Define what is derived: the Jacobian in symbols, and how it was checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Tree: TypeAlias = "str | tuple[Tree, ...]"  # a formula, as `vizgraph.notation.mathml` builds it


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a tree of our own markup (`vizgraph.notation.mathml`), which no text can break out of."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Differences:
    """The Jacobian of a pass by central finite differences in float64, an entry None where there is none.

    ``kinks`` tells the entries at which the slopes to the left and to the right differ; ``reason`` why
    there are no entries at all."""

    rows: int
    columns: int
    entries: tuple[float | None, ...]
    kinks: tuple[bool, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Second:
    """The Hessian of one output, row by row: by a second backward pass through the first, and by central
    differences of the gradient."""

    columns: int
    backward: tuple[float, ...]
    finite: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One formula held against what autograd recorded, and both against a finite difference."""

    subject: str  # "d y1 / d x2"
    symbolic: float | None
    autograd: float
    agrees: bool | None  # None where it can't be said
    reason: str | None = None
    finite: float | None = None  # central difference in float64


@dataclass(frozen=True, slots=True)
class Link:
    """How one named value depends on another: d(target)/d(source), a row for each entry of the target.

    ``target`` and ``source`` are ids of calls, ``cells`` the entries in symbols (None: no formula),
    ``numbers`` their values, ``compact`` the whole as one matrix expression where one is known."""

    target: str
    source: str
    cells: tuple[tuple[Formula | None, ...], ...]
    numbers: tuple[tuple[float, ...], ...]
    compact: Formula | None = None
    hessian: Hessian | None = None


@dataclass(frozen=True, slots=True)
class Hessian:
    """The second derivatives of one output: in symbols, as the second backward pass found them, and checked.

    ``of`` is the name of what the program itself differentiated twice, whose gradient stands in ``gradient``; None
    where the output of the pass is meant, whose gradient is the Jacobian."""

    cells: tuple[tuple[Formula | None, ...], ...]
    numbers: tuple[tuple[float, ...], ...]
    checks: tuple[Check, ...]
    of: str | None = None
    gradient: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """The Jacobian in symbols beside its numbers; empty strings stand for entries without a formula.

    ``cells`` are the same entries as formulas to typeset, ``links`` the derivatives between the named values
    of the program, ``locals`` those of every single step by its operands, ``compact`` all of it as one
    matrix expression where one is known."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    symbolic: tuple[tuple[str, ...], ...]
    numeric: tuple[tuple[float, ...], ...]
    latex: tuple[str, ...]
    checks: tuple[Check, ...]
    note: str | None = None
    cells: tuple[tuple[Formula | None, ...], ...] = ()
    links: tuple[Link, ...] = ()
    locals: tuple[Link, ...] = ()
    compact: Formula | None = None
    hessian: Hessian | None = None
