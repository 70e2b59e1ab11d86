"""Check every character before Python's parser sees it, and translate textbook signs kindly.

Python folds look-alike letters to ASCII after any filter on the text could
have run, so what is not plain is refused here by name and place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from vizgraph.errors import VizgraphError
from vizgraph.model import Span

# Signs of textbooks and of Chinese and typographic keyboards, with the one reading each has.
SIGNS: Final = {
    "×": "*",   "·": "*",   "⋅": "*",   "∗": "*",   "÷": "/",   "∕": "/",
    "−": "-",   "–": "-",   "（": "(",  "）": ")",  "［": "[",  "］": "]",
    "【": "[",  "】": "]",  "，": ",",  "；": ";",  "：": ":",  "＝": "=",
    "＋": "+",  "－": "-",  "＊": "*",  "／": "/",  "\u00a0": " ", "\u3000": " ",
    "²": "**2", "³": "**3", "⁴": "**4", "≤": "<=",  "≥": ">=",  "≠": "!=",
}  # fmt: skip

# A comment or a string literal: any printable character may stand in them.
QUOTED: Final = re.compile(
    r"""\#[^\n]* | \"\"\".*?(?:\"\"\"|\Z) | '''.*?(?:'''|\Z) | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.VERBOSE | re.DOTALL,
)
IMPORTS: Final = re.compile(r"^\s*(?:import|from)\s", re.MULTILINE)


class Translation:
    """The text that Python's parser reads, and the way back to the columns that were typed."""

    def __init__(self, source: str) -> None:
        self.source = source
        lines, columns = [], []
        power = "**" if not IMPORTS.search(source) else "^"
        quoted = _quoted_places(source)
        position = 0
        for number, line in enumerate(source.split("\n"), 1):
            text, back = [], []
            for column, character in enumerate(line):
                new = character if position in quoted else _translate(character, number, column + 1, power)
                text.append(new)
                back.extend([column] * len(new))
                position += 1
            position += 1
            lines.append("".join(text))
            columns.append([*back, len(line)])
        self.text = "\n".join(lines)
        self._lines, self._columns = lines, columns
        self.identical = self.text == source and source.isascii()

    def column(self, line: int, offset: int) -> int:
        """Return the typed column (from 0) of a UTF-8 byte offset into a line that the parser read."""
        if not 1 <= line <= len(self._lines):
            return offset
        read = len(self._lines[line - 1].encode()[:offset].decode(errors="ignore"))
        back = self._columns[line - 1]
        return back[min(read, len(back) - 1)]


def _quoted_places(source: str) -> set[int]:
    if source.isascii() and "^" not in source:
        return set()
    return {place for match in QUOTED.finditer(source) for place in range(*match.span())}


def _translate(character: str, line: int, column: int, power: str) -> str:
    if character == "^":
        return power
    if character in SIGNS:
        return SIGNS[character]
    if character.isascii() and (character.isprintable() or character in "\t\r\f"):
        return character
    if character.isalpha() and "GREEK" in unicodedata.name(character, ""):
        plain = unicodedata.normalize("NFKC", character)
        if plain == character:
            return character
    raise VizgraphError(
        f"the character {_show(character)} can't stand in a program",
        Span(line, column, line, column + 1),
        _instead(character),
    )


def _show(character: str) -> str:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"{character} ({name})" if character.isprintable() else name


def _instead(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii() and plain.isprintable():
        return f"type {plain} instead"
    return "remove it or type a plain letter"
