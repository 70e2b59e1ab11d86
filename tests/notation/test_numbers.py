import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizgraph.model import Value
from vizgraph.notation.numbers import brief, shape, show, summary


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1.100000023841858, "1.1"),
        (0.6000000238418579, "0.6"),
        (-0.1966119408607483, "-0.1966"),
        (12.0, "12"),
        (12, "12"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e-7, "1e-07"),
        (0.00012345, "0.0001234"),
        (12345.678, "12346"),
        (-1234.5, "-1234"),
        (999999.0, "999999"),
        (1234567.0, "1.235e+06"),
        (10**15, "1e+15"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (True, "True"),
    ],
)
def test_a_number_is_written_as_a_person_writes_it(number: float, written: str) -> None:
    assert brief(number) == written


@given(st.floats(width=32))
def test_what_is_written_is_the_number_to_four_digits(number: float) -> None:
    assert float(brief(number)) == pytest.approx(number, rel=5.1e-4, abs=0, nan_ok=True)


def tensor(*shape: int, entries: tuple[float, ...] | None = None) -> Value:
    size = math.prod(shape)
    return Value(shape, "float32", entries or tuple(float(i) for i in range(size)))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (tensor(entries=(6.0,)), "6"),
        (tensor(3, entries=(1.0, 2.0, 3.0)), "[1, 2, 3]"),
        (tensor(2, 2), "[[0, 1], [2, 3]]"),
        (tensor(2, 1, 2), "[[[0, 1]], [[2, 3]]]"),
        (tensor(0), "[]"),
        (tensor(2, 0), "[[], []]"),
        (Value((2,), "bool", (True, False)), "[True, False]"),
        (Value((3, 4), "float32", None, -1.2000000476837158, 3.4, 9.0), "3×4, -1.2 … 3.4"),
        (Value((1000,), "float32", None, 0.0, 1.0, 9.0), "1000 entries, 0 … 1"),
        (Value((3, 4), "complex64", None), "3×4"),
    ],
)
def test_a_value_is_shown_whole_where_it_fits(value: Value, written: str) -> None:
    assert show(value) == written


def test_a_long_vector_keeps_its_ends() -> None:
    ninths = tensor(9, entries=tuple(i / 10 for i in range(1, 10)))
    assert show(ninths, width=20) == "[0.1, 0.2, …, 0.9]"
    assert show(ninths, width=5) == "9 entries"


def test_a_large_matrix_keeps_its_first_and_last_rows_or_becomes_a_summary() -> None:
    assert show(tensor(5, 2), width=30) == "[[0, 1], [2, 3], …, [8, 9]]"
    assert show(tensor(3, 20), width=30) == "3×20, 0 … 59"
    assert show(tensor(2, 3, 4), width=30) == "2×3×4, 0 … 23"


def test_a_summary_tells_of_entries_that_are_not_numbers() -> None:
    assert summary(tensor(2, entries=(math.nan, math.nan))) == "2 entries, nan"
    assert summary(tensor(2, entries=(math.nan, 4.0))) == "2 entries, all 4, nan"
    assert summary(tensor(2, entries=(math.nan, 4.0)), width=12) == "nan"


def test_a_scalar_has_no_shape_to_write() -> None:
    assert shape(tensor(entries=(1.0,))) == ""


@given(st.lists(st.floats(width=32), min_size=1, max_size=30), st.integers(min_value=12, max_value=80))
def test_a_vector_never_takes_more_room_than_it_was_given(entries: list[float], width: int) -> None:
    assert len(show(Value((len(entries),), "float32", tuple(entries)), width)) <= width
