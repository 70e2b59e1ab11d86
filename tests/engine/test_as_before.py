"""Trace in the middle of somebody's program, and let the program go on as if nobody had looked."""

from __future__ import annotations

import contextlib
import gc
import threading
import weakref
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import vizgraph


def test_the_gradient_that_a_tensor_retains_stays_what_it_was() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    kept, empty = x * 2, x * 3
    kept.retain_grad()
    empty.retain_grad()
    kept.sum().backward(retain_graph=True)
    before = kept.grad
    holder = {"model": [kept, empty]}  # not every tensor is a variable of somebody
    loss = (holder["model"][0] * holder["model"][1]).sum()
    del kept, empty
    vizgraph.trace(loss, names={})
    kept, empty = holder["model"]
    assert kept.grad is before
    assert torch.equal(before, torch.ones(2))
    assert empty.grad is None
    loss.backward()
    assert torch.equal(kept.grad, torch.ones(2) + x.detach() * 3)
    assert torch.equal(empty.grad, x.detach() * 2)


def test_what_another_thread_retains_meanwhile_stays_there() -> None:
    theirs = torch.ones(2, requires_grad=True) * 2
    theirs.retain_grad()

    def meanwhile(gradient: Tensor) -> None:
        thread = threading.Thread(target=lambda: theirs.sum().backward())
        thread.start()
        thread.join()

    ours = torch.ones(2, requires_grad=True) * 3
    ours.retain_grad()
    loss = ours.exp().sum()
    loss.register_hook(meanwhile)
    vizgraph.trace(loss)
    assert ours.grad is None
    assert torch.equal(theirs.grad, torch.ones(2))


def test_hooks_after_accumulation_are_not_run_and_optimizers_take_no_step() -> None:
    weight = nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    weight.register_post_accumulate_grad_hook(lambda _: optimizer.step())
    loss = (weight * weight).sum()
    vizgraph.trace(loss)
    assert torch.equal(weight, torch.ones(2))
    assert weight.grad is None
    loss.backward()
    assert torch.equal(weight, -torch.ones(2))


def test_the_modes_of_the_program_are_its_own() -> None:
    x = torch.tensor([1.0], requires_grad=True)
    y = x * x
    with torch.no_grad(), torch.autograd.set_detect_anomaly(True, check_nan=False), torch.autocast("cpu"):
        vizgraph.trace(y)
        assert not torch.is_grad_enabled()
        assert torch.is_anomaly_enabled()
        assert torch.is_autocast_enabled("cpu")
    with torch.inference_mode():
        assert vizgraph.trace(y).run.passes[0].gradients[0].gradient.entries == (2.0,)
        assert torch.is_inference_mode_enabled()
    collecting, threads = gc.isenabled(), torch.get_num_threads()
    vizgraph.trace(y)
    assert (gc.isenabled(), torch.get_num_threads()) == (collecting, threads)


def test_the_graph_of_a_training_step_can_be_traced_before_and_after_it_is_used() -> None:
    torch.manual_seed(0)
    plain, looked = (nn.Sequential(nn.Linear(3, 4), nn.Dropout(), nn.Tanh(), nn.Linear(4, 1)) for _ in range(2))
    looked.load_state_dict(plain.state_dict())
    grads: list[list[Tensor]] = []
    for model, look in ((plain, False), (looked, True)):
        torch.manual_seed(1)
        optimizer = torch.optim.Adam(model.parameters())
        for _ in range(3):
            loss = model(torch.randn(5, 3)).square().mean()
            if look:
                vizgraph.trace(loss, names=model)
            optimizer.zero_grad()
            loss.backward(retain_graph=look)
            if look:
                vizgraph.trace(loss, names=model)
            optimizer.step()
        grads.append([parameter.detach().clone() for parameter in model.parameters()])
    assert all(torch.equal(one, other) for one, other in zip(*grads, strict=True))


def test_two_threads_trace_at_once() -> None:
    found: dict[int, tuple[float, ...]] = {}

    def work(number: int) -> None:
        x = torch.full((3,), float(number), requires_grad=True)
        for _ in range(5):
            run = vizgraph.trace((x * x).sum(), names={"x": x}).run
        found[number] = tuple(run.passes[0].gradients[0].gradient.entries)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: (2.0 * number,) * 3 for number in range(4)}


