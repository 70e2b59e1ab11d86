"""Measure text in cells of a monospace font, so that a picture is the same on every machine."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import Final

CELL: Final = 0.6  # width of one cell in em, of every usual monospace font within 1 %
ELLIPSIS: Final = "…"


def clean(text: str) -> str:
    """The text without what XML forbids or a reader can't see: control, format and unassigned characters.

    >>> clean("a\\tb\\x00c\\u202ed")
    'a bcd'
    """
    if text.isprintable():  # then none is among those
        return text
    spaced = (" " if character in "\t\n\r" else character for character in text)
    return "".join(character for character in spaced if unicodedata.category(character)[0] != "C")


def cells(text: str) -> int:
    """How many cells the text takes: wide (CJK) characters two, combining marks none.

    >>> cells("x1*x2"), cells("梯度"), cells("e\\u0301")
    (5, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_cell, text))


def width(text: str, size: float) -> float:
    """Width in points of the text set in ``size`` points, rounded up to a whole point.

    >>> width("0.6", 13)
    24.0
    """
    return float(math.ceil(cells(text) * CELL * size))


def shorten(text: str, room: int) -> str:
    """The text in at most ``room`` cells, with an ellipsis in place of the end that was cut.

    >>> shorten("x1*x2*x3", 8), shorten("x1*x2*x3 + x4", 8)
    ('x1*x2*x3', 'x1*x2*x…')
    """
    if cells(text) <= room:
        return text
    kept, used = [], 1
    for character in text:
        used += _cell(character)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ELLIPSIS


@cache
def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
