"""Read a program: characters, grammar, allow-list, names."""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from typing import Final

from vizgraph import limits
from vizgraph.errors import VizgraphError
from vizgraph.language import names, places, syntax, textbook
from vizgraph.language.characters import Translation
from vizgraph.model import Program, Span


def parse(source: str) -> Program:
    """Return the checked program; whatever is outside the language raises `VizgraphError` with its place.

    >>> parse("y = x^2 + sin(z)").free[1].name
    'z'
    """
    source = places.normal(source)
    if len(source) > limits.PROGRAM_CHARACTERS:
        raise VizgraphError(
            f"the program has {len(source)} characters; at most {limits.PROGRAM_CHARACTERS} are allowed",
            hint="keep the part whose gradient you want to see",
        )
    translation, tree = _read(Translation(source))
    places.restore_columns(tree, translation)
    if all(isinstance(statement, ast.Expr) and _is_empty(statement.value) for statement in tree.body):
        raise VizgraphError("there is nothing to run yet", hint="type a function such as y = x1*x2*x3")
    syntax.check(tree)
    _name_last_expression(tree)
    free = names.free_names(tree)
    if len(free) > limits.INPUTS:
        raise VizgraphError(
            f"the program has {len(free)} free names; at most {limits.INPUTS} are allowed",
            free[limits.INPUTS].span,
            "put several numbers into one vector",
        )
    return Program(source, tree, free, names.output_names(tree), names.imports(tree))


def _read(translation: Translation) -> tuple[Translation, ast.Module]:
    """Read it as Python, and as a textbook's mathematics where Python can't or would mean a call of a number."""
    try:
        tree = _parse(translation)
    except VizgraphError:
        rewritten = translation.as_textbook()
        if rewritten is None:
            raise
        with contextlib.suppress(VizgraphError):
            return rewritten, _parse(rewritten)
        raise
    rewritten = translation.as_textbook() if textbook.CALLED.search(translation.text) else None
    return (rewritten, _parse(rewritten)) if rewritten else (translation, tree)


def _parse(translation: Translation) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(translation.text)
    except SyntaxError as error:
        line = min(error.lineno or 1, translation.text.count("\n") + 1)
        text = translation.text.split("\n")[line - 1]
        column = translation.column(line, len(text[: max((error.offset or 1) - 1, 0)].encode())) + 1
        reason = (error.msg or "invalid syntax").split(" (<")[0].split(" (detected at")[0]
        if "too many nested" in reason:
            raise syntax.too_deep(Span(line, column, line, column + 1)) from None
        raise VizgraphError(
            f"this line can't be read: {reason}", Span(line, column, line, column + 1), _advice(text, reason)
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise syntax.too_deep(Span(1, 1, 1, 1)) from None


# What the line looks like, or what the parser says about it, and what to do: the first that fits.
ADVICE: Final = (
    (r"", r"never closed|unmatched|does not match", "check the brackets"),
    (r"", r"indent", "indent the lines of a block alike, and no others"),
    (r"\\", r"", "write it without LaTeX: a/b for a fraction, sqrt(x) for a root"),
    (r"^\s*\d+[.)]\s", r"", "leave the number of the line out"),
    (r"'|\"", r"unterminated", "close the quotation mark, or leave it out: a name has letters, digits and underscores"),
    (r"", r"cannot assign|Maybe you meant", "write = after a name, and == to compare"),
    (r"", r"expected ':'", "end the line with a colon"),
    (r"[-+*/@=,]\s*$", r"", "something is missing at the end of the line"),
    (r"\d[A-Za-z_(]", r"", "write * for a product, such as 2*x"),
    (r"[)\]]\s*[A-Za-z0-9(]", r"", "write * for a product, such as (a + b)*c"),
    (r"\|", r"", "write abs(x) for the absolute value, norm(x) for the length"),
    (r"[A-Za-z_]\w* +[A-Za-z_0-9(]", r"", "write sin(x) for a function, a*b for a product"),
)


def _advice(text: str, reason: str) -> str:
    for look, said, advice in ADVICE:
        if re.search(look, text) and re.search(said, reason):
            return advice
    return "write it as Python, for example y = 2*x + 1"


def _is_empty(node: ast.expr) -> bool:
    """Whether an expression computes nothing: a number, a text, empty brackets."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return all(map(_is_empty, node.elts))
    return isinstance(node, (ast.Constant, ast.Dict))


def _name_last_expression(tree: ast.Module) -> None:
    """Let a lone expression such as ``x**2 + y`` stand for an assignment of the output."""
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or isinstance(last.value, (ast.Call, ast.Constant)) and _is_statement(last.value):
        return
    if names.imports(tree):
        return
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    name = next(n for n in ("output", *(f"output{i}" for i in range(len(taken) + 1))) if n not in taken)
    target = ast.copy_location(ast.Name(name, ast.Store()), last.value)
    tree.body[-1] = ast.copy_location(ast.Assign([target], last.value), last)


def _is_statement(node: ast.Call | ast.Constant) -> bool:
    """Whether an expression stands alone for its effect: print(...), y.backward(...), a docstring."""
    if isinstance(node, ast.Constant):
        return True
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"print", "backward", "append", "manual_seed", "retain_grad", "register_hook"} or name.endswith("_")
