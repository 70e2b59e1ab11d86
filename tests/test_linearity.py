"""What follows from v in live code: torch itself, asked with another v, sends what is said here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from vizgraph import limits
from vizgraph.linearity import followed
from vizgraph.model import Linear
from vizgraph.visualization import Visualization


def leaf(*numbers: float) -> Tensor:
    return torch.tensor(numbers, requires_grad=True)


def linear(picture: Visualization, view: str = "engine") -> Linear | None:
    (one,) = picture.views[view].passes
    return one.linear


def for_v(picture: Visualization, name: str, v: list[float], view: str = "engine") -> list[float]:
    """What arrives at a leaf for this v, by the matrices."""
    found = linear(picture, view)
    assert found is not None
    node = next(one.node for one in picture.run.leaves if one.name == name)
    (matrix,) = dict(found.upstream)[node]
    assert matrix is not None
    rows = torch.tensor(matrix.entries, dtype=torch.float64).reshape(found.size, -1)
    total: list[float] = (torch.tensor(v, dtype=torch.float64) @ rows).tolist()
    return total


SHAPES: dict[str, Callable[[Tensor, Tensor], Any]] = {
    "products": lambda x, w: x * w + x.exp(),
    "softmax": lambda x, w: torch.softmax(x * w, 0),
    "a matrix": lambda x, w: torch.outer(x, w)[0] @ torch.stack([x, w, x * w]),
    "one number": lambda x, w: (x * w).sigmoid().sum(),
    "a list": lambda x, w: [x.prod(), (x * w).sum()],
    "an output on the way to another": lambda x, w: [(y := x * x), (y * w).sum()],
    "a use that meets itself": lambda x, w: (z := x * w) * z + z,
}


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("view", ["engine", "math"])
def test_another_v_gives_what_torch_gives_for_it(make: Callable[[Tensor, Tensor], Any], view: str) -> None:
    x, w = leaf(0.5, -1.0, 2.0), leaf(1.5, 0.25, -0.75)
    made = make(x, w)
    outputs = made if isinstance(made, list) else [made]
    count = sum(one.numel() for one in outputs)
    parts = [one.numel() for one in outputs]
    first, other = torch.linspace(0.1, 0.9, count), torch.linspace(-2.0, 3.0, count)

    def shaped(v: Tensor) -> list[Tensor]:
        return [part.reshape(one.shape) for part, one in zip(v.split(parts), outputs, strict=True)]

    picture = vizgraph.trace(outputs, shaped(first), names={"x": x, "w": w})
    expected = torch.autograd.grad(outputs, [x, w], shaped(other), retain_graph=True)
    for name, gradient in zip(("x", "w"), expected, strict=True):
        assert for_v(picture, name, other.tolist(), view) == pytest.approx(gradient.tolist(), rel=1e-5, abs=1e-6)


def wide() -> tuple[dict[str, Tensor], Tensor]:
    """Weights of 30 and of 18 entries, whose local Jacobians are not kept."""
    net = nn.Sequential(nn.Linear(5, 6), nn.LayerNorm(6), nn.Tanh(), nn.Linear(6, 3))
    return dict(net.named_parameters()), net(torch.randn(5))


def several_results() -> tuple[dict[str, Tensor], Tensor]:
    x = torch.randn(2, 6, requires_grad=True)
    left, right = x.chunk(2, 1)
    return {"x": x}, (left * right.sort(1).values).sum(1)


def broadcast_writes() -> tuple[dict[str, Tensor], Tensor]:
    x, row = torch.randn(4, 5, requires_grad=True), torch.randn(5, requires_grad=True)
    y = x * row
    y[1:, 2] = row[:3] * 2
    return {"x": x, "row": row}, y.cumsum(0)[-1].expand(1, 5)[0, :4] + y.prod()


@pytest.mark.parametrize("make", [wide, several_results, broadcast_writes])
@pytest.mark.parametrize("view", ["engine", "math"])
def test_a_v_of_several_entries_is_followed_where_local_jacobians_are_too_large(
    make: Callable[[], tuple[dict[str, Tensor], Tensor]], view: str
) -> None:
    torch.manual_seed(0)
    named, output = make()
    first, other = torch.linspace(0.5, 2.0, output.numel()), torch.linspace(-2.0, 1.0, output.numel())
    picture = vizgraph.trace(output, first, names=named)
    expected = torch.autograd.grad(output, list(named.values()), other)
    for name, gradient in zip(named, expected, strict=True):
        told = for_v(picture, name, other.tolist(), view)
        assert told == pytest.approx(gradient.reshape(-1).tolist(), rel=1e-4, abs=1e-5)


def test_following_a_v_of_several_entries_runs_no_hook_and_leaves_the_graph_to_the_user() -> None:
    torch.manual_seed(0)
    named, output = wide()
    heard: list[Tensor] = []
    for one in (output, *named.values()):
        one.register_hook(heard.append)
    picture = vizgraph.trace(output, torch.ones(3), names=named)
    assert linear(picture) is not None
    assert len(heard) == 1 + len(named)  # each once, in the pass that is traced
    assert all(one.grad is None for one in named.values())
    output.sum().backward()
    assert all(one.grad is not None for one in named.values())


def test_the_page_and_the_notebook_of_a_trace_let_v_be_dragged() -> None:
    x = leaf(1.0, 2.0, 3.0)
    picture = vizgraph.trace(x * x, torch.ones(3))
    assert picture.payload()["views"]["math"]["live"]["passes"][0]["v"] == [1.0, 1.0, 1.0]


def test_nothing_of_the_users_runs_a_second_time_and_grad_stays() -> None:
    x = leaf(1.0, 2.0)
    x.grad = torch.tensor([5.0, 6.0])
    before = x.grad
    y = x * x
    heard: list[Tensor] = []
    y.register_hook(heard.append)
    picture = vizgraph.trace(y, torch.ones(2), names={"x": x})
    picture.html()
    assert len(heard) == 1
    assert x.grad is before
    assert torch.equal(before, torch.tensor([5.0, 6.0]))
    assert for_v(picture, "x", [1.0, -1.0]) == [2.0, -4.0]


def test_a_hook_that_changes_what_arrives_is_not_followed() -> None:
    x = leaf(1.0, 2.0)
    y = x * 3
    y.register_hook(lambda gradient: gradient.clamp(max=1.0))
    assert linear(vizgraph.trace(y, torch.tensor([5.0, 0.5]), names={"x": x})) is None


def test_a_function_of_the_users_own_is_not_followed() -> None:
    class Sign(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x * 1

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            return gradient.sign()

    x = leaf(2.0)
    assert linear(vizgraph.trace(Sign.apply(x).sum(), names={"x": x})) is None


def test_infinity_and_a_v_of_nothing_are_not_followed() -> None:
    x = leaf(0.0, 4.0)
    assert linear(vizgraph.trace(x.sqrt().sum(), names={"x": x})) is None
    assert linear(vizgraph.trace(x.sum(), 0.0, names={"x": x})) is None


def test_a_large_graph_is_not_followed() -> None:
    x = leaf(1.01)
    pictures = {}
    for count in (limits.FOLLOWED_NODES - 2, limits.FOLLOWED_NODES):
        y = x
        for _ in range(count):
            y = y * x
        pictures[count] = vizgraph.trace(y.sum(), names={"x": x})
    found = [linear(picture) is not None for picture in pictures.values()]
    assert found == [True, False]


def test_a_v_with_many_entries_is_not_followed() -> None:
    for count, is_followed in ((limits.LINEAR_ROWS, True), (limits.LINEAR_ROWS + 1, False)):
        x = leaf(*map(float, range(count)))
        assert (linear(vizgraph.trace(x * x, torch.ones(count))) is not None) is is_followed


def test_it_is_worked_out_only_when_somebody_looks() -> None:
    x = leaf(1.0, 2.0)
    run = vizgraph.trace(x * x, torch.ones(2), names={"x": x}).run
    assert run.passes[0].linear is None
    assert followed(run).passes[0].linear is not None
    assert followed(followed(run)) == followed(run)
