"""Numbers that a program writes out, and other numbers in their place; the oracle is Python, which runs the result."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from vizgraph import language

START = "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x * x\n"


def run(program: str) -> dict[str, Any]:
    """What the program's names stand for, by Python itself: the programs are those of this file."""
    names: dict[str, Any] = {}
    exec(compile(program, "program", "exec"), names)
    return names


@pytest.mark.parametrize(
    "call",
    [
        "y.backward(torch.tensor([1.0, 1.0]))",
        "y.backward(gradient=torch.tensor([1, 1], dtype=torch.float), retain_graph=True)",
        "y.backward(torch.ones_like(y))",
        "y.backward(torch.ones(len(x)), retain_graph=True)",
        "y.backward(torch.tensor([\n    1.0,\n    1.0,\n]))",
        "v = torch.FloatTensor([0.5, 0.5])\ny.backward(v)",
        "torch.autograd.backward(y, torch.tensor([1.0, 1.0]))",
        "torch.autograd.backward(y, grad_tensors=torch.ones_like(y))",
    ],
)
def test_the_v_that_was_written_starts_the_pass(call: str) -> None:
    source = START + call
    (line,) = language.seed_lines(source)
    written = language.with_seed(source, line, [2], [0.25, -3.0])
    assert written is not None
    assert run(written)["x"].grad.tolist() == [2 * 1.0 * 0.25, 2 * 2.0 * -3.0]


@pytest.mark.parametrize("call", ["y.sum().backward()", "y.sum().backward(retain_graph=True)", "y.sum().backward( )"])
def test_a_scalar_that_starts_with_one_is_given_a_v_of_its_own(call: str) -> None:
    source = START + call
    assert language.seed_lines(source) == (4,)
    written = language.with_seed(source, 4, [], [2.0])
    assert written is not None
    assert run(written)["x"].grad.tolist() == [4.0, 8.0]


@pytest.mark.parametrize(
    "call",
    [
        "y.backward(x.detach())",
        "y.backward(2 * torch.ones(2))",
        "y.backward(torch.tensor([a, 1.0]))",
        "v = torch.ones(2)\nv[0] = 3\nv = v * 2\ny.backward(v)",
        "torch.autograd.backward(y.sum())",
        "g, = torch.autograd.grad(y.sum(), x)",
        "y.sum().backward(**options)",
        "y[0].backward(retain_graph=True); y[1].backward()",
        "y.backward([1.0",
    ],
)
def test_a_v_that_is_computed_is_nowhere_to_be_changed(call: str) -> None:
    assert language.seed_lines(START + call) == ()
    for line in range(1, 8):
        assert language.with_seed(START + call, line, [2], [1.0, 2.0]) is None


def test_the_numbers_of_a_tensor_are_written_where_they_stand() -> None:
    source = "import torch\nw = torch.tensor([[1, -2.5], [3, 4]]).requires_grad_()\nb = torch.tensor(2 + 3.0)"
    assert language.numbers_of(source, 2, "w") == ((1, -2.5), (3, 4))
    assert language.numbers_of(source, 3, "b") is None
    assert language.numbers_of(source, 2, "b") is None
    written = language.with_numbers(source, 2, "w", [2, 2], [0.5, 1.0, 1e-9, -7.0])
    assert written is not None
    assert run(written)["w"].tolist() == torch.tensor([[0.5, 1.0], [1e-9, -7.0]]).tolist()
    assert written.split("\n")[2] == source.split("\n")[2]


def test_what_came_with_prompts_is_written_in_its_own_place() -> None:
    source = ">>> import torch\n>>> x = torch.tensor(2.0, requires_grad=True)\n>>> (x * x).backward()\n>>> x.grad\n4."
    assert language.with_numbers(source, 2, "x", [], [3.0]) == source.replace("2.0", "3.0")


@pytest.mark.parametrize(
    ("shape", "numbers"), [([2], [1.0]), ([-1, -2], [1.0, 2.0]), ([1], [float("nan")]), ([1] * 9, [1.0])]
)
def test_numbers_that_fit_no_shape_are_not_written(shape: list[int], numbers: list[float]) -> None:
    assert language.with_seed(START + "y.backward(torch.ones(2))", 4, shape, numbers) is None
