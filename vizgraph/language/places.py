"""Say where a piece of the program stands."""

from __future__ import annotations

import ast

from vizgraph.language.characters import Translation
from vizgraph.model import Fix, Span


def span_of(node: ast.AST) -> Span:
    """Return the place of a node of `Program.tree`; the tree holds columns as typed."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end_line = getattr(node, "end_lineno", None) or line
    end_column = getattr(node, "end_col_offset", None)
    return Span(line, column + 1, end_line, (column if end_column is None else end_column) + 1)


def segment(lines: tuple[str, ...], span: Span) -> str:
    """Return what was typed at a place, on one line.

    >>> segment(("y = (a +", "     b)"), Span(1, 6, 2, 7))
    'a + b'
    """
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first = lines[span.line - 1][span.column - 1 :]
    middle = lines[span.line : span.end_line - 1]
    last = lines[span.end_line - 1][: span.end_column - 1]
    return " ".join(part.strip() for part in (first, *middle, last))


def normal(source: str) -> str:
    """Return a program as it is read: its lines count from its first one that is not empty.

    >>> normal("\\n\\ty = x\\r\\n")
    '    y = x'
    """
    return source.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").strip("\n")


def mended(source: str, fix: Fix) -> str:
    """Return a program with one line written anew.

    >>> mended("a = 1\\nb = x\\n", Fix(2, "b = a"))
    'a = 1\\nb = a\\n'
    """
    lines = source.split("\n")
    return "\n".join([*lines[: fix.line - 1], fix.replace, *lines[fix.line :]])


def restore_columns(tree: ast.Module, translation: Translation) -> None:
    """Give every node of the tree the columns that were typed: the parser counted bytes of the translation."""
    if translation.identical:
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.keyword, ast.alias)):
            node.col_offset = translation.column(node.lineno, node.col_offset)
            if node.end_col_offset is not None and node.end_lineno is not None:
                node.end_col_offset = translation.column(node.end_lineno, node.end_col_offset)
