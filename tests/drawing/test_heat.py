"""What a view can be coloured by: torch's own norms."""

from __future__ import annotations

import pytest
import torch

import vizgraph
from vizgraph.drawing.heat import heat


def test_the_norms_are_torchs() -> None:
    x = torch.tensor([3.0, 4.0], requires_grad=True)
    y = (x * x).sum()
    (found,) = heat(vizgraph.trace(y, names={"x": x}).views["engine"])["passes"]
    y.backward()
    assert found["nodes"]["x"] == pytest.approx(x.grad.norm().item(), rel=1e-3)
    assert found["edges"]["x__mul_1__0"] == pytest.approx(x.detach().norm().item(), rel=1e-3)


def test_what_is_not_finite_is_said_so_and_zero_is_zero() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    w = torch.ones(2, requires_grad=True)
    (found,) = heat(vizgraph.trace((x.sqrt() + w * 0).sum(), names={"x": x, "w": w}).views["engine"])["passes"]
    assert (found["nodes"]["x"], found["nodes"]["w"]) == ("nan", 0.0)


def test_forward_norms_are_of_the_values_that_are_known() -> None:
    view = vizgraph.visualize("y = x * 2", values={"x": [3, 4]}).views["math"]
    assert heat(view)["forward"] == {"x": 5.0, "mul_1": 10.0}
