"""Hold the findings of a run, and write them for a terminal."""

from __future__ import annotations

import re
import shutil
import sys
from typing import Final

from vizgraph.model import Finding
from vizgraph.notation.metrics import cells
from vizgraph.texts import say

WIDTH = 100  # characters of a line
NARROWEST = 40
INDENT = 9
WIDE: Final = "\u2e80-\u9fff\uff00-\uffef"
PARTS: Final = re.compile(rf"[{WIDE}][，。：；、！？）”]*|[^\s{WIDE}]+[，。：；、！？）”]*|\s+")


class Findings(tuple[Finding, ...]):
    """The findings, the most serious first; printing them shows each with its line and what to do.

    Lines are as wide as the terminal that they are printed on, and never wider than 100 characters.

    >>> print(Findings([Finding("unused", "warning", "b gets no gradient.", "Use it.", ("b",), (), 3)]))
    1 finding
    <BLANKLINE>
    warning  line 3: b gets no gradient.
             Use it.
    >>> print(Findings())
    no findings
    """

    __slots__ = ()

    def __str__(self) -> str:
        width = min(WIDTH, max(NARROWEST, shutil.get_terminal_size((WIDTH, 0)).columns)) if _is_shown() else WIDTH
        title = "finding.none" if not self else "finding.one" if len(self) == 1 else "finding.count"
        return "\n\n".join([say(title, count=len(self)), *(_paragraph(finding, width) for finding in self)])

    __repr__ = __str__

    @property
    def serious(self) -> Findings:
        """Those that are more than a note."""
        return Findings(finding for finding in self if finding.severity != "note")


def _is_shown() -> bool:
    """Whether a person sees what is printed: what goes into a file or a pipe is the same everywhere."""
    return sys.stdout is not None and sys.stdout.isatty()


def _paragraph(finding: Finding, width: int) -> str:
    where = f"{finding.where}: " if finding.file or finding.module else ""
    if finding.line and not where:
        where = say("finding.line", line=finding.line) + " "
    head = f"{say(f'finding.{finding.severity}'):<{INDENT}}{where}{finding.sentence}"
    blank = " " * INDENT
    fix = _wrapped(finding.fix, width, blank, blank) if finding.fix else []
    return "\n".join([*_wrapped(head, width, "", blank), *fix])


def _wrapped(text: str, width: int, first: str, then: str) -> list[str]:
    """The lines of a text, broken at blanks and between the characters of a script without them."""
    lines, line, is_begun = [], first, False
    for part in PARTS.findall(text):
        if is_begun and cells(line + part.rstrip()) > width:
            lines.append(line.rstrip())
            line, is_begun = then, False
        if is_begun or part.strip():
            line, is_begun = line + part, True
    return [*lines, line.rstrip()]
