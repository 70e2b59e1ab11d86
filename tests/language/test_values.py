"""Read values as people type them."""

from __future__ import annotations

import ast
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizgraph.errors import VizgraphError
from vizgraph.language.values import read_value, read_values, shape_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), (" 1.5 ", 1.5), ("-2", -2), ("+3", 3), ("1e-3", 0.001), ("1/4", 0.25), ("2**10", 1024), ("2^3", 8),
        ("[1, 2]", (1, 2)), ("1, 2", (1, 2)), ("(1, 2)", (1, 2)), ("[[1, 2], [3, 4]]", ((1, 2), (3, 4))), ("[]", ()),
        ("pi", math.pi), ("-pi/2", -math.pi / 2), ("inf", math.inf), ("True", True), ("[1, 2,]", (1, 2)),
        ("[1,\n 2]", (1, 2)), ("1_000", 1000), ("−1", -1), ("[1， 2]", (1, 2)), ("0x10", 16),
        ("1.", 1.0), (".5", 0.5), ("2*3+1", 7), ("1e400", math.inf),
    ],
)  # fmt: skip
def test_a_typed_value_is_read(text: str, value: Any) -> None:
    assert read_value(text) == value


@given(
    st.recursive(st.floats(allow_nan=False) | st.integers(-(10**15), 10**15), lambda inner: st.lists(inner, max_size=3))
)
def test_what_python_writes_is_read_as_python_reads_it(value: Any) -> None:
    text = repr(value)
    if "inf" in text:
        return
    if not is_even(value):
        with pytest.raises(VizgraphError, match="the rows have different lengths"):
            read_value(text)
        return
    mine = read_value(text)
    assert as_lists(mine) == ast.literal_eval(text)


def is_even(value: Any) -> bool:
    """Whether numpy would call it an array."""
    return not isinstance(value, list) or (all(map(is_even, value)) and len({shape(item) for item in value}) <= 1)


def shape(value: Any) -> tuple[int, ...]:
    return (len(value), *(shape(value[0]) if value else ())) if isinstance(value, list) else ()


def as_lists(value: Any) -> Any:
    return [as_lists(item) for item in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "abc", "[1, two]", "[1,,2]", "1; 2", "[1, 2", "1 2", "'a'", "1j", "None", "x + 1", "f(1)",
        "[[1], [1, 2]]",
        "1/0", "0**-1", "9**9**9", "10**400", "-[1, 2]", "[1] + [2]", "lambda: 0", "{1: 2}", "1 if 1 else 2",
        "[i for i in x]",
        "12345678901234567890", "x.y", "a[0]", "@", "\x00", "[" * 300 + "]" * 300, "--" * 2000 + "1", "(-8)**(1/3)",
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(VizgraphError) as caught:
        read_value(text)
    assert len(caught.value.message) < 120
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "../../etc/passwd", "__import__('os')", "a" * 400])
def test_a_text_that_is_not_plain_is_not_repeated(text: str) -> None:
    with pytest.raises(VizgraphError) as caught:
        read_value(text)
    assert text not in caught.value.message


@pytest.mark.parametrize("data", [None, {"a": 1}, object(), ["a"], [None], [[1, 2], [3]], 10**16, b"1"])
def test_data_that_is_no_value_is_refused(data: Any) -> None:
    with pytest.raises(VizgraphError):
        read_value(data)


def test_numbers_that_json_lacks_are_given_as_strings_in_lists() -> None:
    assert read_value(["inf", "-inf", 1]) == (math.inf, -math.inf, 1)


def test_a_list_of_values_may_have_any_shapes() -> None:
    assert read_values("[1, [2, 3], [[4]]]") == (1, (2, 3), ((4,),))
    assert read_values(2) == (2,)
    with pytest.raises(VizgraphError, match="different lengths"):
        read_values([[1, [2]], 3])


def test_the_shape_of_a_value() -> None:
    assert [shape_of(value) for value in (1, (), (1, 2), ((1, 2), (3, 4)), ((), ()))] == [
        (),
        (0,),
        (2,),
        (2, 2),
        (2, 0),
    ]


def test_a_character_that_no_value_has_is_named_without_a_place_in_the_program() -> None:
    with pytest.raises(VizgraphError, match="RIGHT-TO-LEFT OVERRIDE can't stand in a value") as caught:
        read_value("\u202e1")
    assert caught.value.span is None
