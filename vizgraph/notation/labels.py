"""Name the entries of tensors: as in Python, and as on a blackboard.

Names are the user's text. They are only ever looked up and printed here, never
given to sympy, whose symbols are called v0000, v0001, ….
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Any

_ENTRY = re.compile(r"(?P<name>.*)\[(?P<index>\d+(?:, ?\d+)*)\]", re.DOTALL)
_NUMBERED = re.compile(r"(?P<stem>[^\W\d_]+)_?(?P<number>\d+)")
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\^{}", "~": r"\~{}",
    "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """One entry of a named tensor; the index of a scalar is ()."""

    name: str
    index: tuple[int, ...] = ()

    @property
    def python(self) -> str:
        """``x1``, ``x[2]``, ``A[0,1]``"""
        return f"{self.name}[{','.join(map(str, self.index))}]" if self.index else self.name

    @property
    def latex(self) -> str:
        """``x_{1}``, ``x_{2}``, ``A_{0,1}``; the index follows a number that is part of the name."""
        stem, below = self.parts
        return f"{_word(stem)}_{{{below}}}" if below else _word(stem)

    @property
    def parts(self) -> tuple[str, str]:
        """The stem of the name, and what stands below it: ``("x", "1")``, ``("A", "0,1")``."""
        found = _NUMBERED.fullmatch(self.name)
        stem, number = (found["stem"], [found["number"]]) if found else (self.name, [])
        return stem, ",".join([*number, *map(str, self.index)])


def read_label(text: str) -> Label:
    """The label that was written as ``text``.

    >>> read_label("A[0,1]"), read_label("x1")
    (Label(name='A', index=(0, 1)), Label(name='x1', index=()))
    """
    found = _ENTRY.fullmatch(text)
    if not found:
        return Label(text)
    return Label(found["name"], tuple(int(number) for number in found["index"].split(",")))


def labels_of(name: str, shape: tuple[int, ...]) -> list[Label]:
    """The labels of all entries of a tensor, row by row."""
    return [Label(name, index) for index in product(*map(range, shape))]


def name_in_latex(name: str) -> str:
    """The name of a whole tensor."""
    return Label(name).latex


def reading_order(label: Label) -> tuple[Any, ...]:
    """A sort key that puts x2 before x10."""
    parts = re.split(r"(\d+)", label.name)
    return (*[int(part) if part.isdecimal() else part for part in parts],), label.index


def _word(name: str) -> str:
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    if name in _GREEK:
        return f"\\{name}"
    return f"\\mathrm{{{escaped(name)}}}"


def escaped(text: str) -> str:
    """``text`` as LaTeX shows it and never obeys it."""
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
