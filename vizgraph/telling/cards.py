"""Write the card of every node and edge: what it is and holds, and what arrives and leaves as the pass is played.

A card is a title and rows of ``[label, text]``; where the text changes while the backward pass is played it is a
list of ``[from step, text or null]``, and null says "not yet".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, TypeAlias

from vizgraph.model import Edge, Matrix, Node, Timeline, Value, View
from vizgraph.notation.numbers import show
from vizgraph.telling import holes, insides
from vizgraph.telling.captions import Captions
from vizgraph.telling.formulas import text
from vizgraph.telling.holes import Marked
from vizgraph.texts import say

WIDTH: Final = 600  # characters of a value on a card: all entries that are kept of a usual tensor

History: TypeAlias = list[list[Any]]  # [[from step, text or None], …]
Row: TypeAlias = list[Any]  # [label, text] or [label, History]


class Cards:
    """The cards of one view."""

    def __init__(self, view: View, timeline: Timeline, language: str, passes: Sequence[int]) -> None:
        self._language = language
        self._captions = Captions(view)
        self._present = {node.id for node in view.graph.nodes}
        self._exact = view.name == "engine"
        steps = [step for one in view.passes for step in one.steps]
        self._hooked = {
            step.node: [(old, new) for old, new in zip(step.before, step.upstream, strict=True) if old is not None]
            for step in steps
            if step.before
        }
        delivered = {item.edge: False for step in steps for item in step.contributions}
        delivered |= {item.edge: True for step in steps for item in step.contributions if item.gradient is not None}
        self._none = {edge for edge, has_one in delivered.items() if not has_one}
        self._records = _records(view)
        leaves = {node.id for node in view.graph.nodes if node.kind == "leaf"}
        told = _Told(timeline, leaves, self._records, passes)
        self._gradients, self._contributions = told.gradients, told.contributions
        self._begins = {number: step for step, number in reversed([*enumerate(passes)])}
        self._inputs: dict[str, list[Edge]] = defaultdict(list)
        self._consumers: dict[str, list[Edge]] = defaultdict(list)
        for edge in view.graph.edges:
            self._inputs[edge.target].append(edge)
            self._consumers[edge.source].append(edge)

    def node(self, node: Node) -> dict[str, Any]:
        """What it is and holds, what arrives at it, and what it passes on."""
        rows = [
            [self._say("card.kind"), self._say(f"card.kind.{node.kind}")],
            *self._facts(node),
            *self._inside(node),
            *self._arrivals(node),
            *self._departures(node),
        ]
        return {"title": self._captions.node(node.id), "rows": rows}

    def edge(self, edge: Edge) -> dict[str, Any]:
        """Which input of which node it is, and what travels it."""
        source, target = self._captions.node(edge.source), self._captions.node(edge.target)
        rows: list[Row] = [
            [self._say("card.source"), source],
            [self._say("card.target"), target],
            [self._say("card.slot"), str(edge.slot)],
        ]
        if self._exact and any(one.result for one in self._consumers[edge.source]):
            rows.insert(1, [self._say("card.result"), f"[{edge.result}]"])
        if edge.flows:
            rows += self._local(edge, self._say("card.local"))
            rows.append([self._say("card.contribution"), self._delivered(edge)])
        else:
            rows.append([self._say("card.contribution"), self._say("card.no_flow")])
        return {"title": self._say("card.edge", source=source, target=target), "rows": rows}

    def _facts(self, node: Node) -> Iterator[Row]:
        facts = {
            "card.name": node.name,
            "card.operation": node.operation if node.kind != "leaf" else None,
            "card.grad_fn": node.grad_fn,
            "card.expression": node.expression if node.expression != node.name else None,
            "card.value": lines(show(node.value, WIDTH)) if node.value else None,
            "card.shape": self._shape(node.shape) if node.shape is not None else None,
            "card.dtype": node.dtype,
            "card.module": node.module,
            "card.line": str(node.span.line) if node.span else None,
            "card.file": node.file,
            "card.backward_of": self._captions.node(node.backward_of) if node.backward_of in self._present else None,
        }
        for key, fact in facts.items():
            if fact:
                yield [self._say(key), fact]

    def _inside(self, node: Node) -> Iterator[Row]:
        """The engine's truth, in the view that is exact."""
        if self._exact:
            yield from insides.rows(
                node, lambda id: self._captions.node(id) if id in self._present else None, self._say
            )
            for before, after in self._hooked.get(node.id, ()):
                yield insides.hooked(before, after, WIDTH, self._say)

    def _shape(self, shape: tuple[int, ...]) -> str:
        return "×".join(map(str, shape)) or self._say("card.scalar")

    def _arrivals(self, node: Node) -> Iterator[Row]:
        """The contributions that come in, and what they are together."""
        consumers = [edge for edge in self._consumers[node.id] if edge.flows]
        several = any(edge.result for edge in self._consumers[node.id])
        for edge in consumers:
            key = "card.contribution_into" if self._exact and several else "card.contribution_from"
            label = self._labelled(key, source=self._captions.node(edge.target), result=str(edge.result))
            yield [label, self._delivered(edge)]
        if node.id in self._gradients or consumers:
            label = self._say("card.gradient" if node.kind == "leaf" else "card.upstream")
            yield [label, self._gradients.get(node.id, [])]

    def _departures(self, node: Node) -> Iterator[Row]:
        """The local Jacobian of every input, and the contribution made with it."""
        for edge in self._inputs[node.id]:
            if edge.flows:
                to = self._say("card.contribution_to", target=self._captions.source(edge))
                yield from self._local(edge, f"{self._say('card.local')} {to}")
                yield [f"{self._say('card.contribution')} {to}", self._delivered(edge)]

    def _delivered(self, edge: Edge) -> str | History:
        """What travels an edge, from step to step; None of the engine is another thing than 0."""
        return self._say("card.no_gradient") if edge.id in self._none else self._contributions.get(edge.id, [])

    def _local(self, edge: Edge, label: str) -> Iterator[Row]:
        """The local Jacobian: known from the start, another one from each pass on that finds another."""
        history: History = []
        for number, record in enumerate(self._records):
            local = record.locals.get(edge.id)
            if local is not None and (not history or history[-1][1] != matrix_text(local)):
                history.append([self._begins.get(number, 0) if history else 0, matrix_text(local)])
        if history:
            yield [label, history if len(history) > 1 else history[0][1]]

    def _labelled(self, key: str, **values: str) -> str:
        return f"{self._say('card.contribution')} {self._say(key, **values)}"

    def _say(self, key: str, **values: str) -> str:
        return say(key, self._language, **values)


