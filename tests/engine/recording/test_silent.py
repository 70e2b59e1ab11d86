"""Run the inside of torch's helpers without a word about it, and go on recording after it."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

HEAD = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\n"
HELPERS = [
    "J = torch.autograd.functional.jacobian(lambda v: v ** 2 * 3, x)",
    "J = torch.func.grad(lambda v: (v * v.sin()).sum())(x)",
    "J = torch.func.vmap(lambda v: v * 2)(x)",
]


@pytest.mark.parametrize("helper", HELPERS)
def test_a_helper_is_one_call_and_its_inside_is_none(helper: str) -> None:
    run = assert_agrees(f"{HEAD}{helper}\nprint(J)\ny = (x * 2).sum()\ny.backward()\nprint(x.grad)")
    assert [call.operation for call in run.calls if call.operation in ("sin", "pow")] == []
    assert len(run.passes) == 1
    assert {"mul", "sum"} <= {call.operation for call in run.calls}


def test_a_pass_inside_a_function_of_the_programs_own_is_not_told() -> None:
    run = assert_agrees(
        f"{HEAD}class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a):\n"
        "        with torch.enable_grad():\n            b = a.detach().requires_grad_()\n            (b * b).sum().backward()\n"
        "        ctx.save_for_backward(b.grad)\n        return a * 2\n    @staticmethod\n    def backward(ctx, g):\n"
        "        return g * ctx.saved_tensors[0]\nTwice.apply(x).sum().backward()\nprint(x.grad)"
    )
    assert len(run.passes) == 1


def test_an_error_inside_ends_the_silence() -> None:
    run = assert_agrees(
        f"{HEAD}try:\n    torch.func.grad(lambda v: v @ torch.ones(3))(x)\nexcept RuntimeError as e:\n"
        "    print('caught')\ny = (x * x).sum()\ny.backward()"
    )
    assert len(run.passes) == 1
    assert [call.operation for call in run.calls][-2:] == ["mul", "sum"]
