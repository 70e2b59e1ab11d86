"""Give the page what it needs to follow v by itself: how every number of a view depends on it, and the texts.

Each number is a sum: a constant, and for one or several passes v times a matrix of the engine's
(`model.Linear`). Each text that names such a number has holes where the numbers stand (`holes`).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from vizgraph.codec import encode
from vizgraph.model import Accumulation, Change, Contribution, Matrix, Pass, Run, Seed, Step, Value, View
from vizgraph.telling.holes import Marked

DIGITS: Final = 9  # as many tell every float32 from its neighbours
CLOSE: Final = 1e-4  # of the larger: what a sum of passes may differ from the recorded .grad

Term: TypeAlias = tuple[int, Matrix]  # v of that pass, times this matrix
Entries: TypeAlias = tuple[float, ...]


@dataclass(slots=True)
class _Held:
    """What a leaf's ``.grad`` is made of: a constant, and what passes added to it."""

    constant: Entries | None = None
    terms: tuple[Term, ...] = ()


@dataclass(slots=True)
class Marks:
    """A view whose values are marked, and the quantities that the marks name."""

    quantities: list[dict[str, Any]] = field(default_factory=list)
    matrices: list[list[Any]] = field(default_factory=list)
    passes: list[dict[str, Any] | None] = field(default_factory=list)
    _known: dict[Any, int] = field(default_factory=dict)
    _places: dict[Matrix, int] = field(default_factory=dict)
    _held: dict[str, _Held] = field(default_factory=dict)

    def view(self, view: View) -> View:
        """The same view with a mark on every value that follows v."""
        passes, changes = [], []
        for number, one in enumerate((*view.passes, None)):
            changes += [self._change(change) for change in view.changes if change.passes == number]
            if one is not None:
                passes.append(self._pass(number, one))
        return replace(view, passes=tuple(passes), changes=tuple(changes))

    def data(self) -> dict[str, Any]:
        """Everything but the texts, as JSON."""
        return {"passes": self.passes, "quantities": self.quantities, "matrices": self.matrices}

    # --- one pass --------------------------------------------------------------

    def _pass(self, number: int, one: Pass) -> Pass:
        linear = one.linear
        if linear is None or not _is_covered(one):
            self.passes.append(None)
            return replace(one, gradients=tuple(self._accumulate(done, None) for done in one.gradients))
        upstream, contributions = dict(linear.upstream), dict(linear.contributions)

        def arriving(step: Step) -> Iterator[Value | None]:
            for value, matrix in itertools.zip_longest(step.upstream, upstream.get(step.node, ())):
                yield value and self._mark(value, ((number, matrix),) if matrix else ())

        def leaving(item: Contribution) -> Contribution:
            matrix = contributions.get(item.edge)
            gradient = item.gradient and self._mark(item.gradient, ((number, matrix),) if matrix else ())
            return replace(item, gradient=gradient)

        steps = tuple(
            replace(step, upstream=tuple(arriving(step)), contributions=tuple(map(leaving, step.contributions)))
            for step in one.steps
        )
        arrived = {id: (number, found[0]) for id, found in upstream.items() if found and found[0] is not None}
        gradients = tuple(self._accumulate(done, arrived.get(done.node)) for done in one.gradients)
        seeds = tuple(self._seeds(number, one))
        self.passes.append(self._told(one, seeds, steps))
        return replace(one, seeds=seeds, steps=steps, gradients=gradients)

    def _seeds(self, number: int, one: Pass) -> Iterator[Seed]:
        size, start = sum(len(seed.gradient.entries or ()) for seed in one.seeds), 0
        for seed in one.seeds:
            count = len(seed.gradient.entries or ())
            picks = tuple(float(row == start + column) for row in range(size) for column in range(count))
            yield replace(seed, gradient=self._mark(seed.gradient, ((number, Matrix(size, count, picks)),)))
            start += count

    def _told(self, one: Pass, seeds: tuple[Seed, ...], steps: tuple[Step, ...]) -> dict[str, Any]:
        """Where the quantities of a pass are: by node what arrives there, by edge what travels it."""
        edges = {item.edge: item.gradient for step in steps for item in step.contributions}
        nodes = {seed.node: seed.gradient for seed in seeds} | {step.node: step.upstream[0] for step in steps}
        return {
            "v": [_number(float(entry)) for seed in one.seeds for entry in seed.gradient.entries or ()],
            "line": one.span.line if one.span else None,
            "shapes": [list(seed.gradient.shape) for seed in one.seeds],
            "nodes": {id: value.quantity for id, value in nodes.items() if isinstance(value, Marked)},
            "edges": {id: value.quantity for id, value in edges.items() if isinstance(value, Marked)},
        }

    # --- leaves ----------------------------------------------------------------

    def _accumulate(self, done: Accumulation, arrived: Term | None) -> Accumulation:
        """What a pass does to a leaf; ``arrived`` is None where the pass does not follow v."""
        held = self._held.setdefault(done.node, _Held(_entries(done.before)))
        before = done.before and self._mark(done.before, held.terms, held.constant)
        gradient = self._mark(done.gradient, (arrived,) if arrived else ())
        if done.after is None:  # the gradient was handed over, and .grad left alone
            return replace(done, before=before, gradient=gradient)
        added = _Held(held.constant, (*held.terms, arrived)) if arrived else None
        total = done.gradient if done.before is None else _sum(done.before, done.gradient)
        if added is None or total is None or not _are_close(total, done.after):
            added = _Held(_entries(done.after))
        self._held[done.node] = added
        after = self._mark(done.after, added.terms, added.constant)
        return replace(done, before=before, gradient=gradient, after=after)

    def _change(self, change: Change) -> Change:
        """The program wrote the ``.grad`` itself: what it holds now is a constant."""
        held = self._held.get(change.node, _Held())
        self._held[change.node] = _Held(_entries(change.after))
        return replace(change, before=change.before and self._mark(change.before, held.terms, held.constant))

    # --- quantities ------------------------------------------------------------

    def _mark(self, value: Value, terms: tuple[Term, ...], constant: Entries | None = None) -> Value:
        if not terms or value.entries is None:
            return value
        key = (value.shape, terms, constant)
        if key not in self._known:
            self._known[key] = len(self.quantities)
            self.quantities.append(
                {
                    "shape": list(value.shape),
                    "terms": [[number, self._matrix(matrix)] for number, matrix in terms],
                    "constant": constant and [_number(entry) for entry in constant],
                    "recorded": [_number(float(entry)) for entry in value.entries],
                }
            )
        known = (value.shape, value.dtype, value.entries, value.minimum, value.maximum, value.norm, value.finite)
        return Marked(*known, quantity=self._known[key])

    def _matrix(self, matrix: Matrix) -> int:
        if matrix not in self._places:
            self._places[matrix] = len(self.matrices)
            self.matrices.append([_number(entry) for entry in matrix.entries])
        return self._places[matrix]


