"""Hold optimizers to torch's own: parameters, gradients and what they print after every step."""

from __future__ import annotations

import sys

import pytest

from tests.engine.real import assert_agrees, ours

PROGRAM = """import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.{made}
x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
for _ in range(4):
    optimizer.zero_grad()
    loss = ((model(x) - 1) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(loss.item(), model.weight, model.bias.grad)
print(optimizer, len(optimizer.param_groups), optimizer.param_groups[0]["lr"])
"""
MADE = [
    "SGD(model.parameters(), lr=0.1)",
    "SGD(model.parameters(), 0.1, momentum=0.9, nesterov=True)",
    "SGD([{'params': model.weight, 'lr': 0.2}, {'params': [model.bias]}], lr=0.05, weight_decay=0.1)",
    "Adam(model.parameters())",
    "Adam(model.parameters(), lr=0.3, betas=(0.8, 0.9), amsgrad=True)",
    "AdamW(model.parameters(), lr=0.1)",
    "RMSprop(model.parameters(), lr=0.01)",
    "Adagrad(model.parameters(), lr=0.5)",
]


@pytest.mark.parametrize("made", MADE)
def test_an_optimizer_steps_as_torchs_own(made: str) -> None:
    assert_agrees(PROGRAM.replace("{made}", made))


def test_gradients_that_an_optimizer_clears_are_changes() -> None:
    run = ours(PROGRAM.replace("{made}", MADE[0]))
    assert {change.how for change in run.changes} == {"optimizer.zero_grad()"}
    assert [change.passes for change in run.changes] == [1, 1, 2, 2, 3, 3]


def test_a_closure_is_called() -> None:
    assert_agrees(
        "import torch\nw = torch.tensor([2.0], requires_grad=True)\no = torch.optim.SGD([w], lr=0.1)\n"
        "def closure():\n    o.zero_grad(set_to_none=False)\n    l = (w ** 2).sum()\n    l.backward()\n    return l\n"
        "print(o.step(closure), w, w.grad)"
    )


WRONG = [
    "torch.optim.SGD([], lr=0.1)",
    "torch.optim.SGD([torch.ones(2, requires_grad=True) * 2], lr=0.1)",
    "torch.optim.SGD(torch.ones(2, requires_grad=True), lr=0.1)",
    "torch.optim.SGD([torch.ones(2, requires_grad=True)], lr=-1.0)",
]


@pytest.mark.parametrize("made", WRONG)
def test_mistakes_are_told_in_the_words_of_torch(made: str) -> None:
    assert assert_agrees(f"import torch\no = {made}").error is not None


def test_no_optimizer_loads_the_compiler_of_torch() -> None:
    """It takes seconds and a hundred megabytes, in a child that has two of the first."""
    if "torch._dynamo" not in sys.modules:
        ours(PROGRAM.replace("{made}", MADE[0]))
        assert "torch._dynamo" not in sys.modules
