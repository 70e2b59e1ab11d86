"""Multiply, add up and write factors: matrices that carry their numbers beside the formula that stands for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from vizgraph.model import Tree
from vizgraph.notation import mathml

Numbers = Any  # an array of numpy with two dimensions


@dataclass(frozen=True, slots=True)
class Factor:
    """``kind`` is identity, scalar, diagonal, row or matrix; ``inner`` the vector in a diagonal or a row."""

    kind: str
    tree: Tree
    numbers: Numbers
    inner: Tree | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A product: a number, factors of one entry, and matrices from left to right."""

    number: float
    factors: tuple[Factor, ...]


Sum = tuple[Term, ...]


def transposed(tree: Tree) -> Tree:
    return mathml.transposed(mathml.factor(tree))


def identity(size: int) -> Factor:
    return Factor("identity", ("mi", "I"), numpy.eye(size))


def diagonal(inner: Tree, array: Numbers) -> Factor:
    if array.ndim == 0:
        return Factor("scalar", inner, array.reshape(1, 1))
    return Factor("diagonal", mathml.apply("diag", inner), numpy.diag(array.reshape(-1)), inner)


def ones(size: int) -> Factor:
    return Factor("row", mathml.transposed(("mn", "𝟏")), numpy.ones((1, size)), ("mn", "𝟏"))


def product(term: Term) -> Numbers:
    whole: Numbers = numpy.ones((1, 1))
    for factor in term.factors:
        whole = whole * factor.numbers if 1 in (whole.size, factor.numbers.size) else whole @ factor.numbers
    return whole


def times(left: Term, right: Term) -> Term:
    factors = list(left.factors)
    for factor in right.factors:
        factors = _appended(factors, factor)
    scalars = [factor for factor in factors if factor.kind == "scalar"]
    others = [factor for factor in factors if factor.kind != "scalar"]
    return Term(left.number * right.number, (*scalars, *others))


def _appended(factors: list[Factor], factor: Factor) -> list[Factor]:
    """One more factor at the right, simplified against its neighbour: I vanishes, 1ᵀ diag(w) is wᵀ."""
    if factor.kind == "identity" and any(one.kind != "scalar" for one in factors):
        return factors
    if factors and factors[-1].kind == "identity":
        return [*factors[:-1], factor] if factor.kind != "scalar" else [*factors[:-1], factor, factors[-1]]
    last = factors[-1] if factors else None
    if last is not None and last.kind == "row" and factor.kind == "diagonal" and factor.inner is not None:
        inner = factor.inner if last.inner == ("mn", "𝟏") else mathml.row(last.inner or "", ("mo", "⊙"), factor.inner)
        base = inner if isinstance(inner, tuple) and inner[0] in ("mi", "msub") else mathml.paren(inner)
        return [*factors[:-1], Factor("row", mathml.transposed(base), last.numbers @ factor.numbers, inner)]
    return [*factors, factor]


def collected(terms: Sequence[Term]) -> Sum:
    """Like terms added up."""
    found: dict[tuple[Any, ...], Term] = {}
    for term in terms:
        key = tuple(factor.tree for factor in term.factors)
        known = found.get(key)
        found[key] = replace(known, number=known.number + term.number) if known else term
    return tuple(term for term in found.values() if term.number)


def written(terms: Sum) -> Tree:
    shared = _shared(terms)
    return shared if shared is not None else mathml.added(map(_term, terms))


def _shared(terms: Sum) -> Tree | None:
    """``xᵀ(A + Aᵀ)`` for two products that begin alike."""
    if len(terms) != 2 or any(len(term.factors) != 2 for term in terms) or terms[0].number != terms[1].number:
        return None
    one, other = terms
    if one.factors[0].tree != other.factors[0].tree:
        return None
    seconds = sorted([one.factors[1].tree, other.factors[1].tree], key=lambda tree: tree[0] == "msup")
    first = _term(Term(one.number, one.factors[:1]))
    return mathml.row(first, mathml.INVISIBLE_TIMES, mathml.paren(mathml.added(seconds)))


def _term(term: Term) -> Tree:
    trees: list[Tree] = []
    for factor in term.factors:
        trees += [mathml.INVISIBLE_TIMES, mathml.factor(factor.tree)] if trees else [mathml.factor(factor.tree)]
    if not trees:
        return _number(term.number)
    if term.number == 1:
        return term.factors[0].tree if len(term.factors) == 1 else mathml.row(*trees)
    if term.number == -1:
        return mathml.row(mathml.MINUS, *trees)
    written = _number(term.number)
    if mathml.is_negative(written):
        return mathml.row(mathml.MINUS, mathml.negated(written), mathml.INVISIBLE_TIMES, *trees)
    return mathml.row(written, mathml.INVISIBLE_TIMES, *trees)


def _number(number: float) -> Tree:
    """Halves and thirds as fractions."""
    below = round(1 / abs(number)) if 0 < abs(number) < 1 else 0
    if not below or abs(number) != 1 / below:
        return mathml.number(number)
    share = mathml.frac(("mn", "1"), ("mn", str(below)))
    return mathml.row(mathml.MINUS, share) if number < 0 else share