@dataclass(frozen=True, slots=True)
class _Record:
    """What one pass recorded, by node or edge: every text of a beat written out in full, and the Jacobians."""

    written: dict[tuple[str, str], str]  # (id, text in the beat) -> text on the card
    locals: dict[str, Matrix]


def _records(view: View) -> list[_Record]:
    """One record per pass; what the program did to a leaf after a pass belongs to that pass."""
    records = []
    for number, one in enumerate(view.passes, start=1):
        values: list[tuple[str, Value | None]] = [(seed.node, seed.gradient) for seed in one.seeds]
        values += [(step.node, value) for step in one.steps for value in step.upstream]
        values += [(item.edge, item.gradient) for step in one.steps for item in step.contributions]
        values += [(done.node, done.after) for done in one.gradients]
        values += [(change.node, change.after) for change in view.changes if change.passes == number]
        written = {(id, text(value)): _whole(value) for id, value in values if value is not None}
        locals = {item.edge: item.local for step in one.steps for item in step.contributions if item.local}
        records.append(_Record(written, locals))
    return records


def _whole(value: Value) -> str:
    """Every entry of a value, as far as a card has room."""
    return holes.number("c", value) if isinstance(value, Marked) else lines(show(value, WIDTH))


class _Told:
    """The texts of a timeline by node and edge, each with the step from which it stands."""

    def __init__(
        self, timeline: Timeline, leaves: set[str], records: list[_Record], passes: Sequence[int]
    ) -> None:  # fmt: skip
        self.gradients: dict[str, History] = {}
        self.contributions: dict[str, History] = {}
        for step, (beat, number) in enumerate(zip(timeline.beats, passes, strict=True)):
            record = records[number].written if number >= 0 else {}
            if beat.clears:
                _clear(self.contributions.values(), step)
                _clear((texts for id, texts in self.gradients.items() if id not in leaves), step)
            for told, pairs in ((self.gradients, beat.gradients), (self.contributions, beat.contributions)):
                for id, short in pairs:
                    # What is still on its way to a leaf has no line of its own on the card before it has arrived.
                    going = beat.kind == "multiply" and told is self.gradients and id in leaves
                    _note(told.setdefault(id, []), step, short if going else record.get((id, short), short))


def passes_of(timeline: Timeline) -> list[int]:
    """The number of the pass that every beat belongs to, -1 before the first."""
    return [number - 1 for number in accumulate(int(beat.kind == "seed") for beat in timeline.beats)]


def _clear(histories: Iterable[History], step: int) -> None:
    for history in histories:
        _note(history, step, None)


def _note(history: History, step: int, written: str | None) -> None:
    if not history or history[-1][1] != written:
        history.append([step, written])


def matrix_text(matrix: Matrix) -> str:
    """A Jacobian as a person reads it, row by row.

    >>> print(matrix_text(Matrix(1, 1, (6.0,))))
    6
    >>> print(matrix_text(Matrix(2, 2, (1.0, 2.0, 3.0, 4.0))))
    [[1, 2],
     [3, 4]]
    """
    shape = () if matrix.rows == matrix.columns == 1 else (matrix.rows, matrix.columns)
    return lines(show(Value(shape, "float32", matrix.entries), WIDTH))


def lines(written: str) -> str:
    """Nested brackets with a line for every row."""
    return written.replace("], [", "],\n [")
