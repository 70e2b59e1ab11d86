"""Ask a value about its numbers: its entries where they are kept, else what its summary tells."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from vizgraph.model import Number, Value

Test = Callable[[float], bool]


def has_nan(value: Value) -> bool:
    """Whether a nan is among the numbers; of a summary its norm tells: it is nan with one, infinite with none."""
    if value.finite:
        return False
    if value.entries is not None:
        return any(math.isnan(entry) for entry in value.entries)
    return value.norm is None or math.isnan(value.norm)


def bad(value: Value) -> str:
    """What is not finite about it: "nan", "inf" or "-inf"."""
    if has_nan(value):
        return "nan"
    if value.entries is not None:
        found = next(entry for entry in value.entries if math.isinf(entry))
        return "inf" if found > 0 else "-inf"
    return "-inf" if value.minimum == -math.inf and value.maximum != math.inf else "inf"


def first(value: Value, test: Test) -> int | None:
    """The place of the first entry that passes; None where there is none or the entries are not kept."""
    return next((place for place, entry in enumerate(value.entries or ()) if test(entry)), None)


def first_bad(value: Value) -> int | None:
    """The place of the first entry that is not finite."""
    return first(value, lambda entry: not math.isfinite(entry))


def holds(value: Value | None, test: Test, at: int | None = None) -> bool | None:
    """Whether a number of the value (the one at ``at``, where that is known) passes; None: it can't be said."""
    if value is None:
        return None
    if value.entries is None:
        ends = [number for number in (value.minimum, value.maximum) if number is not None]
        return True if any(map(test, ends)) else None
    if at is not None and at < len(value.entries):
        return test(value.entries[at])
    return any(map(test, value.entries))


def is_zero(value: Value) -> bool:
    """Whether every number is 0."""
    return value.finite and (value.norm == 0 if value.entries is None else not any(value.entries))


def norm(value: Value | None) -> float:
    """The 2-norm; 0 of nothing."""
    if value is None:
        return 0.0
    if value.norm is not None:
        return value.norm
    return math.hypot(*value.entries) if value.entries else 0.0


def scalar(number: Number) -> Value:
    """A number of the program as a value."""
    size = abs(float(number))
    return Value((), "float", (number,), float(number), float(number), size, math.isfinite(size))


def entry_text(name: str, value: Value, place: int | None) -> str:
    """An entry of what has that name, as its index is written: ``x[1, 0]``; the name alone for a scalar.

    >>> entry_text("x * 2", Value((3,), "float", (1.0, 2.0, 3.0), 1.0, 3.0, 4.0, True), 2)
    '(x * 2)[2]'
    """
    if place is None or not value.shape or value.shape == (1,):
        return name
    index = []
    for size in reversed(value.shape):
        place, position = divmod(place, size)
        index.append(str(position))
    return f"{name if _holds_together(name) else f'({name})'}[{', '.join(reversed(index))}]"


def _holds_together(expression: str) -> bool:
    """Whether an index behind it is of all of it: a name, a call; not a sum."""
    while (bare := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", expression)) != expression:
        expression = bare
    return re.search(r"[-+*/@%&|^~<>= ]", expression) is None
