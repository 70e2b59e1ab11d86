"""Look at a program where it stopped: its text, its tree and what was recorded, and write lines of it anew.

A `Fix` is made by edits inside one line, at the columns that were typed. What does not fit into
one line has no fix; what a fix is worth is tried afterwards, by running the program with it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from vizgraph import language
from vizgraph.engine.evaluation.interpreter import Interpreter
from vizgraph.engine.recording.entries import Entry
from vizgraph.model import Fix, Program, Span

T = TypeVar("T", bound=ast.AST)
ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Why something went wrong, lines that may mend it (the best first), and the tensors that had a part in it."""

    why: str | None = None
    fixes: tuple[Fix | None, ...] = ()
    culprits: tuple[Entry, ...] = ()


@dataclass(slots=True)
class Scene:
    """A program at the moment at which it failed, or at which it was looked at.

    ``arguments`` are the values that the failing step was given, ``culprit`` the tensor it was about."""

    program: Program
    interpreter: Interpreter
    message: str
    span: Span | None
    hint: str | None = None
    culprit: Tensor | None = None
    arguments: Sequence[Any] = ()
    lines: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = tuple(self.program.source.split("\n"))

    # --- reading ---------------------------------------------------------------

    def text(self, node: ast.AST) -> str:
        return language.segment(self.lines, language.span_of(node))

    def at(self, span: Span | None, *kinds: type[T]) -> T | None:
        """The node of one of these kinds that stands exactly there."""
        found = (node for node in ast.walk(self.program.tree) if isinstance(node, kinds))
        return next((node for node in found if span is not None and language.span_of(node) == span), None)

    def around(self, span: Span | None, *kinds: type[T]) -> T | None:
        """The innermost node of these kinds that holds the place."""
        if span is None:
            return None
        holding = [node for node in self._nodes(*kinds) if _holds(language.span_of(node), span)]
        return max(holding, key=lambda node: _start(language.span_of(node)), default=None)

    def statement(self, span: Span | None) -> ast.stmt | None:
        return self.around(span, ast.stmt)

    def calls(self) -> Iterator[ast.Call]:
        yield from self._nodes(ast.Call)

    def _nodes(self, *kinds: type[T]) -> Iterator[T]:
        for node in ast.walk(self.program.tree):
            if isinstance(node, kinds) and hasattr(node, "lineno"):
                yield node

    @property
    def torch(self) -> bool:
        """Whether the name torch means torch there."""
        return self.interpreter.textbook or "torch" in self.interpreter.scope.names

    def entry(self, tensor: Tensor | None) -> Entry | None:
        recorder = self.interpreter.recorder
        return recorder.entry(tensor) if tensor is not None and recorder.knows(tensor) else None

    def entries(self) -> list[Entry]:
        return self.interpreter.recorder.entries

    # --- writing ---------------------------------------------------------------

    def put(self, span: Span, text: str) -> Fix | None:
        """The line with ``text`` in the place of what stands there."""
        return self.put_all([(span, text)])

    def put_all(self, edits: list[tuple[Span, str]]) -> Fix | None:
        """The line with several texts in the places of others."""
        numbers = {line for span, _ in edits for line in (span.line, span.end_line)}
        if len(numbers) != 1 or not 0 < min(numbers) <= len(self.lines):
            return None
        line = self.lines[min(numbers) - 1]
        for span, text in sorted(edits, key=lambda edit: edit[0].column, reverse=True):
            line = line[: span.column - 1] + text + line[span.end_column - 1 :]
        return Fix(min(numbers), line)

    def replace(self, node: ast.AST, text: str) -> Fix | None:
        return self.put(language.span_of(node), text)

    def append(self, node: ast.AST, text: str) -> Fix | None:
        """The line with ``text`` (".T") behind an expression, in brackets where they are needed."""
        span = language.span_of(node)
        return self.put(self.in_brackets(span) or span, self.operand(node) + text)

    def operand(self, node: ast.AST) -> str:
        """An expression as it may stand before a dot."""
        return self.text(node) if isinstance(node, ATOMS) else f"({self.text(node)})"

    def in_brackets(self, span: Span) -> Span | None:
        """The place with the brackets that are written around it; those of a call are not around its argument."""
        line = self.lines[span.line - 1]
        before, after = line[: span.column - 1].rstrip(), line[span.end_column - 1 :]
        if span.line != span.end_line or not before.endswith("(") or not after.lstrip().startswith(")"):
            return None
        if re.search(r"[\w\])]\($", before):
            return None
        end = span.end_column + len(after) - len(after.lstrip()) + 1
        return Span(span.line, len(before), span.line, end)

    def with_argument(self, call: ast.Call, argument: str) -> Fix | None:
        """The line with one more argument of a call, before the others."""
        function = language.span_of(call.func)
        line = self.lines[function.end_line - 1]
        column = line.find("(", function.end_column - 1) + 2
        comma = ", " if call.args or call.keywords else ""
        place = Span(function.end_line, column, function.end_line, column)
        return self.put(place, argument + comma) if column > 1 else None

    def with_keyword(self, call: ast.Call, name: str, value: str) -> Fix | None:
        """The line with a keyword of a call set to a value."""
        for keyword in call.keywords:
            if keyword.arg == name:
                return self.replace(keyword.value, value)
        span = language.span_of(call)
        place = Span(span.end_line, span.end_column - 1, span.end_line, span.end_column - 1)
        comma = ", " if call.args or call.keywords else ""
        return self.put(place, f"{comma}{name}={value}")

    def instead(self, statement: ast.stmt | None, *lines: str) -> Fix | None:
        """The line of a statement that stands alone in it, written anew with its indent."""
        alone = self.alone(statement)
        if statement is None or alone is None:
            return None
        indent = " " * (len(self.lines[statement.lineno - 1]) - len(self.lines[statement.lineno - 1].lstrip()))
        return Fix(statement.lineno, "\n".join(indent + line for line in lines))

    def alone(self, statement: ast.stmt | None) -> str | None:
        """The text of a statement if it has one line for itself."""
        if statement is None or statement.lineno != statement.end_lineno:
            return None
        line = self.lines[statement.lineno - 1]
        span = language.span_of(statement)
        before, after = line[: span.column - 1], line[span.end_column - 1 :].strip()
        return None if before.strip() or after and not after.startswith("#") else self.text(statement)


def told(entry: Entry) -> str:
    """What people call the result of a step."""
    return entry.name or entry.expression or entry.operation


def _holds(outer: Span, inner: Span) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def _start(span: Span) -> tuple[int, int, int, int]:
    """Inner places sort after the outer ones that begin with them."""
    return span.line, span.column, -span.end_line, -span.end_column
