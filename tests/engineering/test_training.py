"""Training code as engineers write it, traced from outside: the numbers are autograd's, and what is said helps."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

import vizgraph
from tests.engine.operators import assert_exact

Step = Callable[[], tuple[nn.Module, Tensor]]


def layers(*widths: int) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        *(layer for wide, narrow in pairwise(widths) for layer in (nn.Linear(wide, narrow), nn.Tanh()))
    )


def several_losses_and_hooks() -> tuple[nn.Module, Tensor]:
    net = nn.ModuleDict({"encode": layers(4, 8), "classify": nn.Linear(8, 3), "restore": nn.Linear(8, 4)})
    net["classify"].weight.register_hook(lambda gradient: gradient * 0.5)
    net["restore"].register_forward_hook(lambda module, given, result: result * 2)
    x = torch.randn(5, 4)
    hidden = net["encode"](x)
    hidden.register_hook(lambda gradient: gradient.clamp(-0.01, 0.01))
    hidden.retain_grad()
    guess = functional.cross_entropy(net["classify"](hidden), torch.randint(0, 3, (5,)))
    return net, guess + 0.5 * functional.mse_loss(net["restore"](hidden), x) + 0.1 * hidden.abs().mean()


def gradient_penalty() -> tuple[nn.Module, Tensor]:
    critic = layers(2, 8, 1)
    x = torch.randn(6, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return critic, critic(x).mean() + 10 * (slope.norm(dim=1) - 1).square().mean()


def generator_step() -> tuple[nn.Module, Tensor]:
    generator, critic = layers(2, 8, 2), layers(2, 8, 1).requires_grad_(False)
    return generator, functional.binary_cross_entropy_with_logits(
        critic(generator(torch.randn(6, 2))), torch.ones(6, 1)
    )


def checkpointed() -> tuple[nn.Module, Tensor]:
    net = nn.ModuleDict({"body": nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Tanh()), "head": nn.Linear(4, 1)})
    return net, net["head"](checkpoint(net["body"], torch.randn(3, 4), use_reentrant=False)).sum()


def mixed_precision() -> tuple[nn.Module, Tensor]:
    net = layers(8, 16, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return net, functional.cross_entropy(net(torch.randn(4, 8)), torch.tensor([0, 1, 1, 0]))


def packed_sequences() -> tuple[nn.Module, Tensor]:
    net = nn.LSTM(3, 4, num_layers=2, batch_first=True)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(2, 5, 3), torch.tensor([5, 3]), batch_first=True)
    return net, nn.utils.rnn.pad_packed_sequence(net(packed)[0])[0].mean()


def spectral_loss() -> tuple[nn.Module, Tensor]:
    net = nn.Linear(4, 16)
    spectrum = torch.fft.rfft(net(torch.randn(2, 4)))
    return net, (spectrum.abs() - 1).square().mean() + torch.view_as_real(spectrum).sum()


def sparse_embedding() -> tuple[nn.Module, Tensor]:
    net = nn.Sequential(nn.Embedding(10, 3, sparse=True), nn.Linear(3, 1))
    return net, net(torch.tensor([1, 2, 1])).sum()


def transforms() -> tuple[nn.Module, Tensor]:
    net = nn.Linear(3, 1)
    rows = torch.vmap(lambda row: (net.weight[0] * row).sum().tanh())(torch.randn(5, 3))
    slope = torch.func.grad(lambda bias: (bias**3).sum())(net.bias)
    return net, rows.sum() + slope.sum() + torch.func.jacrev(torch.sin)(net.weight[0]).diagonal().sum()


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        several_losses_and_hooks, gradient_penalty, generator_step, checkpointed, mixed_precision, packed_sequences,
        spectral_loss, sparse_embedding, transforms,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_sound_step_is_traced_exactly_and_nothing_is_found(name: str) -> None:
    torch.manual_seed(0)
    with vizgraph.record() as recording:
        model, loss = STEPS[name]()
    picture = recording.trace(loss, names=model, max_entries=100_000)
    assert picture.run.error is None
    assert str(picture.findings) == "no findings"
    assert all(parameter.grad is None for parameter in model.parameters())
    placed = [node for node in picture.run.graph.nodes if node.kind == "operation"]
    assert {node.file for node in placed} == {__file__}
    loss.backward()
    arrived = {one.leaf: one.gradient.entries for one in picture.run.passes[-1].gradients}
    for key, parameter in model.named_parameters():
        if parameter.grad is not None:
            assert arrived.pop(key) == tuple(parameter.grad.to_dense().reshape(-1).tolist()), key
    if not name.endswith("hooks"):  # a hook changes what a leaf gets after the last edge
        assert_exact(STEPS[name]()[1])


def test_a_closure_of_an_optimizer_is_traced_each_time_that_it_is_called() -> None:
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    alone = torch.tensor([1.0, 2.0], requires_grad=True)
    seen: list[tuple[float, ...]] = []

    def closure(parameter: Tensor, optimizer: torch.optim.Optimizer, traced: bool) -> Tensor:
        optimizer.zero_grad()
        with vizgraph.record() as recording:
            loss = (parameter - 3).square().sum() + parameter.prod()
        if traced:
            (arrived,) = recording.trace(loss).run.passes[0].gradients
            seen.append(arrived.gradient.entries)
        loss.backward()
        assert not traced or seen[-1] == pytest.approx(parameter.grad.tolist(), rel=1e-6)
        return loss

    for parameter, traced in ((weight, True), (alone, False)):
        optimizer = torch.optim.LBFGS([parameter], max_iter=4)
        optimizer.step(lambda o=optimizer, p=parameter, t=traced: closure(p, o, t))
    assert len(seen) > 1
    assert torch.equal(weight, alone)


def test_the_discriminators_step_does_not_blame_the_generator_that_it_left_out() -> None:
    generator, critic = layers(2, 8, 2), layers(2, 8, 1)
    fake = generator(torch.randn(6, 2)).detach()
    loss = functional.softplus(critic(fake)).mean() + functional.softplus(-critic(torch.randn(6, 2))).mean()
    vizgraph.check(loss, names=critic)
    with pytest.raises(vizgraph.GradientError, match=r"No gradient reaches generator.0.weight.*: loss does not depend"):
        vizgraph.check(loss, names=nn.ModuleDict({"generator": generator, "critic": critic}))
    vizgraph.check(loss, names=nn.ModuleDict({"generator": generator, "critic": critic}), ignore="unused")


def test_a_wrong_backward_of_somebodys_function_is_named_with_its_line() -> None:
    class Clip(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            ctx.save_for_backward(x)
            return x.clamp(0, 3)

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            (x,) = ctx.saved_tensors
            return gradient / (x - x)

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with vizgraph.record() as recording:
        loss = Clip.apply(x * 2).sum()
    (finding,) = recording.trace(loss).findings
    assert finding.sentence.startswith("The gradient of (x * 2)[0] ")
    assert "becomes inf in Clip.apply(x * 2): the backward of this function is not torch's own" in finding.sentence
    assert "torch.autograd.gradcheck" in finding.fix
    assert finding.file == __file__


def test_a_reentrant_checkpoint_is_said_to_be_our_limit() -> None:
    net = layers(4, 4)
    x = torch.randn(3, 4, requires_grad=True)
    loss = checkpoint(net, x, use_reentrant=True).sum()
    (finding,) = vizgraph.trace(loss).findings
    assert finding.sentence.startswith("The backward pass stopped: When use_reentrant=True")
    assert finding.fix.startswith("Write checkpoint(..., use_reentrant=False)")
    assert finding.fix.endswith(".")
    loss.backward()  # as before
    assert net[0].weight.grad is not None


def test_a_graph_that_is_freed_says_what_to_do() -> None:
    weight = torch.ones(2, requires_grad=True)
    loss = weight.square().sum()
    loss.backward()
    (finding,) = vizgraph.trace(loss).findings
    assert finding.fix.startswith("Call the first backward with retain_graph=True, or compute the output again")
    assert finding.fix.endswith("state = state.detach().")


def test_a_state_that_is_carried_on_runs_once_it_is_detached_as_suggested() -> None:
    torch.manual_seed(0)
    cell = nn.RNNCell(2, 2)
    state = cell(torch.ones(1, 2))
    state.sum().backward()
    (finding,) = vizgraph.trace(cell(torch.ones(1, 2), state).sum(), names=cell).findings
    assert (finding.kind, "state.detach()" in finding.fix) == ("failed", True)
    assert vizgraph.trace(cell(torch.ones(1, 2), state.detach()).sum(), names=cell).findings == ()


def test_a_step_of_an_optimizer_before_backward_is_told_from_a_write_of_ones_own() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1))
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    loss = model(torch.ones(1, 2)).sum()
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward(retain_graph=True)
    (finding,) = vizgraph.trace(loss, names=model).findings
    assert finding.fix.startswith("A parameter was changed between the forward and the backward pass: call backward")
    hidden = torch.ones(2, requires_grad=True).exp()
    product = (hidden * hidden).sum()
    hidden.mul_(2)
    (finding,) = vizgraph.trace(product).findings
    assert finding.fix.startswith("A saved value was overwritten: write y = y * 2")


def in_inference_mode() -> Tensor:
    with torch.inference_mode():
        return torch.ones(2) * 2


@pytest.mark.parametrize(
    ("make", "hint"),
    [
        (in_inference_mode, "made in torch.inference_mode"),
        (lambda: torch.ones(2, requires_grad=True).argmax(), "whole numbers and truth values have no gradient"),
        (lambda: torch.ones(2, requires_grad=True).sum().detach(), "no_grad, detach, .data and .item() end a history"),
    ],
)
def test_a_loss_without_history_says_why(make: Callable[[], Tensor], hint: str) -> None:
    with pytest.raises(vizgraph.VizgraphError, match="does not require grad") as caught:
        vizgraph.trace(make())
    assert hint in (caught.value.hint or "")


def test_a_trace_inside_of_a_transform_says_where_to_trace() -> None:
    weight = torch.ones(3, requires_grad=True)

    def row(x: Tensor) -> Tensor:
        vizgraph.trace((weight.detach() * x).sum())
        return x

    with pytest.raises(vizgraph.VizgraphError, match="does not require grad") as caught:
        torch.vmap(row)(torch.ones(2, 3))
    assert "trace what the transform returns" in (caught.value.hint or "")


def test_what_is_given_by_mistake_is_refused_in_a_sentence() -> None:
    weight = torch.ones(2, requires_grad=True)
    loss = weight.sum()
    with pytest.raises(vizgraph.VizgraphError, match="names can not be int"):
        vizgraph.trace(loss, names=3)
    with pytest.raises(vizgraph.VizgraphError, match="record can not watch Tensor"):
        vizgraph.record(loss)
    with pytest.raises(vizgraph.VizgraphError, match="there is no kind of finding 'unsued'"):
        vizgraph.check(loss, ignore=["unsued"])


def test_with_a_module_as_names_the_callers_variables_have_their_names_too() -> None:
    net = layers(2, 2)
    hidden = net(torch.ones(1, 2))
    objective = hidden.sum()
    names = {node.name for node in vizgraph.trace(objective, names=net).run.graph.nodes}
    assert {"0.weight", "0.bias", "hidden", "objective"} <= names
