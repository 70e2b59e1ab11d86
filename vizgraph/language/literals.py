"""Find where a program writes the numbers of a tensor, and write others there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod
from typing import Final

from vizgraph.errors import VizgraphError
from vizgraph.language.parse import parse
from vizgraph.language.places import normal, span_of
from vizgraph.model import Nested, Span

TENSORS: Final = {"tensor", "Tensor", "FloatTensor", "DoubleTensor", "as_tensor"}  # of numbers that are written out
FILLED: Final = {"ones", "ones_like", "zeros", "zeros_like", "full", "full_like"}  # of numbers that are not
PLACED: Final = {"backward": ("gradient", "grad_tensors"), "grad": ("grad_outputs",)}  # v, by keyword
MOST_DIMENSIONS: Final = 8


def seed_lines(source: str) -> tuple[int, ...]:
    """The lines whose backward pass starts with a v that is written in the program, or that is 1 by itself.

    >>> seed_lines("import torch\\nx = torch.ones(2, requires_grad=True)\\n(x*x).backward(torch.tensor([1., 2.]))")
    (3,)
    """
    return tuple(line for line, call in _passes(source).items() if _place_of_seed(source, call) is not None)


def with_seed(source: str, line: int, shape: Sequence[int], numbers: Sequence[float]) -> str | None:
    """The program with that v in the backward pass of a line; None where it computes its v.

    >>> with_seed("y = x*x\\ny.backward()", 2, (), [0.5])
    'y = x*x\\ny.backward(gradient=torch.tensor(0.5))'
    """
    call = _passes(source).get(line)
    found = _place_of_seed(source, call) if call is not None else None
    if found is None or not _fits(shape, numbers):
        return None
    span, before, after = found
    return _checked(_replaced(source, span, before + _written(shape, numbers) + after))


def numbers_of(source: str, line: int, name: str) -> Nested | None:
    """The numbers that a line writes into a tensor of that name; None where it computes them.

    >>> numbers_of("import torch\\nx = torch.tensor([1., -2.], requires_grad=True)", 2, "x")
    (1.0, -2.0)
    """
    found = _literal_of(source, line, name)
    return None if found is None else _read(found)


def with_numbers(source: str, line: int, name: str, shape: Sequence[int], numbers: Sequence[float]) -> str | None:
    """The program with these numbers in place of those that the line writes."""
    found = _literal_of(source, line, name)
    if found is None or not _fits(shape, numbers):
        return None
    return _checked(_replaced(source, span_of(found), _written(shape, numbers)))


# --- what is written --------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _tree(source: str) -> ast.Module | None:
    try:
        return parse(source).tree
    except VizgraphError:
        return None


def _nodes(source: str) -> Iterator[ast.AST]:
    tree = _tree(source)
    return ast.walk(tree) if tree is not None else iter(())


def _passes(source: str) -> dict[int, ast.Call]:
    """The one call in each line that runs a backward pass; a line with several of them has none."""
    found: dict[int, list[ast.Call]] = {}
    for node in _nodes(source):
        if isinstance(node, ast.Call) and _called(node) in PLACED:
            found.setdefault(node.lineno, []).append(node)
    return {line: calls[0] for line, calls in sorted(found.items()) if len(calls) == 1}


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _place_of_seed(source: str, call: ast.Call) -> tuple[Span, str, str] | None:
    """Where v stands, and what is written around its numbers there."""
    given = next((one.value for one in call.keywords if one.arg in PLACED[_called(call)]), None)
    method = isinstance(call.func, ast.Attribute) and not _is_module(call.func.value)
    if given is None and _called(call) == "backward":
        position = 0 if method else 1
        given = call.args[position] if len(call.args) > position else None
        if given is None and method and not any(one.arg is None for one in call.keywords):
            return _opening(source, call), "gradient=torch.tensor(", "), " if call.keywords else ")"
    return _place_of(source, given) if given is not None else None


def _place_of(source: str, given: ast.expr) -> tuple[Span, str, str] | None:
    if isinstance(given, ast.Name):
        value = _assigned(source, given.id)
        return _place_of(source, value) if isinstance(value, ast.Call) else None
    if not isinstance(given, ast.Call):
        return None
    literal = _literal(given)
    if literal is not None:
        return span_of(literal), "", ""
    return (span_of(given), "torch.tensor(", ")") if _called(given) in FILLED else None


def _assigned(source: str, name: str) -> ast.expr | None:
    """What a name stands for, if it is given once in all of the program."""
    plain = [
        node.value
        for node in _nodes(source)
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and _is_named(node.targets[0], name)
    ]
    given = [
        node
        for node in _nodes(source)
        if (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == name)
    ]
    return plain[0] if len(plain) == len(given) == 1 else None


def _literal_of(source: str, line: int, name: str) -> ast.expr | None:
    """The numbers of ``name = torch.tensor(…)`` in that line, whatever is called on the tensor afterwards."""
    for node in _nodes(source):
        if isinstance(node, ast.Assign) and node.lineno == line and any(_is_named(one, name) for one in node.targets):
            value = node.value
            while (
                isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and _called(value) not in TENSORS
            ):
                value = value.func.value
            return _literal(value) if isinstance(value, ast.Call) else None
    return None


def _literal(call: ast.Call) -> ast.expr | None:
    if _called(call) not in TENSORS or len(call.args) != 1:
        return None
    return call.args[0] if _read(call.args[0]) is not None else None


def _read(node: ast.expr) -> Nested | None:
    """The numbers of a literal; None where something else than numbers stands in it."""
    if isinstance(node, ast.List | ast.Tuple):
        items = [_read(item) for item in node.elts]
        known = tuple(item for item in items if item is not None)
        return known if len(known) == len(items) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _read(node.operand)
        return -number if isinstance(number, int | float) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return None


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_module(node: ast.expr) -> bool:
    """``torch.autograd``, or ``autograd`` that was imported."""
    return isinstance(node, ast.Attribute) and node.attr == "autograd" or _is_named(node, "autograd")


# --- what is to be written ---------------------------------------------------------------------------


def _fits(shape: Sequence[int], numbers: Sequence[float]) -> bool:
    finite = all(number - number == 0 for number in numbers)
    return finite and len(shape) <= MOST_DIMENSIONS and all(size > 0 for size in shape) and prod(shape) == len(numbers)


def _written(shape: Sequence[int], numbers: Sequence[float]) -> str:
    """Nested lists of numbers that are floats in any reading: torch makes whole ones integers."""
    if not shape:
        text = f"{numbers[0]:.7g}"
        return text if any(sign in text for sign in ".e") else f"{text}.0"
    stride = len(numbers) // shape[0]
    rows = (_written(shape[1:], numbers[i * stride : (i + 1) * stride]) for i in range(shape[0]))
    return f"[{', '.join(rows)}]"


def _opening(source: str, call: ast.Call) -> Span:
    """The place behind the bracket that opens the arguments of a call."""
    end = span_of(call.func)
    text = normal(source).split("\n")[end.end_line - 1]
    column = text.index("(", end.end_column - 1) + 2
    return Span(end.end_line, column, end.end_line, column)


def _replaced(source: str, span: Span, text: str) -> str:
    lines = normal(source).split("\n")
    head, tail = lines[span.line - 1][: span.column - 1], lines[span.end_line - 1][span.end_column - 1 :]
    return "\n".join([*lines[: span.line - 1], head + text + tail, *lines[span.end_line :]])


def _checked(source: str) -> str | None:
    return source if _tree(source) is not None else None
