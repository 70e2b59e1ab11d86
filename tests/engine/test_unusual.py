"""Trace what is neither real nor dense nor finite in size: it is shown or named, and nothing crashes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import numpy
import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import vizgraph
from tests.engine.operators import Handed, assert_exact, assert_same_graph, listener, reached
from vizgraph.model import Value
from vizgraph.notation.numbers import show

pytestmark = pytest.mark.filterwarnings("ignore")


def leaf(*sizes: int, **options: Any) -> Tensor:
    torch.manual_seed(0)
    return torch.randn(*sizes, requires_grad=True, **options)


def ragged(layout: torch.layout) -> Tensor:
    torch.manual_seed(0)
    return torch.nested.nested_tensor([torch.randn(2, 2), torch.randn(3, 2)], requires_grad=True, layout=layout)


class Sub(torch.Tensor):
    pass


CASES: dict[str, Callable[[], Tensor]] = {
    "complex": lambda: (leaf(3, dtype=torch.complex64) ** 2).abs().sum(),
    "a complex result": lambda: (leaf(3, dtype=torch.complex64) ** 2).sum(),
    "a Fourier transform": lambda: torch.fft.fft(leaf(4)).abs().sum(),
    "a sparse gradient": lambda: nn.Embedding(5, 3, sparse=True)(torch.tensor([1, 2, 1])).sum(),
    "a sparse product": lambda: torch.sparse.mm(leaf(3, 3).to_sparse(), leaf(3, 3)).sum(),
    "a sparse leaf": lambda: (torch.eye(3).to_sparse().requires_grad_() * 2).coalesce().values().sum(),
    "a compressed leaf": lambda: (torch.eye(3).to_sparse_csr().requires_grad_() @ leaf(3, 3)).sum(),
    "nested": lambda: torch.nested.to_padded_tensor(ragged(torch.strided) * 2, 0.0).sum(),
    "nested, jagged": lambda: (ragged(torch.jagged) * 2).values().sum(),
    "no entries": lambda: leaf(0, 3).sum(),
    "two bytes": lambda: leaf(3, dtype=torch.bfloat16).exp().sum(),
    "one byte": lambda: leaf(3).to(torch.float8_e4m3fn).float().sum(),
    "no memory": lambda: (torch.randn(3, device="meta", requires_grad=True) ** 2).sum(),
    "a subclass": lambda: (leaf(3).as_subclass(Sub) * 2).sum(),
    "a transform": lambda: torch.vmap(lambda row: row * row)(leaf(3, 2)).sum(),
    "computed again": lambda: checkpoint(
        lambda x: torch.dropout(x.sin(), 0.5, True), leaf(9), use_reentrant=False
    ).sum(),
    "quantized": lambda: torch.fake_quantize_per_tensor_affine(leaf(3), 0.1, 0, 0, 255).sum(),
    "an output that is a leaf": lambda: leaf(1),
}


@pytest.mark.parametrize("what", CASES)
def test_every_kind_of_tensor_is_traced_and_told(what: str) -> None:
    picture = vizgraph.trace(CASES[what]())
    assert picture.run.error is None
    assert len(picture.run.passes[0].gradients) == len(picture.run.leaves) > 0
    json.dumps(picture.to_dict(), allow_nan=False)
    for view in ("math", "engine"):
        assert picture.timelines[view].beats
        assert picture.dot(view).startswith("digraph")


@pytest.mark.parametrize("what", sorted(CASES.keys() - {"nested", "nested, jagged", "no memory"}))
def test_its_numbers_are_the_engines(what: str) -> None:
    assert assert_exact(CASES[what]()) is not None


def test_complex_numbers_are_written_as_people_write_them() -> None:
    z = torch.tensor([1 + 2j, -0.5j], requires_grad=True)
    run = vizgraph.trace((z * z).abs().sum(), names={"z": z}).run
    assert show(run.leaves[0].value) == "[1+2i, 0-0.5i]"
    arrived = run.passes[0].gradients[0].gradient
    assert arrived.pairs == tuple(
        (one.real, one.imag) for one in torch.autograd.grad((z * z).abs().sum(), z)[0].tolist()
    )


def test_a_nested_tensor_says_along_which_axis_its_parts_differ() -> None:
    for layout in (torch.strided, torch.jagged):
        x = ragged(layout)
        parts = torch.cat([part.reshape(-1) for part in x.unbind()])
        value = vizgraph.trace(x * 2, torch.ones_like(x), names={"x": x}).run.leaves[0].value
        assert (value.shape, value.maximum) == ((2, -1, 2), float(parts.max()))
        assert show(value).startswith("2×?×2, ")


def chained(x: Tensor) -> Tensor:
    y = x * 2
    return y.sin() * x + y


def through_a_linear(x: Tensor) -> Tensor:
    torch.manual_seed(1)
    return nn.Linear(2, 3)(x).relu()


@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
@pytest.mark.parametrize("make", [chained, through_a_linear])
def test_the_numbers_of_nested_tensors_are_the_engines(layout: torch.layout, make: Callable[[Tensor], Tensor]) -> None:
    """A summary is kept of them: the least, the greatest and the length of the numbers that the engine has."""
    x = ragged(layout)
    output = make(x)
    seed = torch.ones_like(output)
    handed: dict[Any, Handed] = {}
    functions = reached([output.grad_fn])
    handles = [one.register_hook(listener(handed, one)) for one in functions if type(one).__name__ != "AccumulateGrad"]
    run = vizgraph.trace(output, seed, names={"x": x}).run
    for handle in handles:
        handle.remove()
    assert run.error is None
    function_of = assert_same_graph(run, [(output.grad_fn, 0)], functions)
    slots = {edge.id: edge.slot for edge in run.graph.edges}
    compared = 0
    for step in run.passes[0].steps:
        if function_of[step.node] in handed:
            contributions, upstream = handed[function_of[step.node]]
            pairs = [*zip(step.upstream, upstream, strict=True)]
            pairs += [(one.gradient, contributions[slots[one.edge]]) for one in step.contributions]
            for value, tensor in pairs:
                assert_summary(value, tensor)
                compared += 1
    assert compared > len(handed)
    leaves = [one.variable for one in functions if type(one).__name__ == "AccumulateGrad"]
    expected = torch.autograd.grad(output, leaves, seed)
    arrived = {one.node: one.gradient for one in run.passes[0].gradients}
    for node, function in function_of.items():
        if type(function).__name__ == "AccumulateGrad":
            place = next(place for place, one in enumerate(leaves) if one is function.variable)
            assert_summary(arrived[node], expected[place])


def assert_summary(value: Value | None, tensor: Tensor | None) -> None:
    assert (value is None) == (tensor is None)
    if value is None or tensor is None:
        return
    whole = torch.cat([one.reshape(-1) for one in (tensor.unbind() if tensor.is_nested else [tensor])]).detach()
    assert (value.minimum, value.maximum) == (float(whole.min()), float(whole.max()))
    assert value.norm == pytest.approx(float(whole.double().norm()), rel=1e-12)


def test_integers_and_truths_have_no_graph() -> None:
    x = leaf(3)
    for output in ((x > 0).sum(), x.argmax(), torch.ones(3)):
        with pytest.raises(vizgraph.VizgraphError, match="does not require grad"):
            vizgraph.trace(output)
    run = vizgraph.trace({"loss": x.max(), "where": x.argmax()}).run  # beside one that has a graph it is left out
    assert len(run.graph.outputs) == 1


def test_a_backward_that_draws_random_numbers_leaves_the_generators_as_they_were() -> None:
    class Noisy(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            return x * 2

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            return gradient + torch.randn_like(gradient) + random.random() + float(numpy.random.rand())

    output = Noisy.apply(leaf(3)).sum()
    states = torch.get_rng_state(), random.getstate(), numpy.random.get_state()[1].tolist()
    assert vizgraph.trace(output).run.error is None
    assert torch.equal(states[0], torch.get_rng_state())
    assert states[1:] == (random.getstate(), numpy.random.get_state()[1].tolist())
