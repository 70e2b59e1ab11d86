"""Apply Python's operators to the values of the language, with every result bounded."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from torch import nn

from vizgraph import limits
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Type
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind

P, I = Kind.POINTWISE, Kind.INPLACE
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
    "BitXor":   Function("logical_xor",  P,           operator.xor),
    "LShift":   Function("shift",        P,           operator.lshift),
    "RShift":   Function("shift",        P,           operator.rshift),
}  # fmt: skip
INPLACE: Final = {
    "Add":      Function("add",          I, operator.iadd,      inplace=True),
    "Sub":      Function("sub",          I, operator.isub,      inplace=True),
    "Mult":     Function("mul",          I, operator.imul,      inplace=True),
    "Div":      Function("div",          I, operator.itruediv,  inplace=True),
    "FloorDiv": Function("floor_divide", I, operator.ifloordiv, inplace=True),
    "Mod":      Function("remainder",    I, operator.imod,      inplace=True),
    "Pow":      Function("pow",          I, operator.ipow,      inplace=True),
    "BitAnd":   Function("logical_and",  I, operator.iand,      inplace=True),
    "BitOr":    Function("logical_or",   I, operator.ior,       inplace=True),
    "BitXor":   Function("logical_xor",  I, operator.ixor,      inplace=True),
}  # fmt: skip
UNARY: Final = {
    "USub":   Function("neg",         P, operator.neg),
    "UAdd":   Function("pos",         P, operator.pos),
    "Invert": Function("logical_not", P, operator.invert),
}  # fmt: skip
COMPARE: Final = {
    "Eq":    Function("eq", P, operator.eq),
    "NotEq": Function("ne", P, operator.ne),
    "Lt":    Function("lt", P, operator.lt),
    "LtE":   Function("le", P, operator.le),
    "Gt":    Function("gt", P, operator.gt),
    "GtE":   Function("ge", P, operator.ge),
}  # fmt: skip
IDENTITY: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Is": lambda left, right: left is right or (isinstance(left, Type) and left == right),
    "IsNot": lambda left, right: left is not right and not (isinstance(left, Type) and left == right),
}
MEMBERSHIP: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "In": lambda item, items: _contains(items, item),
    "NotIn": lambda item, items: not _contains(items, item),
}


def combine(name: str, left: Any, right: Any) -> Any:
    """Apply a binary operator to plain values (no tensor among them); sizes are checked before, not after."""
    if (isinstance(left, str) or isinstance(right, str)) and name not in ("Add", "Mult"):
        raise TypeError("only + and * are in the language for strings")
    if name == "Mult":
        _check_repetition(left, right)
        _check_repetition(right, left)
    if isinstance(left, int) and isinstance(right, int):
        _check_integers(name, left, right)
    return bounded(BINARY[name].call(left, right))


def bounded(value: Any) -> Any:
    """Return a plain result, or raise `TooLarge` where it leaves the limits."""
    if isinstance(value, int):
        if abs(value) > limits.INTEGER:
            raise TooLarge("the integer is larger than 10^15; write it as a float such as 1e18")
    elif isinstance(value, (str, list, tuple, dict, set)):
        _check_length(len(value))
    return value


def weigh(value: Any) -> None:
    """Raise `TooLarge` where nested lists hold more items than printing or comparing may visit.

    A list that holds another one thousand times is small in memory and immense to walk.
    """
    count, stack = 0, [value]
    while stack:
        item = stack.pop()
        if isinstance(item, (list, tuple, set)):
            count += len(item)
            stack.extend(item)
        elif isinstance(item, dict):
            count += len(item)
            stack.extend(item.values())
        if count > 4 * limits.SEQUENCE_ITEMS:
            raise TooLarge(f"nested lists of more than {4 * limits.SEQUENCE_ITEMS:,} items")


def check_key(value: Any) -> None:
    """Raise for what can't be a key of a dict or an item of a set: lists, dicts, sets, arrays, and tuples of them."""
    weigh(value)
    hash(value)


def _contains(items: Any, item: Any) -> bool:
    if isinstance(items, range) and not isinstance(item, int):
        raise TypeError("only a whole number can be in a range")
    if not isinstance(items, (str, list, tuple, dict, range, set, nn.ModuleDict, nn.ParameterDict)):
        raise TypeError(f"argument of type '{type(items).__name__}' is not iterable")
    weigh((items, item))
    if isinstance(items, (dict, set, nn.Module)):
        check_key(item)
    return item in items


def _check_repetition(items: Any, count: Any) -> None:
    if isinstance(items, (str, list, tuple)) and isinstance(count, int):
        _check_length(len(items) * count)


def _check_length(length: int) -> None:
    if length > limits.SEQUENCE_ITEMS:
        raise TooLarge(f"a sequence of {length:,} items; at most {limits.SEQUENCE_ITEMS:,} are allowed")


def _check_integers(name: str, left: int, right: int) -> None:
    """A power or a shift of integers can fill the memory by itself: predict its bits."""
    bits = {"Pow": abs(left).bit_length() * max(right, 0), "LShift": abs(left).bit_length() + max(right, 0)}
    if bits.get(name, 0) > 64 and abs(left) > 1:
        raise TooLarge("the integer is larger than 10^15; write it as a float such as 1e18")
