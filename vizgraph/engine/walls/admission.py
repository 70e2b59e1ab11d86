"""Admit only values of the language as arguments of torch's functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.evaluation import operators, settings
from vizgraph.engine.evaluation.faults import explained
from vizgraph.engine.library.functions import Function

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

PLAIN: Final = (
    Tensor, int, float, str, type(None), type(...), torch.dtype, torch.device, torch.Generator, slice, range,
)  # fmt: skip
# Keywords that reach outside of the language's values: other devices, memory given by the caller, layouts.
REFUSED: Final = {
    "out": "assign the result instead",
    "layout": "leave it out",
    "pin_memory": "leave it out",
    "memory_format": "leave it out",
    "names": "leave it out",
}


NUMBERS: Final = frozenset({Tensor, torch.nn.Parameter, int, float, bool, type(None)})  # what most calls take


ARRAYS: Final = (np.ndarray, np.generic)
OF_ARRAYS: Final = ("tensor", "as_tensor", "from_numpy")  # the functions of torch that may see an array of numpy
LONGEST_TEXT: Final = 200  # torch takes texts only as names of modes and as equations


def check(
    i: Interpreter,
    node: ast.AST,
    function: Function,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
) -> None:
    """Raise at the first argument that is not a value which a function of torch may see."""
    if not keywords and function.operation != "to" and all(type(value) in NUMBERS for value in arguments):
        return
    for name, value in keywords.items():
        if name in REFUSED:
            raise i.refuse(node, f"the keyword {name} is not in the language", REFUSED[name])
        if name == "inplace" and value:
            raise i.refuse(node, "inplace=True is not in the language", f"assign the result of {function.operation}")
        if name == "device" and str(value) != "cpu":
            raise settings.no_device(i, node, value)
    given = (*arguments, *keywords.values())
    for value in given:
        if isinstance(value, Tensor):
            continue
        if isinstance(value, (list, tuple)):
            _check_items(i, node, function, value)
        elif not _is_plain(value) and not (isinstance(value, ARRAYS) and function.operation in OF_ARRAYS):
            raise _refusal(i, node, function, value)
    if function.operation == "to":
        elsewhere = next((a for a in given if isinstance(a, str) and a != "cpu"), None)
        if elsewhere is not None:
            raise settings.no_device(i, node, elsewhere)


def _check_items(i: Interpreter, node: ast.AST, function: Function, items: Sequence[Any]) -> None:
    try:
        operators.weigh(items)
    except Exception as error:
        raise explained(error, i.span(node)) from None
    stack: list[Any] = [items]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple)):
            stack.extend(item)
        elif not _is_plain(item):
            raise _refusal(i, node, function, item)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return isinstance(value, PLAIN) and not (isinstance(value, range) and len(value) > limits.SEQUENCE_ITEMS)


def _refusal(i: Interpreter, node: ast.AST, function: Function, value: Any) -> Exception:
    what = getattr(value, "name", None) or type(value).__name__.lower()
    return i.refuse(node, f"{function.operation} can't take {what}", "give it numbers or tensors")
