"""Read the answers of the engine: the form that the fields need, and what went wrong.

The engine is another process; what it sends is read here, once, into frozen values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vizgraph import language
from vizgraph.model import Fix
from vizgraph.texts import phrase


@dataclass(frozen=True, slots=True)
class Input:
    """A free name of the program: its text, and None as shape where that is not known yet."""

    name: str
    text: str
    shape: tuple[int, ...] | None
    requires_grad: bool


@dataclass(frozen=True, slots=True)
class Output:
    """An output: ``seed`` is the upstream gradient that was used, ``line`` where the program itself placed it."""

    name: str
    shape: tuple[int, ...]
    ones: str
    seed: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, where, what to do, and the line of the program that it is about.

    ``why`` is the reason, where it is known, and ``fixes`` are lines that mend it."""

    message: str
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    echo: str | None = None
    why: str | None = None
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What the fields show."""

    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    own_backward: bool = False
    printed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    trouble: Trouble | None = None
    notices: tuple[Trouble, ...] = ()


def read_form(data: Mapping[str, Any], program: str) -> Form:
    """The stage ``form`` of a job's answer."""
    return Form(
        inputs=tuple(
            Input(one["name"], one["text"], _shape(one["shape"]), one["requires_grad"]) for one in data["inputs"]
        ),
        outputs=tuple(
            Output(one["name"], _shape(one["shape"]) or (), one["ones"], one["seed"], one["line"])
            for one in data["outputs"]
        ),
        own_backward=data["own_backward"],
        printed=tuple(data["printed"]),
        warnings=tuple(data["warnings"]),
        trouble=read_trouble(data["error"], program) if data["error"] else None,
        notices=tuple(read_trouble(one, program) for one in data.get("notices", ())),
    )


def read_trouble(data: Mapping[str, Any], program: str) -> Trouble:
    """The stage ``refused``, or the error of a form, with the line that it is about."""
    line, lines = data["line"], language.normal(program).split("\n")
    echo = lines[line - 1] if line and line <= len(lines) else None
    fixes = tuple(Fix(one["line"], one["replace"]) for one in data.get("fixes", ()))
    hint = phrase(data["hint"]) if data["hint"] else None
    return Trouble(phrase(data["message"]), line, data["column"], hint, echo, data.get("why"), fixes)


def _shape(data: list[int] | None) -> tuple[int, ...] | None:
    return None if data is None else tuple(data)
