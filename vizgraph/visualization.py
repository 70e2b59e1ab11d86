"""Hold a finished result and give it in every format."""

from __future__ import annotations

import math
import tempfile
import time
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from vizgraph import board, linearity, player, report, texts, views
from vizgraph.drawing import whole
from vizgraph.drawing.pictures import Arrange, Made, Picture, undisturbed
from vizgraph.errors import VizgraphError
from vizgraph.findings import Findings, find
from vizgraph.model import Derivation, Drawing, Layout, Run, Timeline, View
from vizgraph.player import export, notebook, packing

VIEWS: Final = {"math": views.math, "engine": views.engine}
SUFFIXES: Final = (".json", ".svg", ".dot", ".html")
P = ParamSpec("P")
T = TypeVar("T")


def _spoken(make: Callable[Concatenate[Visualization, P], T]) -> Callable[Concatenate[Visualization, P], T]:
    """Make it in the language of the result, whatever is spoken by then."""

    @wraps(make)
    def made(result: Visualization, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with texts.speaking(result.language):
            return make(result, *args, **kwargs)

    return made


class Visualization:
    """What `vizgraph.visualize` and `vizgraph.trace` return.

    ``run`` is everything that happened, as frozen values; the rest is made from it when it is asked
    for: the views, their timelines, the drawings (placed by Graphviz in a process of their own) and the
    derivation. A large view is drawn as groups (`vizgraph.grouping`): its picture, timeline and DOT show those.
    Sentences are in the ``language`` that was spoken when the program ran.
    """

    def __init__(self, run: Run, *, arrange: Arrange, derive: Callable[[Run], Derivation | None]) -> None:
        self.run = run
        self._arrange = arrange
        self._derive = derive
        self.language = texts.spoken()

    @cached_property
    def views(self) -> Mapping[str, View]:
        """The graph as mathematics and as the engine holds it, by name: "math", "engine"."""
        return Made({name: partial(self._view, make) for name, make in VIEWS.items()})

    @cached_property
    def pictures(self) -> Mapping[str, Picture]:
        """What is drawn of each view, and the insides of its groups."""
        return Made({name: partial(self._picture, name) for name in VIEWS})

    def _view(self, make: Callable[[Run], View]) -> View:
        with undisturbed():
            return make(self._followed)

    @cached_property
    def _followed(self) -> Run:
        return linearity.followed(self.run)

    def _picture(self, name: str) -> Picture:
        return Picture(self.views[name], self.run, self._arrange)

    @property
    @_spoken
    def timelines(self) -> dict[str, Timeline]:
        """The beats of the backward pass in each view, as drawn."""
        return {name: picture.scene.timeline for name, picture in self.pictures.items()}

    @property
    @_spoken
    def timeline(self) -> Timeline:
        """The beats of the math view."""
        return self.pictures["math"].scene.timeline

    @property
    @_spoken
    def layouts(self) -> dict[str, Layout]:
        return {name: picture.layout for name, picture in self.pictures.items()}

    @property
    @_spoken
    def drawings(self) -> dict[str, Drawing]:
        """The placed pictures, before the first number of the backward pass."""
        return {name: picture.drawing for name, picture in self.pictures.items()}

    @cached_property
    @_spoken
    def derivation(self) -> Derivation | None:
        """The Jacobian in symbols beside its numbers, None where there is none to write."""
        return self._derive(self.run)

    @cached_property
    @_spoken
    def findings(self) -> Findings:
        """What went wrong: where the gradient broke, faded, stopped or never came, and what to do about it."""
        with texts.speaking(self.language):
            return find(self.run)

    @cached_property
    @_spoken
    def board(self) -> dict[str, Any]:
        """What the board shows beside the graph: formulas, chain rule, matrices and checks."""
        with texts.speaking(self.language):
            return board.board(self.run, self.views, self.derivation)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON data, version 1 (see docs/json.md)."""
        return report.to_dict(self.run, self.views, self.derivation, self.findings)

    @_spoken
    def dot(self, view: str = "math", *, all_nodes: bool = False) -> str:
        """Return a view in the language of Graphviz, as it is drawn: a large one by its groups.

        With ``all_nodes`` the plain graph, however large: every node and edge, and the norm of what each carried."""
        return whole.write(self.views[_known(view)]) if all_nodes else self.pictures[_known(view)].scene.dot

    @_spoken
    def svg(self, view: str = "math") -> str:
        """Return a view as a stand-alone SVG, with every number of the finished backward pass."""
        return self.pictures[_known(view)].static()

    @_spoken
    def picture(self, view: str = "math") -> str:
        """Return the same for a page that has the style of drawings."""
        return self.pictures[_known(view)].finished()

    @_spoken
    def payload(
        self, view: str = "math", step: int = 0, *, insides: int = packing.INSIDES, opened: Sequence[str] = (),
        patience: float = math.inf,
    ) -> dict[str, Any]:  # fmt: skip
        """Return what the player plays: of the insides of groups those that are ``opened`` (by title or id), and
        others up to ``insides`` characters, as far as they are made within ``patience`` seconds."""
        seen = {name: picture.scene.view for name, picture in self.pictures.items()}
        data = player.payload(
            self.run,
            seen,
            self.timelines,
            self.drawings,
            view=_known(view),
            step=step,
            findings=self.findings,
            whole=self.views,
        )
        until = time.monotonic() + patience
        for name, picture in sorted(self.pictures.items(), key=lambda item: item[0] != view):
            asked = picture.named(opened)
            about = [id for one in data["findings"] for id in one["views"][name]["nodes"]]
            data["views"][name] |= packing.pack(picture, insides // len(seen), asked, self.language, until, about)
        return data

    def html(self, view: str = "math", *, opened: Sequence[str] = ()) -> str:
        """Return a page that plays the backward pass, with everything it needs inside; what is large is deflated.

        Of a very large graph it holds the insides of some groups, and of those named in ``opened``, by their titles."""
        return export.page(self.payload(view, opened=opened) | self._written())

    def _written(self) -> dict[str, Any]:
        """The board of a page; of live code that has no formulas there is none."""
        return {"board": self.board} if self.run.program or self.board["sections"] else {}

    def save(self, path: str | Path, view: str = "math", *, opened: Sequence[str] = ()) -> Path:
        """Write to ``path`` in the format that its suffix names: .json, .svg, .dot or .html (with ``opened`` as in
        `html`)."""
        target = Path(path)
        match target.suffix.lower():
            case ".json":
                text = report.text(self.to_dict())
            case ".svg":
                text = self.svg(view)
            case ".dot":
                text = self.dot(view)
            case ".html":
                text = self.html(view, opened=opened)
            case _:
                raise VizgraphError(f"{target.name} must end in one of {' '.join(SUFFIXES)}")
        target.write_text(text, encoding="utf-8", newline="\n")
        return target

    def show(self, view: str = "math") -> Path:
        """Play it in the browser, from a file in the folder for temporary files; returns that file."""
        folder = Path(tempfile.mkdtemp(prefix="vizgraph-"))
        target = self.save(folder / "backward.html", view)
        webbrowser.open(target.as_uri())
        return target

    def _repr_html_(self) -> str:
        """Play in a notebook, in a frame of its own so that neither page can disturb the other."""
        with texts.speaking(self.language):
            advice = texts.say("notebook.advice")
        page = export.page(self.payload() | self._written(), packed=True)
        return notebook.frame(page, still=self.svg(), advice=advice)

    def __repr__(self) -> str:
        graph = self.run.graph
        ended = f", error: {self.run.error.message}" if self.run.error else ""
        return f"<vizgraph: {len(graph.nodes)} nodes, {len(graph.edges)} edges, {len(self.run.passes)} passes{ended}>"


def _known(view: str) -> str:
    if view not in VIEWS:
        raise VizgraphError(f"there is no view {view!r}", hint="use math or engine")
    return view
