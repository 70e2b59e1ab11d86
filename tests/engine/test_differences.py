"""Finite differences of recorded programs; the oracle is the derivative from a textbook, or torch's autograd."""

from __future__ import annotations

import math
from typing import Any

import pytest

from vizgraph import engine, language
from vizgraph.lessons import Lesson, lessons
from vizgraph.model import Differences


def differences(source: str, values: Any = None, **more: Any) -> Differences:
    found = engine.differences(engine.run(language.parse(source), values, **more))
    assert found is not None
    return found


# A program that asks for a gradient inside has no record that could be run again on other values.
REPLAYED = [one for one in lessons() if "error" not in one.expect and one.id != "second_derivative"]


@pytest.mark.parametrize("one", REPLAYED, ids=lambda one: one.id)
def test_every_lesson_has_the_jacobian_that_autograd_found(one: Lesson) -> None:
    run = engine.run(language.parse(one.program), one.values, one.requires_grad, one.gradient)
    last = next(one for one in reversed(run.passes) if one.jacobian)
    assert last.jacobian is not None
    found = engine.differences(run)
    assert found is not None
    assert found.reason is None
    assert found.entries == pytest.approx(last.jacobian.matrix.entries, rel=1e-5, abs=1e-6)
    assert not any(found.kinks)


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("y = sin(x)", 0.7, math.cos(0.7)), ("y = exp(x)", 2.0, math.exp(2)), ("y = x**3", -1.5, 6.75),
        ("y = 1/x", 0.25, -16.0), ("y = log(x)", 3.0, 1 / 3), ("y = sqrt(x)", 4.0, 0.25),
        ("y = exp(x)", 12.0, math.exp(12)),
    ],
)  # fmt: skip
def test_a_difference_is_the_derivative(source: str, x: float, expected: float) -> None:
    found = differences(source, {"x": x})
    assert found.entries[0] == pytest.approx(expected, rel=1e-7)  # 0.7 is not exactly 0.7 in float32
    assert found.kinks == (False,)


@pytest.mark.parametrize("source", ["y = relu(x)", "y = abs(x)", "y = maximum(x, 2*x)", "y = clamp(x, 0, 1)"])
def test_a_kink_is_told(source: str) -> None:
    assert differences(source, {"x": 0.0}).kinks == (True,)
    assert differences(source, {"x": 0.5}).kinks == (False,)


def test_a_strong_curve_is_no_kink() -> None:
    assert differences("y = sin(500*x)", {"x": 0.3}).kinks == (False,)


def test_float32_is_differenced_in_float64() -> None:
    source = "import torch\nx = torch.tensor([0.1, 0.2], requires_grad=True)\ny = (x**3).sum()\ny.backward()"
    assert differences(source).entries == pytest.approx([3 * 0.1**2, 3 * 0.2**2], rel=1e-7)


def test_writes_indices_and_constants_are_done_again() -> None:
    source = (
        "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = torch.zeros(2)\n"
        "y[0] = x[0]*x[2]\ny[1:] = x[1:2]**2\ny.backward(torch.ones(2))"
    )
    assert differences(source).entries == pytest.approx([3, 0, 1, 0, 4, 0])


def test_a_cut_keeps_the_value_that_it_had() -> None:
    source = "import torch\nx = torch.tensor(3.0, requires_grad=True)\nz = x*x.detach()\nz.backward()"
    assert differences(source).entries == pytest.approx([3.0])


def test_what_is_random_has_no_difference_and_says_why() -> None:
    source = (
        "import torch\ntorch.manual_seed(0)\nx = torch.ones(8, requires_grad=True)\n"
        "y = torch.nn.functional.dropout(x, 0.5).sum()\ny.backward()"
    )
    found = differences(source)
    assert found.entries == (None,) * 8
    assert "dropout" in (found.reason or "")


def test_there_are_none_without_a_backward_pass() -> None:
    source = "import torch\nx = torch.ones(2, requires_grad=True)\ny = x*2\n"
    run = engine.run(language.parse(source))
    assert all(one.jacobian is None for one in run.passes) == (engine.differences(run) is None)
