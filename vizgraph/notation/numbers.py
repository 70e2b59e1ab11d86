"""Write numbers for people: four significant digits, short lists, summaries of what is large."""

from __future__ import annotations

import math
from collections.abc import Sequence

from vizgraph.model import Number, Value
from vizgraph.texts import say

ELLIPSIS = "…"
UNEVEN = "?"  # the size of an axis along which a nested tensor has several
_LEAST = 3  # characters of an entry with its comma and blank
_WHOLE_BELOW = 1_000_000  # up to here whole numbers are written out


def brief(number: Number) -> str:
    """The number with four significant digits, as a person writes it.

    >>> brief(1.100000023841858), brief(-0.196612), brief(12.0), brief(1e-7), brief(12345.678)
    ('1.1', '-0.1966', '12', '1e-07', '12346')
    """
    if isinstance(number, bool):
        return str(number)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    if number == 0:
        return "0"  # never "-0"
    if 1000 <= abs(number) < _WHOLE_BELOW:
        return str(round(number))
    return f"{number:.4g}"


def show(value: Value, width: int = 40) -> str:
    """The value in at most about ``width`` characters: all entries, some of them, or a summary.

    >>> show(Value((2, 2), "float32", (1.0, 2.0, 3.0, 4.0)))
    '[[1, 2], [3, 4]]'
    >>> show(Value((5,), "float32", (0.1, 0.2, 0.3, 0.4, 0.5)), width=20)
    '[0.1, 0.2, …, 0.5]'
    >>> show(Value((30, 40), "float32", None, -1.2, 3.4, 9.0))
    '30×40, -1.2 … 3.4'
    """
    if value.pairs is not None:
        whole = _nest([_complex(*pair) for pair in value.pairs], value.shape)
        return whole if len(whole) <= width else summary(value, width)
    entries = value.entries
    if entries is None:
        return summary(value, width)
    if not value.shape:
        return brief(entries[0])
    if _LEAST * len(entries) <= width + _LEAST:
        whole = _nest([brief(entry) for entry in entries], value.shape)
        if len(whole) <= width:
            return whole
    if len(value.shape) > 2 or _LEAST * value.shape[-1] * (len(value.shape) - 1) > width:
        return summary(value, width)
    return _shorten(entries, value.shape, width) or summary(value, width)


def shape(value: Value) -> str:
    """The shape as a person writes it: ``3×4``, "7 entries" for a vector, nothing for a scalar."""
    if len(value.shape) == 1:
        return say("number.entries", count=value.shape[0])
    return "×".join(str(size) if size >= 0 else UNEVEN for size in value.shape)


def summary(value: Value, width: int = 40) -> str:
    """Shape and range of the entries, or the norm where there is no range; where there is no room for both, the numbers
    alone, and the shape alone where not even they have room.

    A nan among them is told in any case.

    >>> summary(Value((30, 40), "float32", None, -1.2, 3.4, math.nan, False))
    '30×40, -1.2 … 3.4, nan'
    >>> small = Value((1, 4, 8), "float32", None, -7.505e-05, 5.213e-05, 1e-4)
    >>> summary(small), summary(small, 28), summary(small, 20)
    ('1×4×8, -7.505e-05 … 5.213e-05', '1×4×8, -7.5e-05 … 5.2e-05', '-7.5e-05 … 5.2e-05')
    >>> summary(small, 12), summary(Value((2, 20, 4, 4), "float32", None, norm=0.5), 16)
    ('1×4×8', '‖·‖ 0.5')
    """
    nan = ", nan" if _has_nan(value) else ""
    low, high = value.minimum, value.maximum
    if low is None or high is None:
        numbers = [entry for entry in value.entries or () if not math.isnan(entry)]
        if not numbers:
            return shape(value) + nan if nan else _norm(value, width)
        low, high = min(numbers), max(numbers)
    sizes = shape(value)
    texts = [_range(sizes, write(low), write(high)) + nan for write in (brief, _rough)]
    if low != high:
        texts.append(f"{_rough(low)} {ELLIPSIS} {_rough(high)}{nan}")
    texts.append(sizes + nan)
    return next((text for text in texts if len(text) <= width), "nan" if nan else shape(value))


def _range(sizes: str, low: str, high: str) -> str:
    return say("number.all", shape=sizes, number=low) if low == high else f"{sizes}, {low} {ELLIPSIS} {high}"


def _rough(number: Number) -> str:
    """The number with two significant digits, if its power of ten is written out."""
    text = brief(number)
    return f"{number:.2g}" if "e" in text else text


def _has_nan(value: Value) -> bool:
    """Of a summary its norm tells: it is nan with one, infinite with none."""
    if value.entries is not None:
        return any(math.isnan(entry) for entry in value.entries)
    return not value.finite and value.norm is not None and math.isnan(value.norm)


def _complex(real: float, imaginary: float) -> str:
    """
    >>> _complex(1.0, -2.5), _complex(0.0, 1.0)
    ('1-2.5i', '0+1i')
    """
    part = brief(imaginary)
    return f"{brief(real)}{'' if part.startswith('-') else '+'}{part}i"


def _norm(value: Value, width: int) -> str:
    """The shape, and the 2-norm where it is known and there is room for both."""
    sizes = shape(value)
    if value.norm is None:
        return sizes
    norm = f"‖·‖ {brief(value.norm)}"
    full = f"{sizes}, {norm}" if sizes else norm
    return next((text for text in (full, norm) if len(text) <= width), sizes)


def _nest(texts: Sequence[str], sizes: tuple[int, ...]) -> str:
    if not sizes:
        return texts[0]
    block = len(texts) // sizes[0] if sizes[0] else 0
    return f"[{', '.join(_nest(texts[i * block : (i + 1) * block], sizes[1:]) for i in range(sizes[0]))}]"


def _shorten(entries: Sequence[Number], sizes: tuple[int, ...], width: int) -> str | None:
    """As many first entries (of a matrix: rows) as fit before an ellipsis and the last; None if not one does."""
    count, step = sizes[0], math.prod(sizes[1:])

    def item(number: int) -> str:
        return _nest([brief(entry) for entry in entries[number * step : (number + 1) * step]], sizes[1:])

    kept: list[str] = []
    text = None
    for number in range(count - 2):
        kept.append(item(number))
        longer = f"[{', '.join([*kept, ELLIPSIS, item(count - 1)])}]"
        if len(longer) > width:
            break
        text = longer
    return text
