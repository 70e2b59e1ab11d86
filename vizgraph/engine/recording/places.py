"""Tell from a frame of running code which line calls torch, and which variable takes the result."""

from __future__ import annotations

import dis
import functools
import inspect
import linecache
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

import torch

from vizgraph.model import Span

# the code of these is nobody's own: what it calls is called by the line that called it
MACHINERY: Final = tuple(f"{folder}{os.sep}" for folder in (Path(torch.__file__).parent, Path(__file__).parents[2]))
APPLY: Final = str(Path(torch.autograd.function.__file__))  # where custom functions are applied
LONGEST: Final = 400  # characters of what is written at one place
KEPT: Final = 3  # references to the copy: of the frame, of us, and of the question
STORES: Final = ("STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR")


class Place(NamedTuple):
    """An instruction of somebody's code that is running: cheap to take, read only when it is told."""

    code: CodeType
    instruction: int
    frame: int

    @property
    def file(self) -> str:
        return self.code.co_filename

    @property
    def span(self) -> Span | None:
        return _spans(self.code).get(self.instruction)

    @property
    def text(self) -> str:
        """What is written there, on one line; nothing where the source can't be read."""
        span = self.span
        if span is None:
            return ""
        lines = [linecache.getline(self.file, number).encode() for number in range(span.line, span.end_line + 1)]
        lines[-1] = lines[-1][: span.end_column - 1]  # columns count bytes
        lines[0] = lines[0][span.column - 1 :]
        return " ".join(b" ".join(lines).decode(errors="replace").split())[:LONGEST]

    @property
    def variable(self) -> str | None:
        """The variable that the value of this instruction is assigned to."""
        return _variables(self.code).get(self.instruction)

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables among which the results of this instruction are shared out: ``mean, spread = …``."""
        return _shared(self.code).get(self.instruction, ())


def place(frame: FrameType | None) -> Place | None:
    """The innermost code that is neither torch's nor ours."""
    while frame is not None and _is_machinery(frame.f_code):
        frame = frame.f_back
    return None if frame is None else Place(frame.f_code, frame.f_lasti, id(frame))


def application(frame: FrameType | None) -> Place | None:
    """The line that applies the custom function whose forward is running, if one is."""
    while frame is not None and frame.f_code.co_filename != APPLY:
        frame = frame.f_back
    return place(frame)


def owner(frame: FrameType | None, is_it: Callable[[object], bool]) -> str | None:
    """The name under which the innermost code that is nobody's machinery knows an object."""
    while frame is not None and _is_machinery(frame.f_code):
        frame = frame.f_back
    if frame is None:
        return None
    return next((name for name, value in variables(frame).items() if is_it(value)), None)


def variables(frame: FrameType) -> dict[str, Any]:
    """The variables that the code of a frame sees: those of its module, then its own.

    Before Python 3.13 a frame keeps a copy of a function's variables that was read, and so whatever they held: it is
    emptied again, unless somebody else has it, too."""
    own = frame.f_locals
    found = {**frame.f_globals, **own}
    if frame.f_code.co_flags & inspect.CO_OPTIMIZED and isinstance(own, dict) and sys.getrefcount(own) <= KEPT:
        own.clear()
    return found


@functools.lru_cache(maxsize=4096)
def _is_machinery(code: CodeType) -> bool:
    return code.co_filename.startswith(MACHINERY)


@functools.lru_cache(maxsize=1024)
def _spans(code: CodeType) -> dict[int, Span]:
    found = {}
    for number, (line, end_line, column, end_column) in enumerate(code.co_positions()):
        if line is not None:
            end = end_line or line
            found[2 * number] = Span(line, (column or 0) + 1, end, (end_column or column or 0) + 1)
    return found


@functools.lru_cache(maxsize=1024)
def _variables(code: CodeType) -> dict[int, str]:
    found = {}
    for call, store in pairwise(dis.get_instructions(code)):
        if store.opname.startswith(STORES):
            found[call.offset] = _names(store)[0]
    return found


@functools.lru_cache(maxsize=1024)
def _shared(code: CodeType) -> dict[int, tuple[str, ...]]:
    found = {}
    steps = list(dis.get_instructions(code))
    for number, (call, unpack) in enumerate(pairwise(steps)):
        if unpack.opname == "UNPACK_SEQUENCE" and unpack.arg:
            names: list[str] = []
            for store in steps[number + 2 : number + 2 + unpack.arg]:
                if store.opname.startswith(STORES) and len(names) < unpack.arg:
                    names.extend(_names(store))
            if len(names) == unpack.arg:  # and nothing of it is nested or starred
                found[call.offset] = tuple(names)
    return found


def _names(store: dis.Instruction) -> tuple[str, ...]:
    """What an instruction stores to; newer Pythons store twice with one."""
    return tuple(map(str, store.argval)) if isinstance(store.argval, tuple) else (str(store.argval),)
