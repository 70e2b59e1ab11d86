"""Send runs as JSON and get the same runs back."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vizgraph import engine, language
from vizgraph.codec import decode, encode
from vizgraph.lessons import lessons
from vizgraph.model import Call, Derivation, Graph, Matrix, Node, Ref, Run, Slice, Span, Value

PROGRAMS = [
    "import torch\nx = torch.ones(2, requires_grad=True)\ny = x.clone()\ny[0] = x[1] * 3\n"
    "y.sum().backward()\nx.grad.zero_()",
    "import torch\nx = torch.ones(2, requires_grad=True)\n(x * x).backward()",
    "y1, y2 = x.unbind()\nz = torch.sum(x[0:1], dim=0, keepdim=True) * y1 ** 2",
]


def through_json(kind: Any, value: Any) -> Any:
    return decode(kind, json.loads(json.dumps(encode(value), allow_nan=False)))


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
def test_the_run_of_a_lesson_comes_back_equal(one: Any) -> None:
    run = engine.run(language.parse(one.program), dict(one.values), one.requires_grad, one.gradient)
    assert repr(through_json(Run, run)) == repr(run)  # nan, which one lesson is about, is not equal to itself


@pytest.mark.parametrize("source", PROGRAMS)
def test_the_run_of_a_program_comes_back_equal(source: str) -> None:
    values = {} if "import" in source else {"x": [1, 2]}
    run = engine.run(language.parse(source), values)
    assert through_json(Run, run) == run


NUMBERS = st.floats(allow_nan=True) | st.integers(-(2**53), 2**53) | st.booleans()
SPANS = st.builds(Span, *(st.integers(1, 99) for _ in range(4)))
VALUES = st.builds(
    Value,
    st.lists(st.integers(0, 9), max_size=3).map(tuple),
    st.sampled_from(["float32", "int64"]),
    st.none() | st.lists(NUMBERS, max_size=4).map(tuple),
    st.none() | st.floats(),
    st.none() | st.floats(),
    st.none() | st.floats(),
    st.booleans(),
)
ARGUMENTS = st.recursive(
    st.builds(Ref, st.text(max_size=5), st.integers(0, 3))
    | st.builds(Slice, *(st.none() | st.integers(-9, 9) for _ in range(3)))
    | NUMBERS
    | st.none()
    | st.text(max_size=5).filter(lambda text: text not in ("nan", "inf", "-inf")),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)
CALLS = st.builds(
    Call,
    id=st.text(),
    kind=st.sampled_from(["leaf", "operation", "cut"]),
    operation=st.text(),
    arguments=st.lists(ARGUMENTS, max_size=3).map(tuple),
    keywords=st.lists(st.tuples(st.text(), ARGUMENTS), max_size=2).map(tuple),
    nodes=st.lists(st.text(), max_size=2).map(tuple),
    name=st.none() | st.text(),
    expression=st.text(),
    values=st.lists(VALUES, max_size=2).map(tuple),
    span=st.none() | SPANS,
    inplace=st.booleans(),
)


@given(CALLS)
def test_any_call_comes_back_equal(call: Call) -> None:
    assert repr(through_json(Call, call)) == repr(call)  # nan is not equal to itself


@given(VALUES)
def test_any_value_comes_back_equal(value: Value) -> None:
    assert repr(through_json(Value, value)) == repr(value)


def test_numbers_that_json_lacks_are_strings() -> None:
    assert encode((math.nan, math.inf, -math.inf, 1.5)) == ["nan", "inf", "-inf", 1.5]
    assert through_json(Value, Value((1,), "float32", (math.inf,), finite=False)).entries == (math.inf,)
    call = Call("a", "operation", "mul", (Ref("x"), math.inf), (), (), None, "", (), None)
    assert through_json(Call, call) == call


def test_names_that_look_like_numbers_stay_names() -> None:
    node = Node("inf", "leaf", "leaf", None, "nan", "inf", None, None, None, None)
    assert through_json(Graph, Graph((node,), (), ("inf",))) == Graph((node,), (), ("inf",))


def test_a_derivation_comes_back_equal() -> None:
    derivation = Derivation(("y",), ("x",), (("2*x",),), ((2.0,),), ("2x",), (), "a note")
    assert through_json(Derivation, derivation) == derivation
    assert through_json(Matrix, Matrix(1, 2, (1.0, 2.0))) == Matrix(1, 2, (1.0, 2.0))


def test_what_is_no_value_of_the_line_is_refused() -> None:
    with pytest.raises(TypeError, match="object is not a value of the line"):
        encode(object())
