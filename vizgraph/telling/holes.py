"""Leave a hole in a text where a number follows v, for the page to fill.

The text of a beat is written once, in Python. Where it names a number that is linear in v it can be written
with a hole instead of the number: which quantity, and how it is written there. The page (`web/formulas.js`)
fills the holes with the numbers of any v, by the rules of `numbers` and `formulas`.

A hole stands between two private characters: a letter, and what it needs, parted by a third. Holes nest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from vizgraph.model import Value

OPEN: Final = "\ue000"
CLOSE: Final = "\ue001"
BAR: Final = "\ue002"


@dataclass(frozen=True, slots=True)
class Marked(Value):
    """A recorded value that follows v: ``quantity`` is its number in the list that the page has.

    >>> Marked((), "float32", (0.6,), quantity=3) == Marked((), "float32", (0.6,), quantity=4)
    True
    """

    quantity: int = field(default=-1, compare=False)


def number(kind: str, value: Marked) -> str:
    """A value as ``kind`` says: t(ext), o(perand), e (outcome), s(igned), c(ard)."""
    return f"{OPEN}{kind}{value.quantity}{CLOSE}"


def hole(kind: str, *parts: str) -> str:
    """Texts that belong together: b(racketed), S (summands), f(irst that fits), ? (one of two)."""
    return f"{OPEN}{kind}{BAR.join(parts)}{CLOSE}"


def is_in(text: str) -> bool:
    """Whether there is a hole in a text."""
    return OPEN in text


def fitting(least: int, final: str, choices: Sequence[str]) -> str:
    """The first choice that fits into ``least`` characters, or as many as ``final`` takes; else the last.

    >>> fitting(6, "1", ["+1 +2 +3", "2 of 3"])
    '2 of 3'
    """
    if any(map(is_in, (final, *choices))):
        return hole("f", str(least), final, *choices)
    room = max(least, len(final))
    return next((choice for choice in choices[:-1] if len(choice) <= room), choices[-1])


def if_one(value: Value, then: str, otherwise: str) -> str:
    """``then`` where a number is 1: an open question only for one that follows v."""
    if isinstance(value, Marked):
        return hole("?", str(value.quantity), then, otherwise)
    return then if value.entries == (1.0,) else otherwise
