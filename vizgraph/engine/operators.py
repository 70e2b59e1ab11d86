"""Apply Python's operators to the values of the language, with every result bounded."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.functions import Function, Kind
from vizgraph.engine.gate import TooLarge

P = Kind.POINTWISE
BINARY: Final = {
    "Add":      Function("add",          P,           operator.add),
    "Sub":      Function("sub",          P,           operator.sub),
    "Mult":     Function("mul",          P,           operator.mul),
    "Div":      Function("div",          P,           operator.truediv),
    "FloorDiv": Function("floor_divide", P,           operator.floordiv),
    "Mod":      Function("remainder",    P,           operator.mod),
    "Pow":      Function("pow",          P,           operator.pow),
    "MatMult":  Function("matmul",       Kind.MATRIX, operator.matmul),
    "BitAnd":   Function("logical_and",  P,           operator.and_),
    "BitOr":    Function("logical_or",   P,           operator.or_),
    "LShift":   Function("shift",        P,           operator.lshift),
    "RShift":   Function("shift",        P,           operator.rshift),
}  # fmt: skip
INPLACE: Final = {
    "Add":      Function("add",          Kind.INPLACE, operator.iadd,      inplace=True),
    "Sub":      Function("sub",          Kind.INPLACE, operator.isub,      inplace=True),
    "Mult":     Function("mul",          Kind.INPLACE, operator.imul,      inplace=True),
    "Div":      Function("div",          Kind.INPLACE, operator.itruediv,  inplace=True),
    "FloorDiv": Function("floor_divide", Kind.INPLACE, operator.ifloordiv, inplace=True),
    "Mod":      Function("remainder",    Kind.INPLACE, operator.imod,      inplace=True),
    "Pow":      Function("pow",          Kind.INPLACE, operator.ipow,      inplace=True),
    "BitAnd":   Function("logical_and",  Kind.INPLACE, operator.iand,      inplace=True),
    "BitOr":    Function("logical_or",   Kind.INPLACE, operator.ior,       inplace=True),
}  # fmt: skip
UNARY: Final = {
    "USub":   Function("neg",         P, operator.neg),
    "UAdd":   Function("pos",         P, operator.pos),
    "Invert": Function("logical_not", P, operator.invert),
}  # fmt: skip
COMPARE: Final = {
    "Eq":  Function("eq", P, operator.eq),
    "NotEq": Function("ne", P, operator.ne),
    "Lt":  Function("lt", P, operator.lt),
    "LtE": Function("le", P, operator.le),
    "Gt":  Function("gt", P, operator.gt),
    "GtE": Function("ge", P, operator.ge),
}  # fmt: skip
MEMBERSHIP: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda item, items: item in items,
    "NotIn": lambda item, items: item not in items,
}


def combine(name: str, left: Any, right: Any) -> Any:
    """Apply a binary operator to plain values (no tensor among them); sizes are checked before, not after."""
    if isinstance(left, str) or isinstance(right, str):
        if name not in ("Add", "Mult"):
            raise TypeError("only + and * are in the language for strings")
    _check_sequences(name, left, right)
    if isinstance(left, int) and isinstance(right, int):
        _check_integers(name, left, right)
    return bounded(BINARY[name].call(left, right))


def bounded(value: Any) -> Any:
    """Return a plain result, or raise `TooLarge` where it leaves the limits."""
    if isinstance(value, int) and abs(value) > limits.INTEGER:
        raise TooLarge("the integer is larger than 10^15; write it as a float such as 1e18")
    if isinstance(value, (str, list, tuple, range)) and len(value) > limits.SEQUENCE_ITEMS:
        raise TooLarge(f"a sequence of {len(value):,} items; at most {limits.SEQUENCE_ITEMS:,} are allowed")
    return value


def is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


def _check_sequences(name: str, left: Any, right: Any) -> None:
    if name != "Mult":
        return
    for items, count in ((left, right), (right, left)):
        if isinstance(items, (str, list, tuple)) and isinstance(count, int) and not isinstance(items, torch.Size):
            if len(items) * count > limits.SEQUENCE_ITEMS:
                raise TooLarge(
                    f"a sequence of {len(items) * count:,} items; at most {limits.SEQUENCE_ITEMS:,} are allowed"
                )


def _check_integers(name: str, left: int, right: int) -> None:
    """A power or a shift of integers can fill the memory by itself: predict its bits."""
    bits = {"Pow": abs(left).bit_length() * max(right, 0), "LShift": abs(left).bit_length() + max(right, 0)}
    if bits.get(name, 0) > 64 and abs(left) > 1:
        raise TooLarge("the integer is larger than 10^15; write it as a float such as 1e18")
