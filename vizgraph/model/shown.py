"""Define what is shown: beats, a placed drawing, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Beat:
    """One event of the timeline that a viewer sees at once.

    ``nodes`` and ``edges`` are lit, everything else is dimmed. ``gradients`` and
    ``contributions`` are the texts that appear with this beat on nodes and edges
    and stay; ``clears`` wipes all earlier texts but the leaves' first (a new pass
    begins). ``moves`` are the edges along which a number travels."""

    kind: str
    sentence: str
    formula: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    gradients: tuple[tuple[str, str], ...] = ()
    contributions: tuple[tuple[str, str], ...] = ()
    clears: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``faulty`` are the nodes that an error or a notice is about: they are marked at every beat."""

    beats: tuple[Beat, ...]
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A placed node: centre, size (points) and its lines of text, from `dot.write`'s metrics."""

    id: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """A placed edge: the Bézier points from source to target, and where its label stands."""

    id: str
    points: tuple[tuple[float, float], ...]
    label: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in points, y downwards, the origin top left."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture of one view: SVG without any gradient text in it; the player fills those."""

    view: str
    svg: str
    width: float
    height: float


Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a run that its author should know: what, where, and what to do about it.

    ``kind`` names it for programs ("gradient", "value", "failed", "cut", "unused", "zero", "dead", "vanishing",
    "exploding"); ``nodes`` and ``edges`` are ids of the engine view, of calls where the engine has none. ``line``
    is a line of the program, or of ``file`` in live code that was recorded, ``module`` the path of its module."""

    kind: str
    severity: Severity
    sentence: str
    fix: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    line: int | None = None
    file: str | None = None
    module: str | None = None

    def __str__(self) -> str:
        return f"{self.where}{': ' if self.where else ''}{self.sentence} {self.fix}".rstrip()

    @property
    def where(self) -> str:
        """The place in the code, as people write it: ``model.py line 24, blocks.0.norm``."""
        line = f"line {self.line}" if self.line else ""
        name = self.file.replace("\\", "/").rpartition("/")[2] if self.file else ""
        return ", ".join(part for part in (f"{name} {line}".strip(), self.module) if part)
