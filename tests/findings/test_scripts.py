"""Faults in training scripts as people write them: flows, speech, policies, graphs, half precision.

Each has its mended half, in which torch's own gradients are finite and no error is found.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import vizgraph
from vizgraph.findings import Findings

Made = tuple[nn.Module, Tensor]


def speech(mended: bool) -> Made:
    """Five letters do not fit into four steps."""
    model, target = nn.Linear(8, 6), torch.tensor([[1, 2, 3, 4, 5], [1, 2, 3, 0, 0]])
    spoken = model(torch.randn(4, 2, 8)).log_softmax(-1)
    lengths = torch.tensor([4, 4]), torch.tensor([5, 3])
    return model, functional.ctc_loss(spoken, target, *lengths, zero_infinity=mended)


def flow(mended: bool) -> Made:
    model = nn.Linear(3, 3, bias=False)
    with torch.no_grad():
        model.weight.zero_()
    return model, -torch.slogdet(model.weight + torch.eye(3) if mended else model.weight)[1]


def half_attention(mended: bool) -> Made:
    model, x = nn.Linear(8, 8), torch.randn(3, 5, 8) * 1000
    with torch.autocast("cpu", torch.bfloat16 if mended else torch.float16):
        scores = model(x) @ model(x).transpose(1, 2)
    return model, scores.softmax(-1).square().mean()


def variational(mended: bool) -> Made:
    model = nn.Linear(4, 4)
    nn.init.constant_(model.weight, 0.1)
    mean, spread = model(torch.ones(2, 4) * 1000).chunk(2, 1)
    wide = functional.softplus(spread) if mended else spread.exp()
    return model, (mean + wide).mean()


BROKEN: dict[str, tuple[Callable[[bool], Made], str]] = {
    "speech": (speech, "a target does not fit: an input must be as long as its target"),
    "flow": (flow, "weight is singular"),
    "half attention": (half_attention, "scores is inf in the forward pass: the product of finite numbers is too large"),
    "variational": (variational, "exp overflows float32, and here spread[0, 0] = "),
}


def findings(make: Callable[[bool], Made], mended: bool) -> Findings:
    torch.manual_seed(0)
    with vizgraph.record() as recording:
        model, loss = make(mended)
    return recording.trace(loss, names=model).findings


def gradients(make: Callable[[bool], Made], mended: bool) -> list[Tensor]:
    """By torch alone."""
    torch.manual_seed(0)
    model, loss = make(mended)
    loss.backward()
    return [loss.detach(), *(one.grad for one in model.parameters() if one.grad is not None)]


@pytest.mark.parametrize("name", BROKEN)
def test_the_first_finding_names_the_reason_and_the_suggestion_cures_it(name: str) -> None:
    make, reason = BROKEN[name]
    assert not all(one.isfinite().all() for one in gradients(make, mended=False))
    first = findings(make, mended=False)[0]
    assert (first.kind, first.severity) == ("value", "error")
    assert reason in first.sentence
    assert first.file == __file__
    assert all(one.isfinite().all() for one in gradients(make, mended=True))
    assert [one for one in findings(make, mended=True) if one.severity == "error"] == []


@pytest.mark.parametrize("exponent", [2, 3, -1, 0.5])
def test_a_power_is_blamed_only_where_its_exponent_does_it(exponent: float) -> None:
    """What is nan already is not made so by a square; a root of 0, or of what is below it, is."""
    x = torch.full((100,), math.nan, requires_grad=True)
    zero, below = (torch.tensor(start, requires_grad=True) for start in ([0.0] * 100, [-1.0] * 100))
    kinds = {"nan": x, "0": zero, "below": below}
    for name, leaf in kinds.items():
        with vizgraph.record() as recording:
            loss = ((leaf * 1) ** exponent).sum()
        found = recording.trace(loss, names={"leaf": leaf}).findings
        (gradient,) = torch.autograd.grad(loss, leaf)
        told = " ".join(one.sentence for one in found)
        assert ("an infinite slope at 0" in told) == (name == "0" and not gradient.isfinite().all())
        assert ("that is not whole is nan" in told) == (name == "below" and not gradient.isfinite().all())
        errors = [one for one in found if one.severity == "error"]
        assert bool(errors) == (not gradient.isfinite().all())


def test_each_of_several_results_has_its_variable_and_its_numbers() -> None:
    x = torch.tensor([[1.0, 0.0], [2.0, 3.0]], requires_grad=True)
    with vizgraph.record() as recording:
        one, other = x.mul(1).chunk(2, 1)
        loss = one.sum() + other.log().sum()
    picture = recording.trace(loss)
    (split,) = (node for node in picture.run.graph.nodes if node.inside is not None and len(node.inside.results) == 2)
    assert split.inside is not None
    told = [(part.name, part.value.entries) for part in split.inside.results if part and part.value]
    assert told == [("one", (1.0, 2.0)), ("other", (0.0, 3.0))]
    assert "here other[0, 0] = 0" in picture.findings[0].sentence


def test_a_transform_of_a_transform_is_recorded() -> None:
    """vmap of jacrev: what is inside stands for many and for a derivative at once, and has no numbers to show."""
    model, rows = nn.Linear(3, 2), torch.randn(5, 3)
    leaves = dict(model.named_parameters())

    def predict(row: Tensor) -> Tensor:
        return torch.func.functional_call(model, leaves, row[None])[0].tanh()

    def slopes() -> Tensor:
        return torch.func.vmap(torch.func.jacrev(predict))(rows).square().sum()

    expected = torch.autograd.grad(slopes(), list(leaves.values()))
    with vizgraph.record() as recording:
        loss = slopes()
    picture = recording.trace(loss, names=model)
    arrived = {done.leaf: done.gradient.entries for done in picture.run.passes[0].gradients}
    assert arrived == {name: tuple(one.flatten().tolist()) for name, one in zip(leaves, expected, strict=True)}
