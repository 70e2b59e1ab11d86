"""Print what a program prints, as Python and torch would, within a bound."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn, optim

from vizgraph import limits
from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Backward, Class, Thing, Type
from vizgraph.engine.library import operating
from vizgraph.engine.library.methods import check_modest
from vizgraph.engine.library.raising import Raised

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

PRINTABLE: Final = (
    bool, int, float, str, type(None), type(...), torch.dtype, torch.Size, torch.device, Tensor, range, slice,
    Backward, Raised, np.ndarray, np.generic, nn.Module, optim.Optimizer, Type, torch.Generator,
    torch.finfo, torch.iinfo,
)  # fmt: skip
SPECIFICATION: Final = re.compile(r"^(.?[<>=^])?[-+ ]?#?0?(\d{0,3})?[,_]?(\.\d{1,2})?[a-zA-Z%]?$")


class Printed:
    """The lines that print wrote."""

    def __init__(self) -> None:
        self._text = ""
        self.muted = False  # in a pass that the program did not ask for its hooks have nothing to say

    def write(self, text: str) -> None:
        if self.muted:
            return
        if len(self._text) + len(text) > limits.PRINTED_CHARACTERS:
            raise TooLarge(f"the program prints more than {limits.PRINTED_CHARACTERS:,} characters")
        self._text += text

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._text.removesuffix("\n").split("\n")) if self._text else ()


def text_of(i: Interpreter, node: ast.AST, value: Any) -> str:
    """Return str(value), for values of the language only: nothing else has a text here."""
    if isinstance(value, str):
        return value
    check(i, node, value, ("__str__", "__repr__"))
    return str(value)


def formatted(i: Interpreter, node: ast.AST, value: Any, specification: str, conversion: int) -> str:
    """Return one ``{value:specification}`` of an f-string; the specification must be a plain one."""
    if not SPECIFICATION.match(specification):
        raise i.refuse(node, "this format is not in the language", "use a plain one such as :.4f")
    if isinstance(value, Class) and not specification:
        value = Type(value.name, f"<class '__main__.{value.name}'>")
    check(i, node, value, ("__repr__",) if conversion == ord("r") else ("__str__", "__repr__"))
    if conversion == ord("r"):
        value = repr(value)
    elif conversion == ord("a"):
        value = ascii(value)
    elif conversion == ord("s"):
        value = str(value)
    return format(value, specification)


def check(i: Interpreter, node: ast.AST, value: Any, names: tuple[str, ...] = ("__repr__",)) -> None:
    """Refuse a value that has no text in the language, or too much of it; containers are looked through.

    An object of the program says its own text, by the first of the methods ``names`` that it has."""
    stack = [value]
    if isinstance(value, (list, tuple, dict, set)):
        operators.weigh(value)
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple, set)):
            stack.extend(item)
        elif isinstance(item, Thing):
            operating.describe(i, item, node, names if item is value else ("__repr__",))
        elif isinstance(item, dict):
            stack.extend((*item, *item.values()))
        elif isinstance(item, nn.Module):
            check_modest(item)
            operating.describe_modules(i, item, node)
        elif not isinstance(item, PRINTABLE):
            name = getattr(item, "name", None) or type(item).__name__.lower()
            raise i.refuse(node, f"{name} has no text to print", "print a number or a tensor")
