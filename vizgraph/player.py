"""Collect what the player needs: drawings, beats, and the cards of nodes and edges.

The payload is JSON data (docs/ARCHITECTURE.md). A card is a title and rows of
``[label, text]``; where the text changes while the backward pass is played it
is a list of ``[from step, text or null]``, and null says "not yet".
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, TypeAlias

from vizgraph import holes, insides, language, limits, live
from vizgraph.captions import Captions
from vizgraph.codec import encode
from vizgraph.findings.places import Places
from vizgraph.formulas import text
from vizgraph.heat import heat
from vizgraph.holes import Marked
from vizgraph.model import Beat, Call, Drawing, Edge, Finding, Matrix, Node, Number, Run, Timeline, Value, View
from vizgraph.numbers import show
from vizgraph.seeds import Place, places
from vizgraph.texts import say, spoken, words
from vizgraph.timeline import compose

_NAMING: Final = ("kind", "name", "operation", "expression", "grad_fn", "module")  # rows by which a node is found
_WORDS: Final = ("player.", "card.not", "number.")
WIDTH: Final = 600  # characters of a value on a card: all entries that are kept of a usual tensor

History: TypeAlias = list[list[Any]]  # [[from step, text or None], …]
Row: TypeAlias = list[Any]  # [label, text] or [label, History]


def payload(
    run: Run,
    views: Mapping[str, View],
    timelines: Mapping[str, Timeline],
    drawings: Mapping[str, Drawing],
    *,
    view: str = "math",
    step: int = 0,
    key: str | None = None,
    language: str | None = None,
    findings: Iterable[Finding] = (),
    whole: Mapping[str, View] | None = None,
) -> dict[str, Any]:
    """The data of the player: every view by its name, shown first at ``step`` of ``view``.

    ``key`` says which payloads are of the same program: the player keeps its
    step and zoom among them. By default it follows the graph, not its numbers.
    ``whole`` are the views with all that groups hold, where findings may be, by default those that are shown.
    """
    language = language or spoken()
    shown = {
        name: view_data(views[name], timelines[name], drawings[name], language) | _live(views[name], run, language)
        for name in views
    }
    return {
        "version": 1,
        "key": key if key is not None else _key(views.values()),
        "language": language,
        "title": _title(views[view]),
        "source": run.program.source if run.program else None,
        "view": view,
        "step": step,
        "words": _words(run, language),
        "inputs": _inputs(run),
        "views": shown,
        "findings": _findings(run, whole or views, findings),
    }


def _words(run: Run, language: str) -> dict[str, str]:
    """What the player says; where v can't be dragged, why: the run stopped, or the program is not ours to run."""
    told = words(language)
    bounds = {"nodes": limits.FOLLOWED_NODES, "entries": limits.LINEAR_ROWS}
    own = {} if run.program else {"player.v.fixed": told["player.v.traced"].format(**bounds)}
    if run.error is not None:
        own = {"player.v.fixed": told["player.v.stopped"]}
    naming = {f"card.{row}": told[f"card.{row}"] for row in _NAMING}
    return {name: word for name, word in told.items() if name.startswith(_WORDS)} | naming | own


def _findings(run: Run, views: Mapping[str, View], findings: Iterable[Finding]) -> list[dict[str, Any]]:
    places = Places(run, views)
    return [
        {
            "kind": one.kind,
            "severity": one.severity,
            "sentence": one.sentence,
            "fix": one.fix,
            "line": one.line,
            "where": one.where,
            "views": places.of(one),
        }
        for one in findings
    ]


def _inputs(run: Run) -> dict[str, Any]:
    """The values that a page can let be dragged: small inputs, by the id of their node, and tensors whose numbers the
    program writes out, with the line that does."""
    return {
        call.id: {"name": call.name, "shape": list(call.values[0].shape), "entries": entries, **where}
        for call in run.calls
        if call.name and (entries := _few(call.values[0])) and (where := _where(run, call, entries)) is not None
    }


def _few(value: Value) -> list[float]:
    """The numbers of a scalar or a small vector, none of anything else."""
    if value.entries is None or not value.finite or len(value.entries) > limits.LINEAR_ROWS or len(value.shape) > 1:
        return []
    return [_short(entry) for entry in value.entries]


