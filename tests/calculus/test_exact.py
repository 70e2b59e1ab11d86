"""Numbers in formulas are those that a person typed."""

from __future__ import annotations

import struct

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from vizgraph.calculus.exact import exact


def single(number: float) -> float:
    """The float32 nearest to ``number``, as torch records it."""
    result: float = struct.unpack("f", struct.pack("f", number))[0]
    return result


@pytest.mark.parametrize(
    ("typed", "text"),
    [(0.1, "1/10"), (2.0, "2"), (-1.5, "-3/2"), (0.01, "1/100"), (0.75, "3/4"), (0.0, "0"), (0.001, "1/1000")],
)
def test_short_decimals_are_fractions_in_every_type(typed: float, text: str) -> None:
    assert str(exact(typed)) == text
    assert str(exact(single(typed), "float32")) == text


def test_decimals_that_make_ugly_fractions_stay_decimals() -> None:
    number = exact(single(3.14), "float32")
    assert number.is_Float
    assert float(number) == 3.14


def test_measured_numbers_keep_every_digit() -> None:
    assert float(exact(0.7310585786300049)) == 0.7310585786300049


def test_truth_values_are_not_numbers() -> None:
    assert exact(True) is sympy.true
    assert exact(False, "bool") is sympy.false


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        exact(number)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_float32_comes_back_from_its_formula(number: float) -> None:
    assert single(float(exact(number, "float32"))) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float64_comes_back_from_its_formula(number: float) -> None:
    assert float(exact(number)) == number
