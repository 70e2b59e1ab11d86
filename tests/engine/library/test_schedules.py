"""Hold schedules of the learning rate to torch's own."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

HEAD = (
    "import torch\nfrom torch.optim import lr_scheduler as s\nw = torch.tensor([1.0], requires_grad=True)\n"
    "o = torch.optim.SGD([w], lr=0.4)\n"
)
STEPS = (
    "\nfor epoch in range(5):\n    o.zero_grad()\n    l = (w ** 2).sum()\n    l.backward()\n    o.step()\n    c.step({})\n"
    "    print(o.param_groups[0]['lr'])\nprint(c.get_last_lr(), c.last_epoch, w)"
)
MADE = {
    "StepLR(o, step_size=2, gamma=0.5)": "", "MultiStepLR(o, [1, 3])": "", "ExponentialLR(o, 0.9)": "",
    "LambdaLR(o, lr_lambda=lambda e: 1 / (e + 1))": "", "LambdaLR(o, [lambda e: 0.5 ** e])": "",
    "MultiplicativeLR(o, lambda e: 0.7)": "", "CosineAnnealingLR(o, T_max=4)": "", "LinearLR(o, total_iters=3)": "",
    "ConstantLR(o, total_iters=2)": "", "PolynomialLR(o, 4)": "", "OneCycleLR(o, 0.5, total_steps=9)": "",
    "CosineAnnealingWarmRestarts(o, 2)": "", "ReduceLROnPlateau(o, patience=0)": "l.item()",
}  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_a_schedule_sets_the_rate_as_torchs_own(made: str) -> None:
    assert_agrees(f"{HEAD}c = s.{made}{STEPS.format(MADE[made])}")


def test_a_step_before_that_of_the_optimizer_is_warned_of() -> None:
    run = assert_agrees(f"{HEAD}c = s.StepLR(o, 1)\nc.step()\nprint(o.param_groups[0]['lr'])")
    assert any("lr_scheduler.step()" in note for note in run.warnings)


def test_what_is_no_optimizer_has_no_schedule() -> None:
    run = assert_agrees(f"{HEAD}s.StepLR(w, 1)")
    assert run.error is not None