def is_followed(view: View, run: Run) -> bool:
    """Whether the page can follow v in any pass; a program that failed has nothing to play with."""
    return run.error is None and any(one.linear is not None and _is_covered(one) for one in view.passes)


def _is_covered(one: Pass) -> bool:
    """Whether every value of a pass is known with all its entries."""
    values = [value for step in one.steps for value in step.upstream]
    values += [item.gradient for step in one.steps for item in step.contributions]
    values += [seed.gradient for seed in one.seeds]
    return all(value is None or value.entries is not None for value in values)


def _entries(value: Value | None) -> Entries | None:
    return tuple(float(entry) for entry in value.entries) if value and value.entries is not None else None


def _sum(one: Value, other: Value) -> Value | None:
    if one.entries is None or other.entries is None:
        return None
    return replace(one, entries=tuple(a + b for a, b in zip(one.entries, other.entries, strict=True)))


def _are_close(one: Value, other: Value) -> bool:
    pairs = zip(one.entries or (), other.entries or (), strict=False)
    return one.shape == other.shape and all(a == b or math.isclose(a, b, rel_tol=CLOSE, abs_tol=1e-6) for a, b in pairs)


def _number(number: float) -> Any:
    """A number as short as a float32 can be written."""
    return encode(float(f"{number:.{DIGITS}g}"))
