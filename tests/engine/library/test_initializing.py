"""Hold torch.nn.init and the clipping of gradients to torch's own, number for number."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.engine.library.initializing import INIT, UTILS

HEAD = """import torch
from torch import nn
torch.manual_seed(0)
m = nn.Linear(3, 2)
x = torch.tensor([[1.0, 2.0, -1.0], [30.0, -1.0, 0.5]])
"""
FILLED = {
    "uniform_": "(m.weight, -0.5, 0.5)",
    "normal_": "(m.weight, mean=1.0, std=0.1)",
    "constant_": "(m.bias, 0.25)",
    "ones_": "(m.weight)",
    "zeros_": "(m.bias)",
    "eye_": "(m.weight)",
    "xavier_uniform_": "(m.weight, gain=2.0)",
    "xavier_normal_": "(m.weight)",
    "kaiming_uniform_": "(m.weight, nonlinearity='relu')",
    "kaiming_normal_": "(m.weight, mode='fan_out')",
    "orthogonal_": "(m.weight)",
    "trunc_normal_": "(m.weight, std=0.02)",
}


@pytest.mark.parametrize(("name", "given"), FILLED.items(), ids=FILLED.keys())
def test_a_parameter_is_filled_as_torch_fills_it(name: str, given: str) -> None:
    assert_agrees(f"{HEAD}print(nn.init.{name}{given})\nm(x).sum().backward()\nprint(m.weight, m.bias, m.weight.grad)")


def test_every_filling_of_the_table_is_held_to_torch() -> None:
    assert {*FILLED, "calculate_gain"} == set(INIT)


@pytest.mark.parametrize("given", ["'relu'", "'tanh'", "'leaky_relu', 0.2", "'linear'", "'nothing'"])
def test_a_gain_is_torchs_own(given: str) -> None:
    assert_agrees(f"{HEAD}print(nn.init.calculate_gain({given}))")


CLIPPED = {
    "by their norm": "total = nn.utils.clip_grad_norm_(m.parameters(), 1.0)\nprint(total)",
    "by another norm": "print(nn.utils.clip_grad_norm_(m.parameters(), max_norm=0.5, norm_type=1))",
    "one tensor": "print(nn.utils.clip_grad_norm_(m.weight, 0.1))",
    "by their values": "nn.utils.clip_grad_value_(m.parameters(), 0.5)",
    "to less than they are not": "print(nn.utils.clip_grad_norm_(m.parameters(), 1e9))",
}


@pytest.mark.parametrize("program", CLIPPED.values(), ids=CLIPPED.keys())
def test_gradients_are_clipped_as_torch_clips_them(program: str) -> None:
    assert_agrees(f"{HEAD}(m(x) ** 2).sum().backward()\n{program}\nprint(m.weight.grad, m.bias.grad)")


def test_gradients_that_were_clipped_are_changes_of_their_parameters() -> None:
    run = ours(f"{HEAD}(m(x) ** 2).sum().backward()\nnn.utils.clip_grad_norm_(m.parameters(), 1.0)")
    assert {change.how for change in run.changes} == {"nn.utils.clip_grad_norm_(m.parameters(), 1.0)"}
    assert len(run.changes) == 2


@pytest.mark.parametrize("given", ["m.parameters(), 'much'", "[3], 1.0", "m.parameters(), None, 'inf'"])
@pytest.mark.parametrize("name", UTILS)
def test_clipping_says_what_it_takes(name: str, given: str) -> None:
    run = ours(f"{HEAD}(m(x) ** 2).sum().backward()\nnn.utils.{name}({given})")
    assert run.error is not None
    assert run.error.message == "clipping takes parameters and a number"