def in_a_hook(meanwhile: Callable[[], object]) -> None:
    meanwhile()


def in_another_thread(meanwhile: Callable[[], object]) -> None:
    thread = threading.Thread(target=meanwhile)
    thread.start()
    thread.join()


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("run", [in_a_hook, in_another_thread])
@pytest.mark.parametrize("at", ["hidden", "loss"])
def test_another_pass_through_the_same_functions_is_not_taken_for_this_one(
    recorded: bool, run: Callable[[Callable[[], object]], None], at: str
) -> None:
    x = torch.tensor([0.5, 1.0], requires_grad=True)
    with vizgraph.record() as recording:
        shared = x.exp()
        hidden = shared.sin()
        loss, other = hidden.sum(), (shared * 1000).sum()
        if recorded:
            expected = torch.autograd.grad(loss, x, retain_graph=True)[0]
        hooked = hidden if at == "hidden" else loss
        hooked.register_hook(lambda _: run(lambda: torch.autograd.grad(other, x, retain_graph=True)))
        if recorded:
            loss.backward(retain_graph=True)
    if not recorded:
        expected = torch.autograd.grad(loss, x, retain_graph=True)[0]
    traced = recording.trace(loss).run if recorded else vizgraph.trace(loss, names={"x": x}).run
    done = traced.passes[-1]
    assert len({step.node for step in done.steps}) == len(done.steps) == len(traced.graph.nodes)
    assert not any(step.before for step in done.steps)
    assert done.gradients[0].gradient.entries == tuple(expected.tolist())


def test_a_leaf_that_was_frozen_since_the_forward_pass_is_traced_with_the_others() -> None:
    net = nn.Linear(3, 2)
    loss = net(torch.ones(1, 3)).square().sum()
    expected = torch.autograd.grad(loss, [net.weight, net.bias], retain_graph=True)
    net.weight.requires_grad_(False)
    run = vizgraph.trace(loss, names=net).run
    assert run.error is None
    arrived = {one.leaf: one.gradient.entries for one in run.passes[0].gradients}
    assert arrived == {
        name: tuple(one.reshape(-1).tolist()) for name, one in zip(("weight", "bias"), expected, strict=True)
    }
    assert not net.weight.requires_grad
    loss.backward()
    assert net.weight.grad is None


class Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        try:
            raise KeyError("inner")
        except KeyError as inner:
            raise ValueError("outer") from inner


@pytest.mark.parametrize("how", ["a pass", "a pass that fails", "a pass of its own", "a pass of its own that fails"])
def test_no_tensor_lives_longer_because_it_was_traced(how: str) -> None:
    """Without Python's collector: what only that would free may hold the memory of a whole model for long."""
    gc.collect()
    gc.disable()
    try:
        x = torch.ones(3, requires_grad=True)
        with vizgraph.record() as recording:
            hidden = Fails.apply(x) if "fails" in how else x * 2
            loss = hidden.exp().sum()
            if "own" in how:
                with contextlib.suppress(ValueError):
                    loss.backward()
        picture = recording.trace(loss) if "own" in how else vizgraph.trace(loss)
        alive = [weakref.ref(one) for one in (x, hidden, loss)]
        del x, hidden, loss  # this function goes on, and a frame may keep a copy of what it had
        assert [one() for one in alive] == [None, None, None]
        assert (picture.run.error is not None) == ("fails" in how)
    finally:
        gc.enable()


def test_the_variables_that_somebody_asked_for_stay_theirs() -> None:
    x = torch.ones(2, requires_grad=True)
    mine = locals()
    vizgraph.trace((x * x).sum())
    assert mine["x"] is x


def test_variables_between_have_their_names_and_values() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    hidden = x.exp()
    first, second = hidden.unbind()
    loss = (hidden * first * second).sum()
    nodes = {node.name: node for node in vizgraph.trace(loss).run.graph.nodes if node.name}
    assert nodes.keys() == {"x", "hidden", "loss"}  # a function with several results is none of them
    assert nodes["hidden"].grad_fn == "ExpBackward0"
    assert nodes["hidden"].value.entries == tuple(x.exp().tolist())
