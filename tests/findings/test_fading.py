"""Vanishing, exploding, dead: against norms that torch's own hooks measure."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

import vizgraph
from vizgraph.findings import Findings
from vizgraph.numbers import brief


def tower(depth: int, activation: type[nn.Module], gain: float = 1.0) -> nn.Sequential:
    torch.manual_seed(0)
    layers = [layer for _ in range(depth) for layer in (nn.Linear(8, 8), activation())]
    with torch.no_grad():
        for layer in layers[::2]:
            layer.weight.mul_(gain)
    return nn.Sequential(*layers)


def findings(model: nn.Module, data: torch.Tensor) -> Findings:
    return vizgraph.trace(model(data).sum(), names=model).findings


def test_a_tower_of_sigmoids_loses_its_gradient_and_is_told_with_torchs_norm() -> None:
    model, data = tower(20, nn.Sigmoid), torch.ones(4, 8)
    (finding,) = findings(model, data)
    model(data).sum().backward()
    assert (finding.kind, finding.severity) == ("vanishing", "warning")
    assert "sigmoid shrinks it most, 20 times" in finding.sentence
    leaf = re.search(r"to (\S+): .* only (\S+) is left", finding.sentence)
    assert leaf is not None
    assert brief(model.get_parameter(leaf[1]).grad.norm().item()) == leaf[2]


def test_a_sound_tower_has_no_findings() -> None:
    assert findings(tower(6, nn.Tanh), torch.randn(16, 8)) == ()


def test_a_swelling_tower_explodes() -> None:
    (finding,) = findings(tower(30, nn.Identity, 12.0), torch.ones(4, 8))
    assert finding.kind == "exploding"
    assert re.search(r"addmm swells it most, \d\d times", finding.sentence)


def test_one_operation_that_swells_it_is_named_itself() -> None:
    x = torch.zeros(4, requires_grad=True)
    (finding,) = vizgraph.trace(nn.functional.normalize(x + 1e-20, dim=0).sum(), names={"x": x}).findings
    assert finding.kind == "exploding"
    assert "DivBackward0" in finding.sentence


def test_a_layer_of_dead_units_is_named() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
    with torch.no_grad():
        model[0].bias.fill_(-100)
    dead = findings(model, torch.randn(16, 4))[0]
    assert (dead.kind, dead.severity) == ("dead", "warning")
    assert not model[:2](torch.randn(16, 4)).any()


def test_single_dead_units_are_counted_where_the_numbers_are_kept() -> None:
    picture = vizgraph.visualize(
        "import torch\nimport torch.nn as nn\ntorch.manual_seed(0)\n"
        "layer = nn.Linear(2, 4)\n"
        "with torch.no_grad():\n    layer.bias[1] = -100.0\n"
        "y = torch.relu(layer(torch.ones(8, 2)))\ny.sum().backward()\n"
    )
    expected = [unit for unit in range(4) if not any(picture.run.calls[-2].values[0].entries[unit::4])]
    (finding,) = picture.findings
    assert 1 in expected
    assert f"{len(expected)} of 4 units" in finding.sentence


def test_ten_thousand_operations_are_searched_without_recursion() -> None:
    x = torch.ones(3, requires_grad=True)
    y = x
    for _ in range(10_000):
        y = y * 0.99
    (finding,) = vizgraph.trace(y.sum(), names={"x": x}).findings
    assert finding.kind == "vanishing"
    assert "mul shrinks it most, 10000 times" in finding.sentence


@pytest.mark.parametrize(("ratio", "kinds"), [(1e-8, ["vanishing"]), (1e-6, []), (1e5, []), (1e7, ["exploding"])])
def test_the_limits_are_the_ones_that_are_written_down(ratio: float, kinds: list[str]) -> None:
    """docs/debugging.md: below 10⁻⁷ or above 10⁶ times."""
    x = torch.ones(3, requires_grad=True)
    y = x
    for _ in range(40):
        y = y * ratio ** (1 / 40)
    assert [finding.kind for finding in vizgraph.trace(y.sum(), names={"x": x}).findings] == kinds