def _where(run: Run, call: Call, entries: list[float]) -> dict[str, Any] | None:
    """What the page needs to give a value anew: nothing of an input, the line of a leaf that is written out."""
    if call.operation == "input":
        return {}
    if call.kind != "leaf" or call.span is None or run.program is None or call.name is None:
        return None
    written = language.numbers_of(run.program.source, call.span.line, call.name)
    flat = written if isinstance(written, tuple) else (written,)
    numbers = [_short(one) for one in flat if isinstance(one, int | float)]
    return {"line": call.span.line} if numbers == entries else None


def _short(entry: Number) -> float:
    """The digits that a float32 really has."""
    return float(f"{entry:.7g}")


def _key(views: Iterable[View]) -> str:
    """The same for the same nodes and edges, whatever values flow through them."""
    graphs = [
        [view.name, [(node.id, node.operation) for node in view.graph.nodes], [edge.id for edge in view.graph.edges]]
        for view in views
    ]
    return hashlib.blake2s(repr(graphs).encode(), digest_size=8).hexdigest()


def _title(view: View) -> str:
    return Captions(view).values(view.graph.outputs)


def view_data(
    view: View, timeline: Timeline, drawing: Drawing, language: str, passes: Sequence[int] | None = None
) -> dict[str, Any]:
    """One drawing with its beats and cards; ``passes`` gives the pass of every beat, by default as seeds tell it."""
    return {
        "svg": drawing.svg,
        "width": drawing.width,
        "height": drawing.height,
        "seeds": [_seed(place) for place in places(view)],
        "heat": heat(view),
        **_texts(view, timeline, language, passes),
    }


def _seed(place: Place) -> dict[str, Any]:
    texts, starts = dict(place.texts), dict(place.starts)
    passes = [{"pass": number, "start": starts[number], "texts": list(texts[number])} for number in texts]
    return {
        "id": place.id,
        "node": place.node,
        "labels": list(place.labels),
        "passes": passes,
        "names": list(place.names),
        "values": encode(place.values),
    }


def _texts(
    view: View, timeline: Timeline, language: str, passes: Sequence[int] | None = None
) -> dict[str, Any]:  # fmt: skip
    cards = _Cards(view, timeline, language, passes if passes is not None else _passes(timeline))
    return {
        "beats": [_beat(beat) for beat in timeline.beats],
        "nodes": {node.id: cards.node(node) for node in view.graph.nodes},
        "edges": {edge.id: cards.edge(edge) for edge in view.graph.edges},
    }


def _live(view: View, run: Run, language: str) -> dict[str, Any]:
    """What the page needs to follow v, and only the texts in which a number follows it."""
    if not live.is_followed(view, run):
        return {"live": None}
    marks = live.Marks()
    marked = marks.view(view)
    texts = _texts(marked, compose(marked, run), language)
    beats = [{key: text for key, text in beat.items() if _is_open(text)} for beat in texts["beats"]]
    cards = {
        kind: {
            id: {str(number): text for number, (_, text) in enumerate(card["rows"]) if _is_open(text)}
            for id, card in texts[kind].items()
        }
        for kind in ("nodes", "edges")
    }
    return {"live": {**marks.data(), "beats": beats, **cards}}


def _is_open(text: Any) -> bool:
    """Whether there is a hole in a text, or in any text of a list or an object."""
    if isinstance(text, dict):
        text = list(text.values())
    return any(map(_is_open, text)) if isinstance(text, list) else isinstance(text, str) and holes.is_in(text)


def _beat(beat: Beat) -> dict[str, Any]:
    return {
        "kind": beat.kind,
        "sentence": beat.sentence,
        "formula": beat.formula,
        "nodes": list(beat.nodes),
        "edges": list(beat.edges),
        "moves": list(beat.moves),
        "gradients": dict(beat.gradients),
        "contributions": dict(beat.contributions),
        "clears": beat.clears,
        "line": beat.line,
    }


class _Cards:
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


def _passes(timeline: Timeline) -> list[int]:
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
