"""Trace live tensors, and find everything of theirs as it was."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from tests.engine.broken import Fails
from tests.engine.real import assert_same
from vizgraph import engine
from vizgraph.errors import VizgraphError


def leaf(*numbers: float) -> Tensor:
    return torch.tensor(numbers, requires_grad=True)


def test_trace_gives_what_backward_would_put_into_grad() -> None:
    x, w = leaf(1.0, 2.0), leaf(3.0, -1.0)
    run = engine.trace((x * w).exp().sum(), names={"x": x, "w": w})
    expected = torch.autograd.grad((x * w).exp().sum(), [x, w])
    arrived = {one.leaf: one.gradient for one in run.passes[0].gradients}
    assert_same(arrived["x"], expected[0], "x")
    assert_same(arrived["w"], expected[1], "w")
    operations = [node.grad_fn for node in run.graph.nodes if node.kind != "leaf"]
    assert operations == ["MulBackward0", "ExpBackward0", "SumBackward0"]


def test_trace_leaves_grad_graph_hooks_random_numbers_and_modes_as_they_were() -> None:
    x = leaf(1.0, 2.0)
    x.grad = torch.tensor([5.0, 6.0])
    before = x.grad
    y = x * x
    heard: list[Tensor] = []
    y.register_hook(heard.append)
    state = torch.get_rng_state()
    with torch.no_grad():
        engine.trace(y, torch.ones(2), names={})
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()
    assert torch.equal(state, torch.get_rng_state())
    assert x.grad is before
    assert torch.equal(before, torch.tensor([5.0, 6.0]))
    y.sum().backward()
    assert torch.equal(x.grad, torch.tensor([7.0, 10.0]))
    assert len(heard) == 2  # once in the traced pass, as in any pass, and once in ours


def test_a_hook_of_the_user_changes_the_numbers_that_are_shown() -> None:
    x = leaf(1.0)
    y = x * 3
    y.register_hook(lambda gradient: gradient * 10)
    run = engine.trace(y.sum(), names={"x": x})
    assert_same(run.passes[0].gradients[0].gradient, torch.tensor([30.0]), "x")


def test_the_names_of_the_caller_are_the_names_of_the_leaves() -> None:
    weight, bias = leaf(2.0), leaf(1.0)
    output = (weight * 3 + bias).sum()
    picture = vizgraph.trace(output)
    assert [one.name for one in picture.run.leaves] == ["weight", "bias"]
    assert next(node.name for node in picture.run.graph.nodes if node.kind == "output") == "output"


def test_tensors_in_lists_dicts_and_attributes_of_self_have_their_places_as_names() -> None:
    class Trainer:
        def __init__(self) -> None:
            self.scale = leaf(5.0)

        def names(self) -> list[str | None]:
            layers, others = [leaf(1.0), leaf(2.0)], {"bias": leaf(3.0), 7: leaf(4.0)}
            first = layers[0]  # its own name is the better one
            output = (first * layers[1] + others["bias"] * others[7] * self.scale).sum()
            return [one.name for one in vizgraph.trace(output).run.leaves]

    assert Trainer().names() == ["first", "layers[1]", "others.bias", "others[7]", "self.scale"]


def test_the_fields_of_a_named_tuple_are_the_names_of_its_outputs() -> None:
    class Losses(NamedTuple):
        data: Tensor
        penalties: list[Tensor]

    x = leaf(1.0, 2.0)
    run = engine.trace(Losses((x * x).sum(), [x.sum()]), names={"x": x})
    nodes = {node.id: node.name for node in run.graph.nodes}
    assert [nodes[one] for one in run.graph.outputs] == ["data", "penalties[0]"]


def test_a_module_names_its_parameters() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    run = engine.trace(net(torch.ones(1, 2)), names=net)
    assert sorted(one.name for one in run.leaves) == ["0.bias", "0.weight", "2.bias", "2.weight"]
    for name, parameter in net.named_parameters():
        assert next(one for one in run.leaves if one.name == name).value.shape == tuple(parameter.shape)
        assert parameter.grad is None


@pytest.mark.parametrize(
    ("wrap", "names"),
    [
        (lambda a, b: [a, b], ["outputs[0]", "outputs[1]"]),
        (lambda a, b: (a, (b,)), ["outputs[0]", "outputs[1][0]"]),
        (lambda a, b: {"loss": a, "aux": [b]}, ["loss", "aux[0]"]),
    ],
)
def test_lists_tuples_and_dicts_are_several_outputs(wrap: Any, names: list[str]) -> None:
    x = leaf(1.0, 2.0)
    run = engine.trace(wrap((x * x).sum(), x.sum()), names={"x": x})
    assert_same(run.passes[0].gradients[0].gradient, torch.tensor([3.0, 5.0]), "x")
    outputs = [next(node for node in run.graph.nodes if node.id == one).name for one in run.graph.outputs]
    assert outputs == names


def test_gradients_are_given_as_tensors_lists_or_by_name() -> None:
    x = leaf(1.0, 2.0)
    for given in (torch.tensor([1.0, 10.0]), [1.0, 10.0]):
        run = engine.trace(x * x, given, names={"x": x})
        assert_same(run.passes[0].gradients[0].gradient, torch.tensor([2.0, 40.0]), "x")
    named = engine.trace({"a": x * 2, "b": x.sum()}, {"a": [1.0, 0.0], "b": 5.0}, names={"x": x})
    assert_same(named.passes[0].gradients[0].gradient, torch.tensor([7.0, 5.0]), "x")


def test_gradients_have_the_structure_of_the_outputs() -> None:
    x = leaf(1.0, 2.0)
    for outputs, gradient in (
        ([x * x], [torch.tensor([1.0, 10.0])]),
        ([x * x], torch.tensor([1.0, 10.0])),
        ({"y": [x * x, x.sum()]}, {"y": [torch.tensor([1.0, 10.0]), 0.0]}),
        ((x * x, [x.sum()]), (torch.tensor([1.0, 10.0]), [0.0])),
        ([x * x, x.sum()], {"outputs[0]": [1.0, 10.0], "outputs[1]": 0.0}),
    ):
        run = engine.trace(outputs, gradient, names={"x": x})
        assert_same(run.passes[0].gradients[0].gradient, torch.tensor([2.0, 40.0]), "x")


def test_what_can_not_be_traced_is_said_in_a_sentence() -> None:
    x = leaf(1.0, 2.0)
    with pytest.raises(VizgraphError, match="does not require grad, so autograd holds no graph behind it"):
        engine.trace(torch.ones(2), names={})
    with pytest.raises(VizgraphError, match=r"the output has shape \[2\]: say which combination"):
        engine.trace(x * x, names={})
    with pytest.raises(VizgraphError, match=r"the gradient of the output has shape \[3\]"):
        engine.trace(x * x, torch.ones(3), names={})
    with pytest.raises(VizgraphError, match="2 gradients were given for 1 outputs"):
        engine.trace([x.sum()], [1.0, 2.0], names={})
    with pytest.raises(VizgraphError, match="the gradient names b, which is no output; use a"):
        engine.trace({"a": x.sum()}, {"b": 1.0}, names={})
    with pytest.raises(VizgraphError, match="one gradient was given for 2 outputs"):
        engine.trace([x.sum(), x.prod()], 1.0, names={})
    with pytest.raises(VizgraphError, match="the gradient of the output is no tensor"):
        engine.trace(x.sum(), "one", names={})
    with pytest.raises(VizgraphError, match="there is no tensor to trace"):
        engine.trace([], names={})


def test_a_freed_graph_is_still_a_graph_with_an_error() -> None:
    x = leaf(1.0, 2.0)
    y = (x * x).sum()
    y.backward()
    run = engine.trace(y, names={"x": x})
    assert run.error is not None
    assert "Trying to backward through the graph a second time" in run.error.message
    assert run.error.hint is not None
    assert len(run.graph.nodes) == 3


def test_a_backward_of_the_user_that_raises_is_an_error_beside_the_graph() -> None:
    x = leaf(1.0)
    run = engine.trace(Fails.apply(x).sum(), names={"x": x})
    assert run.error is not None
    assert run.error.message == "this backward is broken"
    assert [node.grad_fn for node in run.graph.nodes] == ["AccumulateGrad", "FailsBackward", "SumBackward0"]


def test_a_chain_of_five_thousand_operations_needs_no_recursion() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(5000):
        y = y * 1.0001
    run = engine.trace(y.sum(), names={"x": x})
    assert len(run.graph.nodes) == 5002
    assert_same(run.passes[0].gradients[0].gradient, torch.autograd.grad(y.sum(), x)[0], "x")


def test_large_tensors_are_summarised() -> None:
    x = torch.arange(100.0, requires_grad=True)
    run = engine.trace((x * x).sum(), names={"x": x}, max_entries=10)
    value = run.leaves[0].value
    assert (value.entries, value.minimum, value.maximum) == (None, 0.0, 99.0)
    assert value.norm == pytest.approx(float(torch.arange(100.0).norm()))
    assert engine.trace((x * x).sum(), names={"x": x}, max_entries=100).leaves[0].value.entries is not None


def test_a_custom_function_is_not_run_more_often_than_once() -> None:
    """An extra call for a local Jacobian would show in what a user's backward does."""
    counted: list[int] = []

    class Counting(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            counted.append(1)
            return gradient * 2

    x = leaf(1.0)
    engine.trace(Counting.apply(x).sum(), names={"x": x})
    assert counted == [1]


def test_the_same_code_gives_the_same_json_in_two_processes() -> None:
    program = (
        "import torch, vizgraph, json\ntorch.manual_seed(1)\nnet = torch.nn.Linear(3, 2)\n"
        "x = torch.randn(3, requires_grad=True)\nprint(json.dumps(vizgraph.trace(net(x).tanh().sum()).to_dict()))"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    assert len(first) > 1000
