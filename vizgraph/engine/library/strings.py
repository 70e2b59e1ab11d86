"""Fill templates and give the methods of strings, every result bounded before it is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor

from vizgraph import limits
from vizgraph.engine.evaluation import operators, printing
from vizgraph.engine.evaluation.faults import TooLarge

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

# What may stand in a template of ``%`` and of ``format``; a width has three digits at most.
PERCENT: Final = re.compile(r"%(?:%|[-+ 0#]*\d{0,3}(?:\.\d{1,2})?[dioxXeEfFgGsr])")
FIELD: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[A-Za-z]\w*|\d{0,2})(?:!(?P<how>[rsa]))?(?::(?P<spec>[^{}]*))?\}")


def percent(i: Interpreter, node: ast.AST, template: str, values: Any) -> str:
    """Do ``template % values`` as Python does, for plain templates."""
    if "%" in PERCENT.sub("", template):
        raise i.refuse(node, "this format is not in the language", "use a plain one such as %.4f")
    given = values if isinstance(values, tuple) else (values,)
    printing.check(i, node, given)
    with i.explaining(node):
        return str(operators.bounded(template % tuple(_plain(value) for value in given)))


def _plain(value: Any) -> Any:
    """A tensor of one entry counts as its number where a number is wanted."""
    return value.detach() if isinstance(value, Tensor) else value


def _format(i: Interpreter, node: ast.AST, template: str, *values: Any, **named: Any) -> str:
    rest = FIELD.sub("", template)
    if "{" in rest or "}" in rest:
        raise i.refuse(node, "this format is not in the language", "use a plain one such as {:.4f}")
    counted = iter(range(len(values)))

    def fill(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0][0]
        text = match["name"]
        try:
            value = named[text] if text and not text.isdigit() else values[int(text or next(counted))]
        except (IndexError, StopIteration):
            said = f"Replacement index {text or len(values)} out of range for positional args tuple"
            raise i.failure(node, said, kind=IndexError) from None
        except KeyError:
            raise i.failure(node, repr(text), kind=KeyError) from None
        return printing.formatted(i, node, value, match["spec"] or "", ord(match["how"]) if match["how"] else -1)

    return str(operators.bounded(FIELD.sub(fill, template)))


def _replace(i: Interpreter, node: ast.AST, text: str, old: str, new: str) -> str:
    _check_length(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _filled(method: Callable[..., str]) -> Callable[..., str]:
    """A method that fills up to a width."""

    def fill(i: Interpreter, node: ast.AST, text: str, width: int, *more: str) -> str:
        _check_length(width)
        return method(text, width, *more)

    return fill


def _check_length(length: int) -> None:
    if length > limits.SEQUENCE_ITEMS:
        raise TooLarge(f"a text of {length:,} characters; at most {limits.SEQUENCE_ITEMS:,} are allowed")


def _join(i: Interpreter, node: ast.AST, separator: str, items: Any) -> str:
    parts = i.items(items, node)
    length = len(separator) * max(len(parts) - 1, 0) + sum(len(part) for part in parts if isinstance(part, str))
    _check_length(length)
    return separator.join(parts)


METHODS: Final[dict[str, Callable[..., Any]]] = {
    "format":     _format,
    "join":       _join,
    "replace":    _replace,
    "split":      lambda i, node, text, *given: text.split(*given),
    "strip":      lambda i, node, text, *given: text.strip(*given),
    "rstrip":     lambda i, node, text, *given: text.rstrip(*given),
    "lstrip":     lambda i, node, text, *given: text.lstrip(*given),
    "upper":      lambda i, node, text: text.upper(),
    "lower":      lambda i, node, text: text.lower(),
    "title":      lambda i, node, text: text.title(),
    "capitalize": lambda i, node, text: text.capitalize(),
    "startswith": lambda i, node, text, start: text.startswith(start),
    "endswith":   lambda i, node, text, end: text.endswith(end),
    "count":      lambda i, node, text, part: text.count(part),
    "ljust":      _filled(str.ljust),
    "rjust":      _filled(str.rjust),
    "center":     _filled(str.center),
    "zfill":      _filled(str.zfill),
}  # fmt: skip
