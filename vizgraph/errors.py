"""Say what is wrong, where, and what to do."""

from __future__ import annotations

from vizgraph.model import Span


class VizgraphError(Exception):
    """A program that is refused: outside the language or its limits.

    ``message`` says what is wrong, ``span`` where (None: nowhere in particular),
    ``hint`` what to write or do instead.

    >>> print(VizgraphError("import of os is not allowed", Span(1, 8, 1, 10), "remove the line"))
    line 1, column 8: import of os is not allowed; remove the line
    """

    def __init__(self, message: str, span: Span | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint

    def __str__(self) -> str:
        where = f"line {self.span.line}, column {self.span.column}: " if self.span else ""
        return where + self.message + (f"; {self.hint}" if self.hint else "")
