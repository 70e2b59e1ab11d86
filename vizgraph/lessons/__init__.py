"""Load the lessons of the gallery and the models of the shelf, in the order in which they are offered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from vizgraph.texts import say

MODELS: Final = ("perceptron", "small_cnn", "lstm", "transformer_block", "tiny_gpt")  # programs in models/
SHELF: Final = "models"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One program with its values, and what must come out of it.

    ``values``, ``requires_grad`` and ``gradient`` are what `vizgraph.visualize` takes,
    None where the program brings its own. ``expect`` may hold
    "printed", "values", "grads", "contributions" (per leaf), "jacobian", "jacobian_symbolic",
    "error" and a "note"; the tests hold every lesson to it. What people read about it is in
    `vizgraph.texts`, by its id.
    """

    id: str
    group: str
    program: str
    expect: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)
    requires_grad: tuple[str, ...] | None = None
    gradient: Any = None

    @property
    def title(self) -> str:
        return self._say("title")

    @property
    def look(self) -> str:
        """What to look for, in one sentence."""
        return self._say("look")

    @property
    def text(self) -> str:
        """What there is to understand."""
        return self._say("text")

    @property
    def question(self) -> str:
        """What to find out by trying."""
        return self._say("question")

    def _say(self, what: str) -> str:
        return say(f"lesson.{self.id}.{what}")


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons.

    >>> lessons()[0].id
    'unknown_outer_function_math'
    """
    rows = json.loads(Path(__file__).with_name("lessons.json").read_text(encoding="utf-8"))
    return tuple(_lesson(row) for row in rows)


@cache
def models() -> tuple[Lesson, ...]:
    """The models of the shelf: each a program of torch alone, from its weights to its backward pass.

    >>> [one.id for one in models()][-1]
    'tiny_gpt'
    """
    folder = Path(__file__).with_name("models")
    return tuple(Lesson(id, SHELF, (folder / f"{id}.py").read_text(encoding="utf-8"), {}) for id in MODELS)


def lesson(id: str) -> Lesson | None:
    """The lesson or the model with that id, or None."""
    return next((one for one in (*lessons(), *models()) if one.id == id), None)


def groups() -> dict[str, tuple[Lesson, ...]]:
    """The lessons by the id of their theme, both in the order of the file, and the models at the end."""
    themes = dict.fromkeys(one.group for one in lessons())
    return {theme: tuple(one for one in lessons() if one.group == theme) for theme in themes} | {SHELF: models()}


def theme(group: str) -> str:
    """What a theme is called."""
    return say(f"group.{group}")


def _lesson(row: dict[str, Any]) -> Lesson:
    requires_grad = row.pop("requires_grad", None)
    return Lesson(**row, requires_grad=None if requires_grad is None else tuple(requires_grad))
