"""Collect what the fuzzer starts from: every program of the tests and lessons, in pieces."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vizgraph.lessons import lessons

ROOT: Final = Path(__file__).parents[1]
LONGEST_PIECE: Final = 400  # characters of a statement that is spliced into others

TEXTBOOK: Final = (
    "y = x1*x2*x3", "f = x^2 + y^2", "2x + 3(x + 1)", "sin x + cos² x", "y = |x - 1|", "z = x₁·x₂ ÷ 3", "z = √x",
    "y1 = x1 + x2\ny2 = x1*x2", "l = -log(softmax(A @ x, dim=0))[0]", "y = exp(-x²/2)", "z = α*x + β", "u = x → 2",
    "y = sigmoid(w·x + b)", "e = mean((A x - y)^2)", "y = x' + 1", "1. z = x*2", ">>> z = x*2", "z = x，y", "z = 3 × x",
)  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """Whole programs, single statements, single expressions, and the values that programs were given."""

    programs: tuple[str, ...]
    statements: tuple[str, ...]
    expressions: tuple[str, ...]
    values: tuple[str, ...]


def collect() -> Corpus:
    cases = [case for path in sorted((ROOT / "tests/hostile").glob("*.json")) for case in json.loads(path.read_text())]
    values = [str(value) for case in cases for value in (case.get("values") or {}).values()]
    values += [str(case["gradient"]) for case in cases if case.get("gradient") is not None]
    programs = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/programs").glob("*/*.py"))]
    programs += [lesson.program for lesson in lessons()] + [*TEXTBOOK] * 4 + [case["program"] for case in cases]
    statements: dict[str, None] = {}
    expressions: dict[str, None] = {}
    for tree in filter(None, map(_parsed, programs)):
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr)):
                text = _text_of(node)
                if text and len(text) <= LONGEST_PIECE:
                    (statements if isinstance(node, ast.stmt) else expressions)[text] = None
    return Corpus(tuple(programs), tuple(statements), tuple(expressions), tuple(dict.fromkeys(values)))


def _parsed(program: str) -> ast.Module | None:
    try:
        return ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _text_of(node: ast.AST) -> str | None:
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError):
        return None
    return None if re.fullmatch(r"\w*", text) else text
