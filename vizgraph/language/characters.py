"""Check every character before Python's parser sees it, and translate textbook signs kindly.

Python folds look-alike letters to ASCII after any filter on the text could
have run, so what is not plain is refused here by name and place.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from typing import Final

from vizgraph.errors import VizgraphError
from vizgraph.language import pasted, textbook
from vizgraph.model import Span

# Signs of textbooks and of Chinese and typographic keyboards, with the one reading each has.
SIGNS: Final = {
    "×": "*",   "·": "*",   "⋅": "*",   "∗": "*",   "÷": "/",   "∕": "/",
    "−": "-",   "–": "-",   "（": "(",  "）": ")",  "［": "[",  "］": "]",
    "【": "[",  "】": "]",  "，": ",",  "；": ";",  "：": ":",  "＝": "=",
    "＋": "+",  "－": "-",  "＊": "*",  "／": "/",  "\u00a0": " ", "\u3000": " ",
    "≤": "<=",  "≥": ">=",  "≠": "!=",  "∞": "inf", "ᵀ": ".T",  "⊤": ".T",
}  # fmt: skip
SUPERSCRIPTS: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
SUBSCRIPTS: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
# Signs with a meaning that has to be written out.
WRITTEN_OUT: Final = {
    "√": "write sqrt(x)", "∑": "write sum(x)", "Σ": "write sum(x)", "∏": "write prod(x)", "‖": "write norm(x)",
    "∂": "write the function itself: its derivative is what you will see", "°": "write degrees * pi / 180",
    "∇": "write the function itself: its derivative is what you will see", "∫": "there is no integral here",
    "“": 'type " instead', "”": 'type " instead', "‘": "type ' instead", "’": "type ' instead",
    "′": "leave the prime mark out: a name has letters, digits and underscores",
    "→": "write = to give a value a name", "←": "write = to give a value a name",
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
        typed = source.split("\n")
        skipped = pasted.leading(typed)
        kept = "\n".join(" " * skip + line[skip:] for line, skip in zip(typed, skipped, strict=True))
        self._power = "**" if not IMPORTS.search(kept) else "^"
        quoted = _quoted_places(kept)
        lines, columns, position = [], [], 0
        for number, (line, skip) in enumerate(zip(typed, skipped, strict=True), 1):
            places = {place - position for place in quoted if position <= place < position + len(line)}
            text, back = self._translated(line, skip, number, places)
            lines.append(text)
            columns.append(back)
            position += len(line) + 1
        self._keep(lines, columns)
        self.identical = self.text == source and source.isascii()

    def _keep(self, lines: list[str], columns: list[list[int]]) -> None:
        self.text = "\n".join(lines)
        self._lines, self._columns = lines, columns

    def as_textbook(self) -> Translation | None:
        """Return the text with products and functions written out, None where there are none to write."""
        if self._power != "**" or "'''" in self.text or '"""' in self.text:
            return None
        read = list(zip(self._lines, self._columns, strict=True))
        new = [textbook.rewrite(line, number, self.text) or line for number, line in enumerate(read, 1)]
        if new == read:
            return None
        other = copy.copy(self)
        other._keep([text for text, _ in new], [back for _, back in new])
        other.identical = False
        return other

    def column(self, line: int, offset: int) -> int:
        """Return the typed column (from 0) of a UTF-8 byte offset into a line that the parser read."""
        if not 1 <= line <= len(self._lines):
            return offset
        read = len(self._lines[line - 1].encode()[:offset].decode(errors="ignore"))
        back = self._columns[line - 1]
        return back[min(read, len(back) - 1)]

    def _sign(self, character: str) -> str | None:
        """The signs that mean something else in Python than in a textbook."""
        if character == "√" and self._power == "**":
            return "sqrt "
        return self._power if character == "^" else None

    def _translated(self, line: str, skip: int, number: int, quoted: set[int]) -> tuple[str, list[int]]:
        """One line as the parser will read it, and the typed column of each of its characters and of its end."""
        if line.isascii() and line.isprintable() and "^" not in line:
            return line[skip:], [*range(skip, len(line) + 1)]
        text, back = [], []
        for column, character in enumerate(line):
            if column < skip:
                continue
            if column in quoted:
                new = _in_quotes(character, number, column + 1)
            elif character in SUPERSCRIPTS:
                follows = column > skip and line[column - 1] in SUPERSCRIPTS
                new = ("" if follows else "**") + SUPERSCRIPTS[character]
            else:
                new = self._sign(character) or _translate(character, number, column + 1)
            text.append(new)
            back.extend([column] * len(new))
        return "".join(text), [*back, len(line)]


def _quoted_places(source: str) -> list[int]:
    if source.isascii() and source.isprintable() and "^" not in source:
        return []
    return [place for match in QUOTED.finditer(source) for place in range(*match.span())]


def _in_quotes(character: str, line: int, column: int) -> str:
    """Comments and strings may hold any letter of any language, but nothing invisible."""
    if character.isprintable() or character in "\n\u3000\u00a0":
        return character
    raise _refusal(character, line, column)


def _translate(character: str, line: int, column: int) -> str:
    if character in SIGNS:
        return SIGNS[character]
    if character in SUBSCRIPTS:
        return SUBSCRIPTS[character]
    if character.isascii() and character.isprintable():
        return character
    if character.isalpha() and "GREEK" in unicodedata.name(character, "") and character != "Σ":
        if unicodedata.normalize("NFKC", character) == character:
            return character
    raise _refusal(character, line, column)


def _refusal(character: str, line: int, column: int) -> VizgraphError:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    shown = f"{character} ({name})" if character.isprintable() else name
    return VizgraphError(
        f"the character {shown} can't stand in a program", Span(line, column, line, column + 1), _instead(character)
    )


def _instead(character: str) -> str:
    if character in WRITTEN_OUT:
        return WRITTEN_OUT[character]
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isascii() and plain.isprintable() and plain.strip():
        return f"type {plain} instead"
    return "remove it or type a plain letter"
