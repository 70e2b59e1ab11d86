"""Collect what the player needs: drawings, beats, cards, findings, and how to follow v.

The payload is JSON data (docs/ARCHITECTURE.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from vizgraph import language, limits, linearity
from vizgraph.codec import encode
from vizgraph.drawing.heat import heat
from vizgraph.findings.places import Places
from vizgraph.model import Beat, Call, Drawing, Finding, Number, Run, Timeline, Value, View
from vizgraph.player import live
from vizgraph.telling import holes
from vizgraph.telling.captions import Captions
from vizgraph.telling.cards import Cards, passes_of
from vizgraph.telling.seeds import Place, places
from vizgraph.telling.timeline import compose
from vizgraph.texts import spoken, words

_NAMING: Final = ("kind", "name", "operation", "expression", "grad_fn", "module")  # rows by which a node is found
_WORDS: Final = ("player.", "card.not", "number.")


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
    own = {} if run.program else {"player.v.fixed": told[f"player.v.traced{linearity.hindrance(run)}"]}
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
    cards = Cards(view, timeline, language, passes if passes is not None else passes_of(timeline))
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
