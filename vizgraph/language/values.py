"""Read a value as a person types it into a field: a number, a vector, a matrix."""

from __future__ import annotations

import ast
import math
import re
from typing import Any, Final

from vizgraph import limits
from vizgraph.errors import VizgraphError
from vizgraph.language.characters import Translation
from vizgraph.model import Nested, Number

NAMES: Final = {"pi": math.pi, "inf": math.inf, "nan": math.nan, "True": True, "False": False}
ECHOED: Final = re.compile(r"[\w\s.,;:+\-*()\[\]]{1,40}")
HINT: Final = "type a number such as 1.5, a vector such as [1, 2, 3] or a matrix such as [[1, 2], [3, 4]]"


def read_value(given: Any) -> Nested:
    """Return the number, or the nested tuples of numbers, that a text (or a nested list) stands for.

    Signs, fractions and powers of numbers are understood; rows must have equal length.

    >>> read_value("1, 2, 1/2")
    (1, 2, 0.5)
    >>> read_value([[1, 2], [3, 4]])
    ((1, 2), (3, 4))
    """
    value = _read(given)
    shape_of(value)
    return value


def read_values(given: Any) -> tuple[Nested, ...]:
    """Return the values in a list that may have any shapes, as a text or as data.

    >>> read_values("[1, [2, 3]]")
    (1, (2, 3))
    """
    values = _read(given)
    if not isinstance(values, tuple):
        return (values,)
    for value in values:
        shape_of(value)
    return values


def _read(given: Any) -> Nested:
    try:
        value = _read_text(given) if isinstance(given, str) else _read_data(given)
    except RecursionError:
        raise VizgraphError("the value is nested too deeply", hint=HINT) from None
    count = _count(value)
    if count > limits.INPUT_NUMBERS:
        raise VizgraphError(f"the value has {count} numbers; at most {limits.INPUT_NUMBERS} are allowed")
    return value


def shape_of(value: Nested) -> tuple[int, ...]:
    """Return the shape of nested tuples; rows of different lengths are refused."""
    if not isinstance(value, tuple):
        return ()
    shapes = {shape_of(item) for item in value}
    if len(shapes) > 1:
        raise VizgraphError("the rows have different lengths", hint="give every row the same number of entries")
    return (len(value), *(shapes.pop() if shapes else ()))


def _count(value: Nested) -> int:
    return sum(map(_count, value)) if isinstance(value, tuple) else 1


def _read_data(given: Any) -> Nested:
    if isinstance(given, (list, tuple)):
        return tuple(_read_data(item) for item in given)
    if isinstance(given, (bool, int, float)):
        return _bounded(given)
    if isinstance(given, str) and given in ("nan", "inf", "-inf"):
        return float(given)
    raise VizgraphError("the value is not a number", hint=HINT)


def _read_text(text: str) -> Nested:
    if len(text) > limits.PROGRAM_CHARACTERS:
        raise VizgraphError(f"the value is longer than {limits.PROGRAM_CHARACTERS} characters")
    if not text.strip():
        raise VizgraphError("the value is empty", hint=HINT)
    try:
        plain = Translation(" ".join(text.split())).text
    except VizgraphError as error:  # its place is in this text, and not in the program
        raise VizgraphError(error.message.replace("a program", "a value"), hint=error.hint) from None
    try:
        tree = ast.parse(plain, mode="eval").body
        return _read_node(tree, plain)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        raise VizgraphError(f"{_quoted(text)} is not a number, a vector or a matrix", hint=HINT) from None


def _read_node(node: ast.expr, text: str) -> Nested:
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        return _bounded(node.value)
    if isinstance(node, ast.Name) and node.id in NAMES:
        return NAMES[node.id]
    if isinstance(node, (ast.List, ast.Tuple)):
        return tuple(_read_node(item, text) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _number(node.operand, text)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp):
        return _bounded(_calculate(node, _number(node.left, text), _number(node.right, text), text))
    raise VizgraphError(f"{_quoted(ast.get_source_segment(text, node) or text)} is not a number", hint=HINT)


def _calculate(node: ast.BinOp, left: Number, right: Number, text: str) -> Number:
    match node.op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() if right != 0:
            return left / right
        case ast.Pow() if 0 < abs(left) <= 1e6 and abs(right) <= 64:
            result = float(left) ** float(right)
            if isinstance(result, float):
                return int(result) if isinstance(left, int) and isinstance(right, int) and right >= 0 else result
    raise VizgraphError(f"{_quoted(ast.get_source_segment(text, node) or text)} has no value here", hint=HINT)


def _number(node: ast.expr, text: str) -> Number:
    value = _read_node(node, text)
    if isinstance(value, tuple):
        raise VizgraphError("a vector can't stand inside a calculation of a value", hint=HINT)
    return value


def _bounded(number: Number) -> Number:
    if isinstance(number, int) and abs(number) > limits.INTEGER:
        raise VizgraphError("the integer is larger than 10^15", hint="write it as a float such as 1e18")
    return number


def _quoted(text: str) -> str:
    """What was typed, where it is short and plain enough to be repeated in a sentence."""
    return f'"{text}"' if ECHOED.fullmatch(text) else "this"
