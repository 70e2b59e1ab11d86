"""Live modules read like their mathematics, with the numbers that torch itself computes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from vizgraph import engine, views
from vizgraph.model import Run, View
from vizgraph.telling.timeline import compose

# What torch adds around a product depends on the shapes: a batch is viewed, a single vector is unsqueezed.
INPUTS = {"rows": (5, 3), "batches": (2, 5, 3), "vector": (3,)}


def network(bias: bool) -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 4, bias=bias), nn.ReLU(), nn.Linear(4, 2, bias=bias))


def traced(output: Tensor, names: object, gradient: Tensor | None = None) -> Run:
    return engine.trace(output, gradient, names=names)


def operations(view: View) -> list[str]:
    return [node.operation for node in view.graph.nodes if node.kind != "leaf"]


def attention(x: Tensor, w: Tensor) -> Tensor:
    q, k = x @ w, x @ w.t()
    return ((q @ k.transpose(0, 1)).softmax(1) @ x.unsqueeze(0).expand(2, -1, -1)).sum()


def reused(x: Tensor, w: Tensor) -> Tensor:
    turned = w.t()
    return (x @ turned).sum() + (x @ turned).exp().sum()


@pytest.mark.parametrize("shape", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("bias", [True, False], ids=["bias", "no bias"])
def test_a_sequential_network_reads_as_its_layers(shape: tuple[int, ...], bias: bool) -> None:
    model = network(bias)
    view = views.math(traced(model(torch.randn(shape)).sum(), model))
    assert operations(view) == ["linear", "relu", "linear", "sum"]
    used = defaultdict(list)
    names = {node.id: node.name for node in view.graph.nodes}
    for edge in view.graph.edges:
        used[edge.target].append((edge.slot, names[edge.source]))
    first = next(node.id for node in view.graph.nodes if node.operation == "linear")
    assert sorted(used[first]) == ([(0, "0.bias"), (2, "0.weight")] if bias else [(1, "0.weight")])


def test_leaves_stand_in_the_order_of_their_use() -> None:
    model = network(True)
    view = views.math(traced(model(torch.randn(5, 3)).sum(), model))
    leaves = [node.name for node in view.graph.nodes if node.kind == "leaf"]
    assert leaves == ["0.weight", "0.bias", "2.weight", "2.bias"]


@pytest.mark.parametrize("shape", INPUTS.values(), ids=INPUTS)
def test_what_reaches_the_parameters_is_torchs_gradient(shape: tuple[int, ...]) -> None:
    model = network(True)
    output = model(torch.randn(shape)).pow(2).sum()
    parameters = dict(model.named_parameters())
    expected = dict(
        zip(parameters, torch.autograd.grad(output, list(parameters.values()), retain_graph=True), strict=True)
    )
    view = views.math(traced(output, model))
    for name, entries in arrived(view).items():
        assert entries == pytest.approx(expected[name].flatten().tolist(), rel=1e-5)


@pytest.mark.parametrize("function", [attention, reused])
def test_composed_jacobians_give_the_contributions(function: Callable[[Tensor, Tensor], Tensor]) -> None:
    torch.manual_seed(2)
    x, w = torch.randn(2, 2, requires_grad=True), torch.randn(2, 2, requires_grad=True)
    output = function(x, w)
    expected = dict(zip("xw", torch.autograd.grad(output, [x, w], retain_graph=True), strict=True))
    view = views.math(traced(output, {"x": x, "w": w}))
    assert {name: pytest.approx(entries, rel=1e-5) for name, entries in arrived(view).items()} == {
        name: gradient.flatten().tolist() for name, gradient in expected.items()
    }
    (one,) = view.passes
    for step in one.steps:
        (upstream,) = step.upstream
        for item in step.contributions:
            assert upstream
            assert upstream.entries
            assert item.gradient
            assert item.local
            columns = item.local.columns
            product = [
                sum(u * item.local.entries[i * columns + j] for i, u in enumerate(upstream.entries))
                for j in range(columns)
            ]
            assert product == pytest.approx(item.gradient.entries, rel=1e-4, abs=1e-6)


def arrived(view: View) -> dict[str, list[float]]:
    """The sum of all contributions to each leaf, by its name."""
    sources = {edge.id: edge.source for edge in view.graph.edges}
    names = {node.id: node.name for node in view.graph.nodes if node.kind == "leaf"}
    sums: dict[str, list[float]] = {}
    (one,) = view.passes
    for step in one.steps:
        for item in step.contributions:
            name = names.get(sources[item.edge])
            if name is not None:
                assert item.gradient is not None
                before = sums.get(name) or [0.0] * len(item.gradient.entries or ())
                sums[name] = [a + b for a, b in zip(before, item.gradient.entries or (), strict=True)]
    return sums


def test_plumbing_that_is_used_twice_or_is_the_output_stays() -> None:
    x, w = torch.randn(2, 2, requires_grad=True), torch.randn(2, 2, requires_grad=True)
    assert operations(views.math(traced(reused(x, w), {"x": x, "w": w}))).count("t") == 1
    output = (x @ w).view(4)
    assert operations(views.math(traced(output, {"x": x, "w": w}, torch.ones(4)))) == ["mm", "view"]


def test_a_long_row_of_plumbing_is_contracted_whole() -> None:
    x = torch.randn(2, requires_grad=True)
    y = x * 2
    for _ in range(3000):
        y = y.unsqueeze(0).squeeze(0)
    view = views.math(traced(y.sum(), {"x": x}))
    assert operations(view) == ["mul", "sum"]
    (one,) = view.passes
    assert [step.contributions[0].gradient.entries for step in one.steps[:2]] == [(1, 1), (2, 2)]  # type: ignore[union-attr]


def test_the_engine_view_keeps_every_function() -> None:
    model = network(True)
    run = traced(model(torch.randn(5, 3)).sum(), model)
    assert views.engine(run).graph == run.graph
    assert operations(views.engine(run)).count("t") == 2


def test_the_story_speaks_of_layers() -> None:
    model = network(True)
    run = traced(model(torch.randn(5, 3)).sum(), model)
    view = views.math(run)
    sentences = " ".join(beat.sentence for beat in compose(view, run).beats)
    assert "linear₂" in sentences
    assert "relu" in sentences
    assert "Backward" not in sentences
