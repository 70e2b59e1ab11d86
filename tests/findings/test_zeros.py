"""Leaves whose gradient is 0: torch says so, and the operation is the one that was built in."""

from __future__ import annotations

import pytest

from tests.findings.programs import findings, leaves_of, only

HEAD = "import torch\nx = torch.tensor([-1.0, -2.0], requires_grad=True)\n"
REASONS = {
    "sign": ("y = torch.sign(x)\n", "flat"),
    "round": ("y = torch.round(x)\n", "flat"),
    "relu": ("y = torch.relu(x)\n", "switched off"),
    "clamp": ("y = x.clamp(0, 1)\n", "outside the bounds"),
    "where": ("y = torch.where(x > 0, x, torch.ones(2))\n", "chose other entries"),
    "saturated": ("y = torch.sigmoid(x * 200)\n", "saturated"),
    "maximum": ("y = torch.maximum(x, torch.ones(2))\n", "chose other entries"),
    "times zero": ("y = x * torch.zeros(2)\n", "multiplies it by 0"),
    "overwritten": ("y = x * 1\ny[:] = 3.0\n", "overwrote"),
    "cancelled": ("y = x - x\n", "the contributions that meet there cancel each other"),
    "a minimum": ("y = (x - x.detach()) ** 2\n", "is 0 at this value"),
}


@pytest.mark.parametrize("name", REASONS)
def test_the_operation_that_made_it_0_is_named(name: str) -> None:
    body, why = REASONS[name]
    source = f"{HEAD}{body}y.sum().backward()\n"
    assert not leaves_of(source)["x"].grad.any()
    finding = only(source)
    assert finding.kind == "zero"
    assert finding.sentence.startswith("The gradient of x is 0:")
    assert why in finding.sentence


def test_a_gradient_that_is_0_in_some_entries_is_no_finding() -> None:
    assert (
        findings("import torch\nx = torch.tensor([-1.0, 2.0], requires_grad=True)\nx.relu().sum().backward()\n") == ()
    )


def test_a_pass_that_is_not_0_is_enough() -> None:
    source = (
        "import torch\nx = torch.tensor([2.0], requires_grad=True)\n"
        "(x * 0).sum().backward()\n(x * 3).sum().backward()\n"
    )
    assert findings(source) == ()
