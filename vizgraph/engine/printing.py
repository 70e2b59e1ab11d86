"""Print what a program prints, as Python and torch would, within a bound."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.gate import TooLarge
from vizgraph.engine.values import Backward

if TYPE_CHECKING:
    from vizgraph.engine.expressions import Expressions

PRINTABLE: Final = (bool, int, float, str, type(None), torch.dtype, torch.Size, torch.device, Tensor, range, slice)
SPECIFICATION: Final = re.compile(r"^(.?[<>=^])?[-+ ]?#?0?(\d{0,3})?[,_]?(\.\d{1,2})?[a-zA-Z%]?$")


class Printed:
    """The lines that print wrote."""

    def __init__(self) -> None:
        self._text = ""

    def write(self, text: str) -> None:
        if len(self._text) + len(text) > limits.PRINTED_CHARACTERS:
            raise TooLarge(f"the program prints more than {limits.PRINTED_CHARACTERS:,} characters")
        self._text += text

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._text.removesuffix("\n").split("\n")) if self._text else ()


def text_of(interpreter: Expressions, node: ast.AST, value: Any) -> str:
    """Return str(value), for values of the language only: nothing else has a text here."""
    if isinstance(value, str):
        return value
    return str(_shown(interpreter, node, value))


def formatted(interpreter: Expressions, node: ast.AST, value: Any, specification: str, conversion: int) -> str:
    """Return one ``{value:specification}`` of an f-string; the specification must be a plain one."""
    if not SPECIFICATION.match(specification):
        raise interpreter.refuse(node, "this format is not in the language", "use a plain one such as :.4f")
    shown = _shown(interpreter, node, value)
    if conversion in (ord("r"), ord("a")):
        shown = repr(shown)
    elif conversion == ord("s"):
        shown = str(shown)
    return format(shown, specification)


def _shown(interpreter: Expressions, node: ast.AST, value: Any) -> Any:
    """Return what stands for a value in printed text; containers are looked through."""
    if isinstance(value, PRINTABLE):
        return value
    if isinstance(value, Backward):
        return value.function
    if isinstance(value, (list, tuple)):
        items = [_shown(interpreter, node, item) for item in value]
        return items if isinstance(value, list) else type(value)(items) if type(value) is tuple else value
    if isinstance(value, dict):
        return {key: _shown(interpreter, node, item) for key, item in value.items()}
    name = getattr(value, "name", None) or type(value).__name__.lower()
    raise interpreter.refuse(node, f"{name} has no text to print", "print a number or a tensor")
