"""Define what was written: a checked program and the names that it leaves free."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from vizgraph.model.values import Nested, Span


@dataclass(frozen=True, slots=True)
class Free:
    """A name that the program reads and never binds: the user gives its value."""

    name: str
    span: Span
    default: Nested  # a sensible value, guessed from how the name is used


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the language, checked: every construct in it is allowed.

    ``tree`` is the syntax of ``source`` after the kind translation of textbook
    signs (`language.characters`); it stands for the source in the JSON.
    ``outputs`` are the names that stand as results when the program itself never
    calls backward: the assigned names that nothing else reads. ``imports`` tells
    Python as pasted from a textbook's functions.
    """

    source: str
    tree: ast.Module = field(repr=False, compare=False)
    free: tuple[Free, ...]
    outputs: tuple[str, ...]
    imports: bool = False
