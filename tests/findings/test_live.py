"""Training code with a mistake in it, recorded as an engineer would: the reason is right, and the fix cures it.

Each of these has its mended half: torch's own gradients say that the mistake is one, and that it is gone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import vizgraph
from vizgraph.findings import Findings

Made = tuple[Any, Tensor]  # what has names, and the loss
ROWS = torch.tensor([[True, True, True], [False, True, False]])


def leaf(*numbers: float, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.tensor(numbers, dtype=dtype, requires_grad=True)


def table() -> Tensor:
    return torch.arange(6.0).reshape(2, 3).div(3).requires_grad_()


def normalised(mended: bool) -> Made:
    x = torch.zeros(2, 3, requires_grad=True)
    return {"x": x}, functional.normalize(x * 1, dim=1, eps=1e-6 if mended else 0.0).sum()


def distances(mended: bool) -> Made:
    x = torch.eye(3).requires_grad_()
    squares = ((x[:, None] - x[None]) ** 2).sum(-1)
    return {"x": x}, (squares + 1e-12 if mended else squares).sqrt().mean()


def angle(mended: bool) -> Made:
    x = leaf(1.0, 0.5)
    return {"x": x}, torch.acos(x.clamp(-1 + 1e-6, 1 - 1e-6) if mended else x.clamp(-1, 1)).mean()


def power_of_a_negative(mended: bool) -> Made:
    x = leaf(-1.0, 2.0)
    return {"x": x}, ((x.clamp(min=1e-12) if mended else x) ** 2.5).sum()


def masked_mean(mended: bool) -> Made:
    x, mask = table(), ROWS.float() * torch.tensor([[0.0], [1.0]])
    counts = mask.sum(1)
    return {"x": x}, ((x * mask).sum(1) / (counts.clamp(min=1e-12) if mended else counts)).mean()


def mean_of_nothing(mended: bool) -> Made:
    x = table()
    chosen = x[x > 100]
    return {"x": x}, chosen.sum() / max(len(chosen), 1) + x.sum() if mended else chosen.mean() + x.sum()


def masked_row(mended: bool) -> Made:
    x = table()
    scores = x.masked_fill(ROWS, -1e9 if mended else -math.inf)
    return {"x": x}, (scores.softmax(1) * torch.arange(6.0).reshape(2, 3)).sum() + x.sum()


def masked_attention(mended: bool) -> Made:
    torch.manual_seed(0)
    q = torch.randn(2, 3, 4, requires_grad=True)
    mask = torch.zeros(2, 3, 3)
    mask[1] = -1e9 if mended else -math.inf
    return {"q": q}, ((q @ q.transpose(1, 2) + mask).softmax(-1) @ q).nan_to_num().sum()


def masked_target(mended: bool) -> Made:
    x = table()
    mask = torch.zeros(2, 3, dtype=torch.bool)
    mask[:, 0] = True
    return {"x": x}, functional.cross_entropy(x.masked_fill(mask, -1e9 if mended else -math.inf), torch.tensor([0, 1]))


def ignored_targets(mended: bool) -> Made:
    x = table()
    loss = functional.cross_entropy(x, torch.tensor([-100, -100]), reduction="sum" if mended else "mean")
    return {"x": x}, loss + x.sum()


def data(mended: bool) -> Made:
    torch.manual_seed(0)
    model, x = nn.Linear(3, 2), torch.ones(2, 3)
    x[1, 2] = 1.0 if mended else math.nan
    return model, model(x).sum()


def divergence(mended: bool) -> Made:
    x, target = table(), torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    given = x.log_softmax(1) if mended else target.log()
    return {"x": x}, functional.kl_div(given, target if mended else x.softmax(1), reduction="batchmean")


def weight_of_norm_zero(mended: bool) -> Made:
    torch.manual_seed(0)
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 2))
    if not mended:
        with torch.no_grad():
            layer.parametrizations.weight.original1.zero_()
    return layer, layer(torch.ones(2, 3)).sum()


def too_large_for_half(mended: bool) -> Made:
    x = leaf(1e5, 2.0)
    return {"x": x}, (x if mended else x.half()).float().mul(2).sqrt().sum()


def singular(mended: bool) -> Made:
    x = leaf(1.0, 2.0)
    matrix = torch.outer(x, x)
    return {"x": x}, torch.logdet(matrix + torch.eye(2) * 1e-3 if mended else matrix)


def broken_update(mended: bool) -> Made:
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    if not mended:
        for parameter in model.parameters():
            parameter.data.fill_(math.nan)
    return model, model(torch.ones(2, 3)).sum()


BROKEN: dict[str, tuple[Callable[[bool], Made], str]] = {
    "normalised": (normalised, "a division by 0 is infinite or nan"),
    "distances": (distances, "the slope of sqrt at 0 is infinite, and here squares[0, 0] = 0"),
    "angle": (angle, "the slope of acos is infinite at -1 and 1"),
    "power of a negative": (power_of_a_negative, "a power of a negative number that is not whole is nan"),
    "masked mean": (masked_mean, "a division by 0 is infinite or nan, and here constant[0] = 0"),
    "mean of nothing": (mean_of_nothing, "the mean of nothing is nan"),
    "masked row": (masked_row, "every entry of scores along its dimension is -inf"),
    "masked attention": (masked_attention, "along its dimension is -inf, so softmax divides 0 by 0"),
    "masked target": (masked_target, "it is written there on purpose, and what is used further on takes such an entry"),
    "ignored targets": (ignored_targets, "every target is ignored"),
    "data": (data, "what goes into it without history, data or a constant, is nan already"),
    "divergence": (divergence, "what goes into it without history, data or a constant, is -inf already"),
    "weight of norm 0": (weight_of_norm_zero, "it divides by the norm of parametrizations.weight.original1"),
    "too large for half": (too_large_for_half, "x has numbers that are too large for float16"),
    "singular": (singular, "is singular: it has no inverse"),
    "broken update": (broken_update, "bias, weight are not finite before anything is computed"),
}


def findings(make: Callable[[bool], Made], mended: bool) -> Findings:
    with vizgraph.record() as recording:
        named, loss = make(mended)
    return recording.trace(loss, names=named).findings


def gradients(make: Callable[[bool], Made], mended: bool) -> list[Tensor | None]:
    """By torch alone."""
    named, loss = make(mended)
    loss.backward()
    leaves = named.parameters() if isinstance(named, nn.Module) else named.values()
    return [loss.detach(), *(one.grad for one in leaves)]


def are_finite(tensors: list[Tensor | None]) -> bool:
    return all(tensor is not None and bool(tensor.isfinite().all()) for tensor in tensors)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_finite_has_its_reason_and_the_suggestion_cures_it(name: str) -> None:
    make, reason = BROKEN[name]
    assert not are_finite(gradients(make, mended=False))
    first = findings(make, mended=False)[0]
    assert first.severity == "error"
    assert reason in first.sentence
    assert first.fix
    assert are_finite(gradients(make, mended=True))
    assert [one.kind for one in findings(make, mended=True) if one.severity == "error"] == []


def two_layers(first: float, second: float) -> nn.Sequential:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    with torch.no_grad():
        for layer, factor in ((model[0], first), (model[2], second)):
            layer.weight.mul_(factor)
            layer.bias.mul_(factor)
    return model


def both_zero(mended: bool) -> Made:
    model = two_layers(1.0 if mended else 0.0, 1.0 if mended else 0.0)
    return model, (model(torch.ones(8, 3)) - 1).square().mean()


def one_class(mended: bool) -> Made:
    model = two_layers(1.0, 1.0)
    score = model(torch.ones(8, 3))
    if mended:
        return model, functional.binary_cross_entropy_with_logits(score, torch.ones(8, 1))
    return model, functional.cross_entropy(score, torch.zeros(8, dtype=torch.long))


def underflow(mended: bool) -> Made:
    x = leaf(1.0, 2.0)
    half = x.half() * 1e-3
    return {"x": x}, half.float().mul(1e-6).sum() * (65536 if mended else 1)


def dead(mended: bool) -> Made:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.LeakyReLU() if mended else nn.ReLU(), nn.Flatten(), nn.Linear(48, 1))
    with torch.no_grad():
        model[0].bias.fill_(-50.0)
    return model, model(torch.ones(8, 1, 6, 6)).mean()


STILL: dict[str, tuple[Callable[[bool], Made], str]] = {
    "both zero": (both_zero, "multiplies it by 2.weight, which is 0 everywhere. The gradient of 2.weight is 0, too"),
    "one class": (one_class, "has one entry, and the softmax of one number is 1 whatever it is"),
    "underflow": (underflow, "so small that it rounds to 0"),
    "dead": (dead, "is 0 for every example"),
}


@pytest.mark.parametrize("name", STILL)
def test_what_stands_still_is_one_warning_with_its_reason_and_the_suggestion_moves_it(name: str) -> None:
    make, reason = STILL[name]
    assert any(gradient is not None and not gradient.any() for gradient in gradients(make, mended=False)[1:])
    (finding,) = findings(make, mended=False)
    assert finding.severity == "warning"
    assert reason in finding.sentence
    assert all(gradient is not None and bool(gradient.any()) for gradient in gradients(make, mended=True)[1:])
    assert findings(make, mended=True) == ()


def test_a_factor_that_only_begins_at_0_is_a_note() -> None:
    """The head of a network, the B of an adapter, the gain of a residual branch: it moves first."""
    model = two_layers(1.0, 0.0)
    with vizgraph.record(model) as recording:
        loss = (model(torch.ones(8, 3)) - 1).square().mean()
    (finding,) = recording.trace(loss).findings
    assert (finding.kind, finding.severity) == ("zero", "note")
    assert finding.fix.startswith("Nothing to mend: 2.weight has a gradient, and 0.bias, 0.weight will have one")
    loss.backward()
    assert bool(model[2].weight.grad.any())
    assert not model[0].weight.grad.any()


def test_a_factor_of_0_that_is_no_leaf_is_named_as_one() -> None:
    x = leaf(1.0, 2.0)
    (finding,) = vizgraph.trace((0.0 * x.exp()).sum(), names={"x": x}).findings
    assert finding.severity == "note"
    assert "multiplies it by 0" in finding.sentence


def test_a_batch_that_meets_its_margin_is_no_dead_layer() -> None:
    torch.manual_seed(0)
    model = nn.Linear(3, 1)
    with vizgraph.record(model) as recording:
        loss = torch.relu(1 - (model(torch.ones(8, 3)) + 50)).mean()
    (finding,) = recording.trace(loss).findings
    assert (finding.kind, finding.severity) == ("zero", "note")
    assert loss.item() == 0


def test_a_small_number_that_a_narrow_dtype_loses_is_not_suggested_alone() -> None:
    x = leaf(0.0, 4.0, dtype=torch.float16)
    finding = vizgraph.trace(x.sqrt().sum(), names={"x": x}).findings[0]
    assert finding.fix.endswith("Do it in float32, x.float(): so small a number is lost in float16.")
    (narrow,) = torch.autograd.grad((x + 1e-12).sqrt().sum(), x)
    assert not narrow.isfinite().all()
    wide = leaf(0.0, 4.0)
    assert torch.autograd.grad((wide + 1e-12).sqrt().sum(), wide)[0].isfinite().all()
    assert "float32, x.float()" not in vizgraph.trace(wide.sqrt().sum(), names={"x": wide}).findings[0].fix


def test_a_saturated_softmax_of_several_classes_is_not_one_of_a_single_class() -> None:
    x = leaf(200.0, -200.0)
    (finding,) = vizgraph.trace(x.mul(2).softmax(0)[0], names={"x": x}).findings
    assert "is saturated" in finding.sentence


def test_a_mask_that_the_loss_never_sees_is_not_blamed_for_the_gradient() -> None:
    """The row of nothing but -inf is told where it breaks; filling in -inf is right in itself."""
    x = table()
    with vizgraph.record() as recording:
        loss = torch.logsumexp(x.masked_fill(ROWS, -math.inf), 1).exp().sum() + x.sum()
    assert math.isfinite(loss.item())
    (finding,) = recording.trace(loss, names={"x": x}).findings
    assert (finding.kind, "along its dimension is -inf" in finding.sentence) == ("gradient", True)
