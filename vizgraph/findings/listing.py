"""Hold the findings of a run, and write them for a terminal."""

from __future__ import annotations

import textwrap

from vizgraph.model import Finding
from vizgraph.texts import say

WIDTH = 100  # characters of a line
INDENT = 9


class Findings(tuple[Finding, ...]):
    """The findings, the most serious first; printing them shows each with its line and what to do.

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
        title = "finding.none" if not self else "finding.one" if len(self) == 1 else "finding.count"
        return "\n\n".join([say(title, count=len(self)), *map(_paragraph, self)])

    __repr__ = __str__

    @property
    def serious(self) -> Findings:
        """Those that are more than a note."""
        return Findings(finding for finding in self if finding.severity != "note")


def _paragraph(finding: Finding) -> str:
    where = f"{finding.where}: " if finding.file or finding.module else ""
    if finding.line and not where:
        where = say("finding.line", line=finding.line) + " "
    head = f"{say(f'finding.{finding.severity}'):<{INDENT}}{where}{finding.sentence}"
    blank = " " * INDENT
    lines = textwrap.wrap(head, WIDTH, subsequent_indent=blank, break_long_words=False, break_on_hyphens=False)
    fix = textwrap.wrap(
        finding.fix, WIDTH, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False
    ) if finding.fix else []  # fmt: skip
    return "\n".join([*lines, *fix])
