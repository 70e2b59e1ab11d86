"""Record ordinary code, and find in its trace the line, the variable and the module of every operation."""

from __future__ import annotations

import gc
import inspect
import linecache
import weakref
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from tests.engine.operators import assert_exact
from vizgraph.model import Node


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * 2


class Attention(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, x: Tensor) -> Tensor:
        query = self.query(x)
        scores = query @ Doubled.apply(self.key(x)).T
        return scores.softmax(-1) @ x


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Attention(4) for _ in range(2))
        self.out = nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 1))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = x + layer(x)
        return self.out(x)


def source(node: Node) -> str:
    """The very text that made a node."""
    assert node.file is not None
    assert node.span is not None
    assert node.span.line == node.span.end_line
    return linecache.getline(node.file, node.span.line)[node.span.column - 1 : node.span.end_column - 1]


def by_function(nodes: tuple[Node, ...], grad_fn: str) -> list[Node]:
    return [node for node in nodes if node.grad_fn == grad_fn]


def model() -> tuple[Model, Tensor]:
    torch.manual_seed(0)
    return Model(), torch.randn(3, 4)


def test_every_operation_has_its_line_its_module_and_its_value() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        loss = net(x).square().mean()
    nodes = recording.trace(loss).run.graph.nodes
    operations = [node for node in nodes if node.kind != "leaf"]
    assert all(node.file == __file__ for node in operations)
    queries = [node for node in by_function(nodes, "AddmmBackward0") if source(node) == "self.query(x)"]
    assert [node.module for node in queries] == ["layers.0.query", "layers.1.query"]
    assert [node.name for node in queries] == ["query", "query"]
    assert torch.equal(torch.tensor(queries[0].value.entries), net.layers[0].query(x).detach().reshape(-1))
    (norm,) = by_function(nodes, "NativeLayerNormBackward0")
    assert (norm.module, source(norm)) == ("out.0", "self.out(x)")
    (mean,) = by_function(nodes, "MeanBackward0")
    assert (mean.module, mean.name, source(mean)) == (None, "loss", "net(x).square().mean()")
    assert by_function(nodes, "PowBackward0")[0].value.shape == (3, 1)


def test_a_custom_function_stands_where_it_is_applied() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        loss = net(x).sum()
    doubled = by_function(recording.trace(loss).run.graph.nodes, "DoubledBackward")
    assert [source(node) for node in doubled] == ["Doubled.apply(self.key(x))"] * 2
    assert [node.module for node in doubled] == ["layers.0", "layers.1"]


def test_without_a_model_modules_begin_with_their_variable() -> None:
    net, x = model()
    criterion = nn.MSELoss()
    with vizgraph.record() as recording:
        loss = criterion(net(x), torch.zeros(3, 1))
    run = recording.trace(loss).run
    modules = {node.module for node in run.graph.nodes if node.kind != "leaf"}
    assert {"net", "net.layers.1", "net.layers.0.key", "net.out.1", "criterion"} <= modules
    assert "net.layers.0.query.weight" in {leaf.name for leaf in run.leaves}


