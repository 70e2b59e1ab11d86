"""Vanishing, exploding, dead: against norms that torch's own hooks measure."""

from __future__ import annotations

import re

import pytest
import torch
from torch import nn

import vizgraph
from vizgraph.findings import Findings
from vizgraph.notation.numbers import brief


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
    assert "sigmoid shrinks it most: 20 of them" in finding.sentence
    leaf = re.search(r"to (\S+): .* only (\S+) is left", finding.sentence)
    assert leaf is not None
    assert brief(model.get_parameter(leaf[1]).grad.norm().item()) == leaf[2]


def test_a_sound_tower_has_no_findings() -> None:
    assert findings(tower(6, nn.Tanh), torch.randn(16, 8)) == ()


def test_a_swelling_tower_explodes() -> None:
    (finding,) = findings(tower(30, nn.Identity, 12.0), torch.ones(4, 8))
    assert finding.kind == "exploding"
    assert re.search(r"addmm swells it most: \d\d of them", finding.sentence)


class Branching(nn.Module):
    """Residual layers whose branches start small, step by step, so that they do nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding = nn.Embedding(5, 8)
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        x = self.embedding(words)
        for layer in self.layers:
            branch = layer(x)
            for _ in range(5):
                branch = (branch * 0.02).tanh()
            x = x + branch
        return x


def test_a_branch_that_is_small_beside_a_sound_way_is_only_noted() -> None:
    model, words = Branching(), torch.arange(5)
    (finding,) = findings(model, words)
    model(words).sum().backward()
    branch, beside = model.layers[0].weight.grad.norm().item(), model.embedding.weight.grad.norm().item()
    assert branch < 1e-7 * beside
    assert (finding.kind, finding.severity) == ("vanishing", "note")
    assert "Nothing to mend" in finding.fix
    vizgraph.check(model(words).sum(), names=model)


def test_a_branch_of_many_layers_that_vanishes_beside_a_sound_way_is_a_warning() -> None:
    branch, before = tower(40, nn.Sigmoid), nn.Linear(8, 8)
    model = nn.ModuleDict({"branch": branch, "before": before})
    hidden = before(torch.ones(4, 8))
    (finding,) = vizgraph.trace((hidden.square() + branch(hidden)).sum(), names=model).findings
    assert (finding.kind, finding.severity) == ("vanishing", "warning")


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
    assert "mul shrinks it most: 10000 of them" in finding.sentence


@pytest.mark.parametrize(("ratio", "kinds"), [(1e-8, ["vanishing"]), (1e-6, []), (1e5, []), (1e7, ["exploding"])])
def test_the_limits_are_the_ones_that_are_written_down(ratio: float, kinds: list[str]) -> None:
    """docs/debugging.md: below 10⁻⁷ or above 10⁶ times."""
    x = torch.ones(3, requires_grad=True)
    y = x
    for _ in range(40):
        y = y * ratio ** (1 / 40)
    assert [finding.kind for finding in vizgraph.trace(y.sum(), names={"x": x}).findings] == kinds


def chain(x: torch.Tensor, factor: float, steps: int = 20) -> torch.Tensor:
    for _ in range(steps):
        x = x * factor
    return x


def test_contributions_that_cancel_are_0_and_do_not_vanish() -> None:
    """Each of them vanishes on its way, and their sum is exactly 0: that is one finding, and not two."""
    x = torch.ones(3, requires_grad=True)
    loss = (chain(x, 0.1) - chain(x, 0.1)).sum()
    assert not torch.autograd.grad(loss, x, retain_graph=True)[0].any()
    assert [finding.kind for finding in vizgraph.trace(loss, names={"x": x}).findings] == ["zero"]


def test_a_gradient_that_was_infinite_on_its_way_has_no_ratio() -> None:
    """A hook made it finite again: it overflowed, and it neither vanished nor exploded."""
    x = torch.ones(3, requires_grad=True)
    hidden = x * 1e20
    hidden.register_hook(lambda gradient: gradient.clamp(-1, 1))
    loss = chain(chain(hidden, 1e30, 2), 0.5).sum()
    assert torch.autograd.grad(loss, x, retain_graph=True)[0].isfinite().all()
    kinds = {finding.kind for finding in vizgraph.trace(loss, names={"x": x}).findings}
    assert "gradient" in kinds
    assert not kinds & {"vanishing", "exploding"}


class Stubborn(torch.autograd.Function):
    """Hands on a gradient of its own, whatever arrives."""

    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: object, gradient: torch.Tensor) -> torch.Tensor:
        return torch.ones_like(gradient)


def test_a_gradient_that_begins_in_the_middle_has_no_way_to_be_told() -> None:
    x = torch.ones(3, requires_grad=True)
    loss = (Stubborn.apply(chain(x, 0.5)) * 0).sum()
    assert torch.autograd.grad(loss, x, retain_graph=True)[0].all()
    assert not {"vanishing", "exploding"} & {finding.kind for finding in vizgraph.trace(loss).findings}


def test_a_short_way_that_swells_is_about_the_data_and_not_about_depth() -> None:
    torch.manual_seed(0)
    model, data = nn.Linear(4, 1), torch.randn(1000, 4) * 1000
    with vizgraph.record(model) as recording:
        loss = model(data).square().sum()
    (finding,) = recording.trace(loss).findings
    assert finding.kind == "exploding"
    assert finding.fix.startswith("Normalise the data")
    model, data = nn.Linear(4, 1), data / data.std()
    assert vizgraph.trace(model(data).square().mean(), names=model).findings == ()


def test_the_scale_of_a_loss_in_mixed_precision_is_no_explosion() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    loss = model(torch.randn(8, 4)).square().mean()
    assert vizgraph.trace(loss * 2.0**24, names=model).findings == ()
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24)
    assert vizgraph.trace(scaler.scale(loss), names=model).findings == ()
    entries = model(torch.randn(8, 4)) * 2.0**24  # not the loss: what it is made of
    assert [finding.kind for finding in vizgraph.trace(entries, torch.ones(8, 1), names=model).findings] == [
        "exploding"
    ]


@pytest.mark.parametrize("is_picture", [False, True])
def test_single_dead_units_of_a_large_layer_are_counted_by_what_torch_keeps(is_picture: bool) -> None:
    torch.manual_seed(0)
    first = nn.Conv2d(1, 12, 3) if is_picture else nn.Linear(6, 12)
    with torch.no_grad():
        first.bias[3] = first.bias[7] = -50.0
    model = nn.Sequential(first, nn.ReLU(), nn.Flatten(), nn.LazyLinear(1))
    data = torch.randn(40, 1, 6, 6) if is_picture else torch.randn(40, 6)
    units = model[:2](data).movedim(1, 0).flatten(1)
    assert [place for place, unit in enumerate(units) if not unit.any()] == [3, 7]
    with vizgraph.record(model) as recording:
        loss = model(data).square().mean()
    (finding,) = recording.trace(loss).findings
    assert (finding.kind, finding.severity, finding.module) == ("dead", "note", "1")
    assert finding.sentence.startswith("2 of 12 units of ReluBackward0 are 0 for all")
    assert finding.sentence.endswith(f"{units.shape[1]} examples: 3, 7.")


def test_few_examples_say_nothing_about_the_units_of_a_large_layer() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(6, 512), nn.ReLU(), nn.Linear(512, 1))
    data = torch.randn(8, 6)
    assert not model[:2](data).any(0).all()  # some are off for these eight
    assert vizgraph.trace(model(data).square().mean(), names=model).findings == ()
