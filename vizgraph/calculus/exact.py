"""Write a recorded number as the exact number that a person meant by it.

A float32 that was typed as 0.1 holds 0.10000000149…; the shortest decimal that
rounds to the same bits is what was meant.
"""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from typing import Any

import sympy

from vizgraph.model import Number

_SHORT = 6  # decimals of more digits than this were measured, not typed
_PLAIN_DENOMINATOR = 16  # 3/8 reads well, 157/50 does not: that stays 3.14
_UNIT_DENOMINATOR = 1000  # 1/100 reads well


def exact(number: Number, dtype: str = "float64") -> Any:
    """Return ``number`` for sympy: an integer, a plain fraction, else a float.

    ``dtype`` is the type it was recorded in.

    >>> exact(0.5), exact(3.0), exact(0.10000000149011612, "float32"), exact(0.3333333333333333)
    (1/2, 3, 1/10, 0.333333333333333)
    """
    if isinstance(number, bool):
        return sympy.true if number else sympy.false
    if isinstance(number, int):
        return sympy.Integer(number)
    if not math.isfinite(number):
        raise ValueError("only finite numbers stand in formulas")
    decimal = _shortest(number, dtype)
    if sum(map(str.isdigit, decimal.split("e")[0].strip("-0."))) > _SHORT:
        return sympy.Float(number)
    fraction = Fraction(decimal)
    if fraction.denominator <= _PLAIN_DENOMINATOR or (
        abs(fraction.numerator) == 1 and fraction.denominator <= _UNIT_DENOMINATOR
    ):
        return sympy.Rational(fraction.numerator, fraction.denominator)
    return sympy.Float(float(decimal))


def _shortest(number: float, dtype: str) -> str:
    """The shortest decimal that the recorded type rounds to ``number``."""
    if dtype in _PACKED:
        for digits in range(1, 10):
            decimal = f"{number:.{digits}g}"
            if _rounds_to(float(decimal), number, _PACKED[dtype]):
                return decimal
    return repr(number)


_PACKED = {"float32": "f", "float16": "e"}


def _rounds_to(decimal: float, number: float, code: str) -> bool:
    try:
        return bool(struct.unpack(code, struct.pack(code, decimal))[0] == number)
    except OverflowError:
        return False
