"""What the page is given to follow v by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

import vizgraph
from vizgraph.model import Value
from vizgraph.telling import holes
from vizgraph.telling.holes import Marked, fitting, if_one

SEED = "y1 = x1*x2*x3\ny2 = x1 + x2 + x3\ny3 = x1 + x2*x3"
TWICE = """
import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * x
y.backward(torch.tensor([1.0, 1.0]))
{between}
z = (3 * x).sum()
z.backward()
"""


def live(source: str, view: str = "math", **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = vizgraph.visualize(source, **given).payload()["views"][view]["live"]
    return found


def total(data: dict[str, Any], quantity: int, vs: list[list[float]]) -> list[float]:
    """A quantity as the page computes it."""
    one = data["quantities"][quantity]
    entries = torch.tensor(one["constant"] or [0.0] * len(one["recorded"]), dtype=torch.float64)
    for number, matrix in one["terms"]:
        v = torch.tensor(vs[number], dtype=torch.float64)
        entries += v @ torch.tensor(data["matrices"][matrix], dtype=torch.float64).reshape(len(v), -1)
    found: list[float] = entries.tolist()
    return found


def last_grad(data: dict[str, Any], leaf: str) -> int:
    """The quantity that stands on a leaf at the end."""
    text = data["beats"][-1]["gradients"][leaf]
    found = re.fullmatch(rf"{holes.OPEN}t(\d+){holes.CLOSE}", text)
    assert found is not None, text
    return int(found[1])


@pytest.mark.parametrize("view", ["math", "engine"])
def test_the_grad_of_a_leaf_is_v_times_the_jacobian_for_any_v(view: str) -> None:
    data = live(SEED, view, values={"x1": 1, "x2": 2, "x3": 3}, gradient=[0.1, 0.2, 0.3])
    v = [2.0, -1.0, 0.5]
    expected = torch.tensor(v) @ torch.tensor([[6.0, 3.0, 2.0], [1.0, 1.0, 1.0], [1.0, 3.0, 2.0]])
    found = [total(data, last_grad(data, leaf), [v])[0] for leaf in ("x1", "x2", "x3")]
    assert found == pytest.approx(expected.tolist())


def test_passes_add_up_in_grad_each_with_its_own_v() -> None:
    data = live(TWICE.format(between=""))
    quantity = last_grad(data, "x")
    assert total(data, quantity, [[1.0, 1.0], [1.0]]) == [5.0, 7.0]
    assert total(data, quantity, [[10.0, 0.0], [2.0]]) == [26.0, 6.0]
    assert data["quantities"][quantity]["recorded"] == [5.0, 7.0]


def test_a_grad_that_the_program_cleared_forgets_the_pass_before() -> None:
    data = live(TWICE.format(between="x.grad.zero_()"))
    assert total(data, last_grad(data, "x"), [[10.0, 0.0], [2.0]]) == [6.0, 6.0]


def test_a_pass_says_where_the_program_itself_placed_its_v() -> None:
    assert [one["line"] for one in live(TWICE.format(between=""))["passes"]] == [4, 7]
    assert [one["line"] for one in live("y = 2 * x")["passes"]] == [None]


def test_a_program_that_failed_or_has_a_large_v_is_not_followed() -> None:
    assert live("y = 2 * x", values={"x": [1.0] * 9}) is None
    assert live("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * x\ny.backward()") is None


def test_numbers_that_json_lacks_are_written_as_words() -> None:
    data = live("y = sqrt(x)", values={"x": 0})
    assert ["inf"] in data["matrices"]


def test_texts_without_a_number_that_follows_v_do_not_travel_twice() -> None:
    data = live("y = 2 * x", values={"x": 3})
    assert data["beats"][0] == {}
    assert all(holes.is_in(text) for beat in data["beats"] for text in beat.values() if isinstance(text, str))


def test_a_hole_takes_the_first_text_that_fits() -> None:
    assert fitting(4, "", ["+1 +2", "+1", "1 of 2"]) == "+1"
    assert fitting(4, "123456", ["+1 +2", "+1", "1 of 2"]) == "+1 +2"
    assert holes.is_in(fitting(4, "", [holes.hole("b", "x"), "+1"]))


def test_a_value_that_follows_v_leaves_the_choice_open() -> None:
    assert if_one(Value((), "float32", (1.0,)), "one", "other") == "one"
    assert if_one(Value((), "float32", (2.0,)), "one", "other") == "other"
    assert "one" in if_one(Marked((), "float32", (1.0,), quantity=0), "one", "other")