class Looped(nn.Module):
    """One block that runs again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.Sequential(nn.Linear(2, 2), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = self.block(x)
        return x


def test_a_module_that_is_called_again_is_told_with_the_number_of_its_call() -> None:
    net = Looped()
    with vizgraph.record(net) as recording:
        for _ in range(2):  # every call of the whole model counts anew
            loss = net(torch.ones(1, 2)).sum()
    nodes = recording.trace(loss).run.graph.nodes
    assert [node.module for node in by_function(nodes, "TanhBackward0")] == ["block.1", "block#2.1", "block#3.1"]
    assert {node.name for node in nodes if node.kind == "leaf"} == {"block.0.weight", "block.0.bias"}


def test_what_is_overwritten_later_has_the_value_that_it_had() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with vizgraph.record() as recording:
        y = x * 3
        y.add_(1)
        y[0] = x[1]
    nodes = recording.trace(y.sum()).run.graph.nodes
    assert by_function(nodes, "MulBackward0")[0].value.entries == (3.0, 6.0)
    assert by_function(nodes, "AddBackward0")[0].value.entries == (4.0, 7.0)
    assert by_function(nodes, "CopySlices")[0].value.entries == (2.0, 7.0)
    assert source(by_function(nodes, "CopySlices")[0]) == "y[0] = x[1]"[:4]


def test_a_double_backward_is_a_second_layer_linked_to_the_first() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with vizgraph.record() as recording:
        y = x.sin().exp().sum()
        (slope,) = torch.autograd.grad(y, x, create_graph=True)
        penalty = (slope.norm() - 1) ** 2 + y
    run = recording.trace(penalty).run
    functions = {node.id: node.grad_fn for node in run.graph.nodes}
    links = [(node.grad_fn, functions[node.backward_of]) for node in run.graph.nodes if node.backward_of]
    assert links == [
        ("MulBackward0", "ExpBackward0"),
        ("CosBackward0", "SinBackward0"),
        ("MulBackward0", "SinBackward0"),
    ]
    assert by_function(run.graph.nodes, "SinBackward0")[0].backward_of is None


def test_the_code_runs_as_it_would_alone() -> None:
    losses = []
    for watch in (False, True):
        net, x = model()
        net.train()
        optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            if watch:
                with vizgraph.record(net) as recording:
                    loss = net(nn.functional.dropout(x)).square().mean()
                recording.trace(loss)
            else:
                loss = net(nn.functional.dropout(x)).square().mean()
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    assert losses[0] == losses[1]


def test_nothing_of_ours_stays_after_the_block_even_when_it_fails() -> None:
    hooks = torch.nn.modules.module
    before = len(hooks._global_forward_hooks), len(hooks._global_forward_pre_hooks)
    net, _ = model()
    recording = vizgraph.record(net)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"), recording:
        net(torch.ones(3, 4) @ torch.ones(5, 4))
    with pytest.raises(RuntimeError), recording:
        net.layers[0](torch.ones(3, 5))
    assert (len(hooks._global_forward_hooks), len(hooks._global_forward_pre_hooks)) == before
    assert not torch.overrides._get_current_function_mode_stack()
    y = net(torch.ones(3, 4)).sum()
    assert all(node.module is None for node in recording.trace(y).run.graph.nodes)


def test_a_recording_keeps_no_graph_alive() -> None:
    class Token:
        pass

    x = torch.ones(3, requires_grad=True)
    with vizgraph.record() as recording:
        y = x.exp().sin()
        token = Token()
        y.grad_fn.metadata["token"] = token
    alive = weakref.ref(token)
    del y, token
    gc.collect()
    assert alive() is None
    assert recording is not None


def test_a_failure_is_at_its_line() -> None:
    x = torch.ones(3, requires_grad=True)
    with vizgraph.record() as recording:
        a = x.exp()
        b = a.sin()
        a.add_(1)
    run = recording.trace(b.sum()).run
    lines, start = inspect.getsourcelines(test_a_failure_is_at_its_line)
    assert run.error.span.line == start + next(n for n, line in enumerate(lines) if "b = a.sin()" in line)


def test_what_was_recorded_is_traced_exactly() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        loss = net(x).sum()
    assert assert_exact(loss) is not None
    picture = recording.trace(loss)
    cards = picture.payload()["views"]["engine"]["nodes"].values()
    rows = [{label: text for label, text in card["rows"] if isinstance(text, str)} for card in cards]
    assert "layers.0.query" in {row.get("module") for row in rows}
    node = next(n for n in picture.to_dict()["views"]["engine"]["nodes"] if n["grad_fn"] == "SoftmaxBackward0")
    assert (node["module"], node["file"]) == ("layers.0", __file__)
