"""Work out from one recorded pass of live code how each of its numbers follows from v, without another pass.

A program that vizgraph runs itself is run once for every unit seed. Live code is not: its hooks would run again, and
its graph would have to live as long as the result. What was recorded is enough where v is one number, for then all of
it is a multiple of that; and else where every local Jacobian was recorded, whose products are what unit seeds send.
Either is kept only if it gives back each recorded number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from vizgraph import limits
from vizgraph.model import Contribution, Edge, Linear, Matrix, Pass, Run, Value

ROUNDING: Final = {"float64": 1e-12, "float32": 2e-5, "float16": 2e-2, "bfloat16": 1e-1}  # of all terms together

Numbers: TypeAlias = "tuple[dict[str, Matrix], dict[str, Matrix]]"  # what arrives by node, what is sent by edge


def followed(run: Run) -> Run:
    """The same run with what follows from v, in passes that are linear in it and small."""
    if len(run.graph.nodes) > limits.FOLLOWED_NODES or not any(one.is_linear for one in run.passes):
        return run
    edges = {edge.id: edge for edge in run.graph.edges}
    passes = tuple(replace(one, linear=_linear(one, edges)) if _is_open(one) else one for one in run.passes)
    return replace(run, passes=passes)


def hindrance(run: Run) -> str:
    """Why nothing can be followed in live code, as the end of the key of a text; nothing where none of these is why."""
    values = [value for one in run.passes for value in _values(one)]
    v = sum(math.prod(seed.gradient.shape) for one in run.passes[-1:] for seed in one.seeds)
    numbers = v * sum(math.prod(value.shape) for value in values)
    if len(run.graph.nodes) > limits.FOLLOWED_NODES or v > limits.LINEAR_ROWS or numbers > limits.LINEAR_NUMBERS:
        return ".large"
    if run.passes and not any(one.is_linear for one in run.passes):
        return ".own"
    return "" if all(value.finite for value in values) else ".broken"


def _is_open(one: Pass) -> bool:
    """Whether it may be worked out, and nobody has."""
    return one.is_linear and one.linear is None and all(_is_plain(value) for value in _values(one))


def _values(one: Pass) -> Iterator[Value]:
    yield from (seed.gradient for seed in one.seeds)
    for step in one.steps:
        yield from (value for value in step.upstream if value is not None)
        yield from (item.gradient for item in step.contributions if item.gradient is not None)


def _is_plain(value: Value) -> bool:
    return value.dtype in ROUNDING and value.entries is not None and all(map(math.isfinite, value.entries))


def _linear(one: Pass, edges: Mapping[str, Edge]) -> Linear | None:
    v = [float(entry) for seed in one.seeds for entry in seed.gradient.entries or ()]
    if not 0 < len(v) <= limits.LINEAR_ROWS or any(len(step.upstream) > 1 for step in one.steps if len(v) > 1):
        return None
    if len(v) * sum(len(value.entries or ()) for value in _values(one)) > limits.LINEAR_NUMBERS:
        return None
    if len(v) == 1:
        return _multiples(one, v[0]) if v[0] else None
    found = _products(one, len(v), edges)
    return found if found and _agrees(one, found, v) else None


# --- v is one number --------------------------------------------------------------------------------


def _multiples(one: Pass, v: float) -> Linear:
    """Everything that was recorded is v times what v = 1 would have given."""

    def unit(value: Value) -> Matrix:
        entries = tuple(float(entry) / v for entry in value.entries or ())
        return Matrix(1, len(entries), entries)

    upstream = [
        (step.node, tuple(None if value is None else unit(value) for value in step.upstream)) for step in one.steps
    ]
    items = [item for step in one.steps for item in step.contributions]
    return Linear(1, tuple(upstream), tuple((item.edge, unit(item.gradient)) for item in items if item.gradient))


# --- v is several: products of the local Jacobians -----------------------------------------------------


def _products(one: Pass, size: int, edges: Mapping[str, Edge]) -> Linear | None:
    arrived: dict[str, Matrix] = {}
    sent: dict[str, Matrix] = {}
    start = 0
    for seed in one.seeds:
        count = len(seed.gradient.entries or ())
        picks = tuple(float(row == start + column) for row in range(size) for column in range(count))
        _arrive(arrived, seed.node, Matrix(size, count, picks))
        start += count
    for step in one.steps:
        for item in step.contributions:
            if item.gradient is None:
                continue
            product = _product(arrived.get(step.node), item)
            if product is None:
                return None
            sent[item.edge] = product
            _arrive(arrived, edges[item.edge].source, product)
    known = {step.node: (arrived.get(step.node),) for step in one.steps}
    return Linear(size, tuple(known.items()), tuple(sent.items()))


def _arrive(arrived: dict[str, Matrix], node: str, more: Matrix) -> None:
    before = arrived.get(node)
    entries = tuple(map(sum, zip(before.entries, more.entries, strict=True))) if before else more.entries
    arrived[node] = Matrix(more.rows, more.columns, entries)


def _product(left: Matrix | None, item: Contribution) -> Matrix | None:
    """Local Jacobians are mostly zeros: only what is not zero is multiplied."""
    right = item.local
    if left is None or right is None or left.columns != right.rows or not all(map(math.isfinite, right.entries)):
        return None
    entries = [0.0] * (left.rows * right.columns)
    rows = [_pairs(right.entries[i * right.columns : (i + 1) * right.columns]) for i in range(right.rows)]
    for row in range(left.rows):
        for middle, pairs in enumerate(rows):
            factor = left.entries[row * left.columns + middle]
            for column, entry in pairs if factor else ():
                entries[row * right.columns + column] += factor * entry
    return Matrix(left.rows, right.columns, tuple(entries))


def _pairs(entries: Sequence[float]) -> list[tuple[int, float]]:
    return [(column, entry) for column, entry in enumerate(entries) if entry]


def _agrees(one: Pass, found: Linear, v: Sequence[float]) -> bool:
    """Whether v times each matrix is the number that was recorded."""
    arrived, sent = dict(found.upstream), dict(found.contributions)
    pairs = [(value, arrived[step.node][0]) for step in one.steps for value in step.upstream]
    pairs += [(item.gradient, sent.get(item.edge)) for step in one.steps for item in step.contributions]
    return all(_is_sum(value, matrix, v) for value, matrix in pairs if value is not None)


def _is_sum(value: Value, matrix: Matrix | None, v: Sequence[float]) -> bool:
    if matrix is None or matrix.columns != len(value.entries or ()):
        return False
    rounding = ROUNDING[value.dtype]
    for column, entry in enumerate(value.entries or ()):
        terms = [number * matrix.entries[row * matrix.columns + column] for row, number in enumerate(v)]
        if abs(sum(terms) - entry) > rounding * sum(map(abs, terms)) + 1e-30:
            return False
    return True
