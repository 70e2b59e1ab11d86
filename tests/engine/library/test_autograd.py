"""Hold backward, grad, hooks and generators, as a program calls them, to torch's own."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, -1.0], requires_grad=True)
y = x * w
"""
PROGRAMS = {
    "backward of several": "torch.autograd.backward([y.sum(), (x * x).sum()])\nprint(x.grad, w.grad)",
    "backward of several with gradients": "torch.autograd.backward([y, x * x], [torch.ones(2), torch.tensor([1.0, 0.5])])\nprint(x.grad)",
    "backward of one": "torch.autograd.backward(y, torch.tensor([1.0, 2.0]))\nprint(x.grad, w.grad)",
    "backward into some leaves": "y.sum().backward(inputs=[w])\nprint(x.grad, w.grad)",
    "grad": "print(torch.autograd.grad(y.sum(), x), torch.autograd.grad((x * w).sum(), [x, w]))",
    "grad with a gradient": "print(torch.autograd.grad(y, [x, w], grad_outputs=torch.tensor([1.0, 10.0])))",
    "grad of grad": "g, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)\nprint(g, g.requires_grad)\ng.sum().backward()\nprint(x.grad)",
    "grad of what is not used": "torch.autograd.grad(x.sum(), w)",
    "unused allowed": "print(torch.autograd.grad(x.sum(), [x, w], allow_unused=True))",
    "unused made zero": "print(torch.autograd.grad(x.sum(), [x, w], materialize_grads=True))",
    "grad of a result inside": "print(torch.autograd.grad(y.exp().sum(), y))",
    "a hook on a leaf": "def double(g):\n    print('hook', g)\n    return 2 * g\nhandle = x.register_hook(double)\ny.sum().backward()\nprint(x.grad)\nhandle.remove()\n(x * 3).sum().backward()\nprint(x.grad)",
    "a hook inside": "seen = []\ny.register_hook(lambda g: seen.append(g.sum()))\n(y * 2).sum().backward()\nprint(seen)",
    "a hook that returns something else": "y.register_hook(lambda g: 3)\ny.sum().backward()",
    "a kept gradient": "y.retain_grad()\n(y * y).sum().backward()\nprint(y.grad, y.retains_grad)",
    "kept of a constant": "torch.ones(2).retain_grad()",
    "seeds": "torch.manual_seed(3)\na = torch.rand(2)\ntorch.manual_seed(3)\nprint(a, torch.rand(2))",
    "a generator": "g = torch.Generator()\ng.manual_seed(5)\nprint(torch.randn(2, generator=g), torch.randperm(4, generator=g))",
    "kinds of tensors": "print(x.type(), torch.tensor([1]).type(), x.type(torch.float64), torch.tensor([1.7, 0.0]).type('torch.LongTensor'))",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_function_of_autograd_does_what_torchs_own_does(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize("option", ["only_inputs=False", "is_grads_batched=True"])
def test_an_option_of_grad_that_is_not_in_the_language_is_refused(option: str) -> None:
    with pytest.raises(
        VizgraphError, match="this option of grad is not in the language; call grad once for each gradient"
    ):
        ours(f"{HEAD}torch.autograd.grad(y, x, torch.ones(2), {option})")


def test_a_generator_is_on_the_cpu() -> None:
    run = ours("import torch\ntorch.Generator('cuda')")
    assert run.error is not None
    assert run.error.message == "Device type cuda is not supported for torch.Generator() api."


def test_the_pass_of_grad_is_recorded_like_any_other() -> None:
    run = ours(f"{HEAD}g, = torch.autograd.grad(y.sum(), x)\nz = (g * x).sum()\nz.backward()")
    assert len(run.passes) == 2
    assert [one.leaf for one in run.passes[0].gradients] == ["x"]
