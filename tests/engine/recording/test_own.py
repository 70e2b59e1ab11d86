"""Record code that calls backward by itself, and find in its trace what became of every ``.grad``."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from vizgraph.model import Pass, Run


def model() -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), torch.randn(5, 3)


def entries(tensor: Tensor | None) -> tuple[float, ...] | None:
    return None if tensor is None else tuple(tensor.reshape(-1).tolist())


def grads(run: Run, one: Pass) -> dict[str, tuple[float, ...] | None]:
    """What every leaf holds after a pass."""
    return {done.leaf: done.after.entries if done.after else None for done in one.gradients}


def real(net: nn.Module) -> dict[str, tuple[float, ...] | None]:
    return {name: entries(one.grad) for name, one in net.named_parameters()}


def test_every_loss_of_a_script_is_a_pass_with_the_real_gradients() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        y = net(x)
        data, penalty = y.square().mean(), y.abs().sum()
        data.backward(retain_graph=True)
        first = real(net)
        penalty.backward()
        second = real(net)
    run = recording.trace({"data": data, "penalty": penalty}).run
    assert run.error is None
    assert [one.number for one in run.passes] == [1, 2]
    assert grads(run, run.passes[0]) == first
    assert grads(run, run.passes[1]) == second
    assert real(net) == second  # tracing added nothing


def test_a_graph_that_its_own_pass_freed_is_told_like_one_that_lives() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        loss = net(x).square().mean()
        loss.backward()
    told = recording.trace(loss).run
    twin, x = model()
    lives = vizgraph.trace(twin(x).square().mean(), names=twin).run
    assert told.error is None
    assert [(step.upstream, [one.gradient for one in step.contributions]) for step in told.passes[0].steps] == [
        (step.upstream, [one.gradient for one in step.contributions]) for step in lives.passes[0].steps
    ]


def test_a_pass_that_the_code_did_not_run_is_added() -> None:
    net, x = model()
    with vizgraph.record(net) as recording:
        loss = net(x).square().mean()
        loss.backward(retain_graph=True)
    before = real(net)
    run = recording.trace(loss, gradient=2.0).run
    assert [one.seeds[0].gradient.entries for one in run.passes] == [(1.0,), (2.0,)]
    assert [one.number for one in run.passes] == [1, 2]
    assert real(net) == before


def test_a_gradient_penalty_has_the_inner_pass_and_the_outer_one() -> None:
    net, x = model()
    x.requires_grad_()
    with vizgraph.record(net) as recording:
        y = net(x).sum()
        (slope,) = torch.autograd.grad(y, x, create_graph=True)
        loss = (slope.norm(dim=1) - 1).square().mean() + y
        loss.backward()
    run = recording.trace(loss).run
    inner, outer = run.passes
    arrived = {done.leaf: done.gradient.entries for done in inner.gradients}
    assert arrived == {"x": entries(slope)}
    assert grads(run, outer) == {**real(net), "x": entries(x.grad)}


def test_v_is_what_the_code_gave() -> None:
    x, v = torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, -1.0])
    with vizgraph.record() as recording:
        y = x * x
        torch.autograd.backward([y], [v])
    (one,) = recording.trace(y).run.passes
    assert one.seeds[0].gradient.entries == entries(v)
    assert one.gradients[0].gradient.entries == entries(x.grad) == (6.0, -4.0)


def test_a_pass_that_left_the_traced_graph_is_not_told() -> None:
    generator, discriminator = nn.Linear(2, 2), nn.Linear(2, 1)
    with vizgraph.record() as recording:
        fake = generator(torch.ones(3, 2))
        critic_loss = discriminator(fake.detach()).mean()
        critic_loss.backward()
        loss = -discriminator(fake).mean()
        loss.backward()
    for output, number in ((critic_loss, 1), (loss, 2)):
        assert [one.number for one in recording.trace(output).run.passes] == [number]
    both = recording.trace([critic_loss, loss]).run
    held = {leaf.name: leaf.grad.entries for leaf in both.leaves if leaf.grad is not None}
    assert held["discriminator.bias"] == entries(discriminator.bias.grad) == (0.0,)
    assert held["generator.weight"] == entries(generator.weight.grad)


def trained(*, watched: bool) -> tuple[list[float], int]:
    """Three steps with two losses and a hook: the parameters, and how often the hook was called."""
    net, x = model()
    heard: list[Tensor] = []
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    for _ in range(3):
        with vizgraph.record(net) if watched else torch.enable_grad():
            optimizer.zero_grad()
            hidden = nn.functional.dropout(net[1](net[0](x)))
            hidden.register_hook(lambda grad: heard.append(grad) or grad * 2)
            hidden.retain_grad()
            y = net[2](hidden)
            y.sum().backward(retain_graph=True)
            y.square().mean().backward()
            heard.append(hidden.grad)
            optimizer.step()
    return [number for one in [*net.parameters(), *heard] for number in one.reshape(-1).tolist()], len(heard)


def test_the_code_runs_as_it_would_alone() -> None:
    assert trained(watched=True) == trained(watched=False)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda y: y.backward(), "grad can be implicitly created only for scalar outputs"),
        (lambda y: y.backward(torch.ones(3)), "Mismatch in shape"),
        (lambda y: y.detach().sum().backward(), "does not require grad"),
        (lambda y: torch.autograd.grad(y.sum(), torch.ones(1, requires_grad=True)), "not have been used"),
        (lambda y: torch.autograd.backward(), "missing 1 required positional argument"),
    ],
)
def test_what_torch_refuses_it_refuses_in_its_own_words(refused: Any, message: str) -> None:
    x = torch.ones(2, requires_grad=True)
    with vizgraph.record() as recording:
        y = x.exp()
        with pytest.raises((RuntimeError, TypeError), match=message):
            refused(y)
    assert len(recording.trace(y.sum()).run.passes) == 1


def test_no_graph_is_kept_alive_by_a_pass_through_it() -> None:
    class Token:
        pass

    x = torch.ones(3, requires_grad=True)
    with vizgraph.record() as recording:
        y = x.exp().sin()
        token = Token()
        y.grad_fn.metadata["token"] = token
        y.sum().backward()
    alive = weakref.ref(token)
    del y, token
    gc.collect()
    assert alive() is None
    assert recording is not None
