"""Admit only values of the language as arguments of torch's functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph.engine.functions import Function

if TYPE_CHECKING:
    from vizgraph.engine.expressions import Expressions

PLAIN: Final = (bool, int, float, str, type(None), type(...), torch.dtype, torch.Size, Tensor, slice, range)
# Keywords that reach outside of the language's values: other devices, memory given by the caller, layouts.
REFUSED: Final = {
    "out": "assign the result instead",
    "layout": "leave it out",
    "pin_memory": "leave it out",
    "memory_format": "leave it out",
    "names": "leave it out",
}


def check(
    interpreter: Expressions,
    node: ast.AST,
    function: Function,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
) -> None:
    """Raise at the first argument that is not a value which a function of torch may see."""
    for name, value in keywords.items():
        if name in REFUSED:
            raise interpreter.refuse(node, f"the keyword {name} is not in the language", REFUSED[name])
        if name == "device" and str(value) != "cpu":
            raise interpreter.refuse(node, f"the device {str(value)[:20]} is not here", "leave device out: it is cpu")
    for value in (*arguments, *keywords.values()):
        if not _admitted(value):
            what = getattr(value, "name", None) or type(value).__name__.lower()
            raise interpreter.refuse(node, f"{function.operation} can't take {what}", "give it numbers or tensors")
    if function.operation == "to" and any(isinstance(a, str) and a != "cpu" for a in arguments):
        raise interpreter.refuse(node, "there is no other device here", "leave .to(...) out: it is cpu")


def _admitted(value: Any) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple)):
            stack.extend(item)
        elif not isinstance(item, PLAIN) or (isinstance(item, str) and len(item) > 200):
            return False
    return True
