"""Say what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Final

from vizgraph.model import Finding, Fix, Span

LONGEST: Final = 600  # characters of a message or a hint, whatever text of the user's is in it


def one_line(text: str) -> str:
    """Return a text as one line that is not too long to be read.

    >>> one_line("the device a\\n b is not here")
    'the device a b is not here'
    """
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class VizgraphError(Exception):
    """A program that is refused: outside the language or its limits.

    ``message`` says what is wrong, ``span`` where (None: nowhere in particular),
    ``hint`` what to write or do instead, ``fixes`` are lines of the program that would do.

    >>> print(VizgraphError("import of os is not allowed", Span(1, 8, 1, 10), "remove the line"))
    line 1, column 8: import of os is not allowed; remove the line
    """

    def __init__(
        self, message: str, span: Span | None = None, hint: str | None = None, fixes: tuple[Fix, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message = one_line(message)
        self.span = span
        self.hint = hint and one_line(hint)
        self.fixes = fixes

    def __str__(self) -> str:
        where = f"line {self.span.line}, column {self.span.column}: " if self.span else ""
        return where + self.message + (f"; {self.hint}" if self.hint else "")


class GradientError(AssertionError):
    """What `vizgraph.check` raises: a backward pass in which something is wrong; ``finding`` says what and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding
