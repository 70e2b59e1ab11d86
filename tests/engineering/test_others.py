"""Code that changes what a tensor, a function or a pass is: it is traced exactly, and goes on as if nobody looked."""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import forward_ad
from torch.nn import functional
from torch.nn.utils import parametrizations, prune
from torch.testing._internal.two_tensor import TwoTensor
from torch.utils.checkpoint import checkpoint, checkpoint_sequential, create_selective_checkpoint_contexts

import vizgraph
from tests.engine.operators import assert_exact
from tests.engine.untouched import untouched

pytestmark = pytest.mark.filterwarnings("ignore")
Made = tuple[nn.Module | Mapping[str, Tensor], Tensor]  # what has names, and the loss


@pytest.fixture(autouse=True)
def compiled_anew() -> Iterator[None]:
    torch.compiler.reset()
    yield
    torch.compiler.reset()


class Heard(torch.Tensor):
    """A subclass that hears what is done to it."""

    calls: list[str] = []  # noqa: RUF012 - of all its tensors

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        cls.calls.append(getattr(func, "__name__", str(func)))
        return super().__torch_function__(func, types, args, kwargs or {})


class Deaf(torch.Tensor):
    """A subclass that refuses all but a few functions."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func not in (Tensor.mul, Tensor.sum, Tensor.backward, torch.autograd.backward, torch.autograd.grad):
            raise TypeError(f"no {func.__name__} here")
        return super().__torch_function__(func, types, args, kwargs or {})


class Plain(torch.Tensor):
    """A subclass whose functions give plain tensors."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        with torch._C.DisableTorchFunctionSubclass():
            return func(*args, **(kwargs or {}))


class Weight(nn.Parameter):
    pass


class Product(torch.autograd.Function):
    @staticmethod
    def forward(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        return x * y, x + y

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.set_materialize_grads(False)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, first: Tensor, second: Tensor | None) -> Any:
        assert second is None
        x, y = ctx.saved_tensors
        return first * y, first * x


def net() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4))


def weight(*sizes: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*(sizes or (3,))))


def rows() -> Tensor:
    return torch.randn(2, 4)


def compiled_module() -> Made:
    model = net()
    return model, torch.compile(model, backend="aot_eager")(rows()).sum()


def compiled_function() -> Made:
    w = weight()
    return {"w": w}, torch.compile(lambda x: (x * w).sin().sum(), backend="aot_eager")(torch.randn(3))


def subclass() -> Made:
    x = weight()
    return {"x": x}, (x.as_subclass(Heard) * 2).exp().sum()


def subclass_that_gives_plain_tensors() -> Made:
    x = torch.randn(100).as_subclass(Plain).requires_grad_()
    return {"x": x}, (x * 2).sum()


def subclass_of_parameter() -> Made:
    model = nn.Linear(3, 2)
    model.weight = Weight(model.weight.data)
    return model, model(torch.randn(1, 3)).sum()


def checkpoints_in_each_other() -> Made:
    one, two = nn.Linear(4, 4), nn.Linear(4, 4)

    def both(x: Tensor) -> Tensor:
        return checkpoint(two, checkpoint(one, x, use_reentrant=False).tanh(), use_reentrant=False)

    return nn.ModuleList([one, two]), checkpoint(both, rows(), use_reentrant=False).sum()


def checkpoints_in_line() -> Made:
    model = net()
    return model, checkpoint_sequential(model, 2, rows(), use_reentrant=False).sum()


def transforms() -> Made:
    w = weight()
    x = torch.randn(3)
    slopes = (
        torch.func.jacrev(lambda v: (v * w).sin())(x).sum() + torch.func.hessian(lambda v: (v**3 * w).sum())(x).sum()
    )
    pulled = torch.func.vjp(lambda v: v * w, x)[1](torch.ones(3))[0]
    return {"w": w}, slopes + pulled.sum() + torch.func.jvp(lambda v: v * w, (x,), (torch.ones(3),))[1].sum()


def ensemble() -> Made:
    models = [nn.Linear(3, 2) for _ in range(3)]
    parameters, _ = torch.func.stack_module_state(models)
    call = functools.partial(torch.func.functional_call, models[0])
    return parameters, torch.vmap(call, in_dims=(0, None))(parameters, torch.randn(4, 3)).sum()


def autocast() -> Made:
    model = nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 2))
    with torch.autocast("cpu", torch.bfloat16):
        return model, functional.cross_entropy(model(torch.randn(3, 8)), torch.tensor([0, 1, 1]))


def parametrized() -> Made:
    layers = [nn.Linear(4, 4) for _ in range(4)]
    parametrizations.weight_norm(layers[0])
    parametrizations.orthogonal(layers[1])
    parametrizations.spectral_norm(layers[2])
    prune.random_unstructured(layers[3], "weight", 0.5)
    model = nn.Sequential(*layers)
    return model, model(rows()).square().sum()


def from_inference_mode() -> Made:
    with torch.inference_mode():
        x = torch.randn(3)
    w = weight()
    return {"w": w}, (w + x).exp().sum()


def packed_by_hooks() -> Made:
    model = net()
    with torch.autograd.graph.saved_tensors_hooks(lambda x: x.detach().numpy(), torch.from_numpy):
        return model, model(rows()).sum()


def made_in_a_thread() -> Made:
    model, made = net(), []
    thread = threading.Thread(target=lambda: made.append(model(rows()).sum()))
    thread.start()
    thread.join()
    return model, made[0]


def traced_by_jit() -> Made:
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU())
    return model, torch.jit.trace(model, rows())(rows()).sum()


def hooks_of_modules() -> Made:
    model = net()
    model.register_full_backward_hook(lambda *_: None)
    model[0].register_full_backward_pre_hook(lambda _, given: (given[0] * 2,))
    return model, model(rows().requires_grad_()).sum()


def function_that_materializes_nothing() -> Made:
    x = weight()
    return {"x": x}, Product.apply(x, x * 2)[0].sum()


def forward_derivative() -> Made:
    w = weight()
    with forward_ad.dual_level():
        return {"w": w}, forward_ad.unpack_dual(w * forward_ad.make_dual(torch.randn(3), torch.ones(3))).tangent.sum()


def unrolled_optimizer() -> Made:
    w = weight()
    v: Tensor = w
    for _ in range(3):
        (slope,) = torch.autograd.grad(v.square().sum(), v, create_graph=True)
        v = v - 0.1 * slope
    return {"w": w}, v.square().sum()


def foreach() -> Made:
    w = weight()
    y = w * 1
    torch._foreach_mul_([y], 2.0)
    return {"w": w}, y.sum()


MADE: dict[str, Callable[[], Made]] = {
    make.__name__: make
    for make in (
        compiled_module, compiled_function, subclass, subclass_that_gives_plain_tensors, subclass_of_parameter,
        checkpoints_in_each_other, checkpoints_in_line, transforms, ensemble, autocast, parametrized,
        from_inference_mode, packed_by_hooks, made_in_a_thread, traced_by_jit, hooks_of_modules,
        function_that_materializes_nothing, forward_derivative, unrolled_optimizer, foreach,
    )
}  # fmt: skip


def gradients(named: nn.Module | Mapping[str, Tensor]) -> list[Tensor | None]:
    tensors = named.parameters() if isinstance(named, nn.Module) else named.values()
    return [None if one.grad is None else one.grad.detach().clone() for one in tensors]


@pytest.mark.parametrize("name", MADE)
def test_it_is_exact(name: str) -> None:
    torch.manual_seed(0)
    assert assert_exact(MADE[name]()[1]) is not None


@pytest.mark.parametrize("name", MADE)
def test_it_goes_on_bit_for_bit_as_if_nobody_had_looked(name: str) -> None:
    torch.manual_seed(0)
    named, alone = MADE[name]()
    alone.backward()
    expected, state = gradients(named), torch.get_rng_state()
    torch.compiler.reset()

    torch.manual_seed(0)
    with vizgraph.record() as recording:
        named, loss = MADE[name]()
    parts = [*named.parameters(), *named.buffers()] if isinstance(named, nn.Module) else list(named.values())
    with untouched([*parts, loss]):
        picture = recording.trace(loss, names=named)
        assert str(picture.findings) == "no findings"
    assert picture.run.error is None
    assert gradients(named) == [None] * len(expected)
    assert torch.equal(loss.detach(), alone.detach())
    loss.backward()
    assert torch.equal(state, torch.get_rng_state())
    for one, other in zip(gradients(named), expected, strict=True):
        assert (one is None and other is None) or torch.equal(one, other)


def test_the_compiler_compiles_under_record_what_it_does_without() -> None:
    """It reads what is called in a forward pass, and would take the recording for a part of it."""
    counts = []
    for watched in (False, True):
        torch.compiler.reset()
        if watched:
            with vizgraph.record():
                loss = compiled_module()[1]
        else:
            loss = compiled_module()[1]
        graph = vizgraph.trace(loss, names={}).run.graph
        counts.append([node.grad_fn for node in graph.nodes if node.kind != "leaf"])
    assert counts[0] == counts[1]
    assert counts[0].count("CompiledFunctionBackward") == 1


def test_a_subclass_hears_nothing_of_a_trace_but_the_pass() -> None:
    Heard.calls.clear()
    subclass()
    alone = list(Heard.calls)
    Heard.calls.clear()
    with vizgraph.record() as recording:
        named, loss = subclass()
    recording.trace(loss, names=named)
    assert [call for call in Heard.calls if call != "grad"] == alone


def test_a_subclass_that_refuses_what_is_asked_of_it_is_traced() -> None:
    x = torch.randn(3).as_subclass(Deaf)
    with torch._C.DisableTorchFunctionSubclass():
        x.requires_grad_()
    with vizgraph.record() as recording:
        loss = (x * 2).sum()
    run = recording.trace(loss, names={"x": x}).run
    assert run.error is None
    assert {"AccumulateGrad", "MulBackward0", "SumBackward0"} <= {node.grad_fn for node in run.graph.nodes}
    assert run.passes[0].gradients[0].gradient.entries == (2.0,) * 3


def test_a_tensor_of_two_tensors_has_a_graph_and_no_numbers() -> None:
    x = TwoTensor(torch.randn(3), torch.randn(3)).requires_grad_()
    with vizgraph.record() as recording:
        loss = (x * 2).sum()
    run = recording.trace(loss, names={"x": x}).run
    assert run.error is None
    assert (run.leaves[0].value.shape, run.leaves[0].value.entries) == ((3,), None)
    loss.backward()
    assert torch.equal(x.grad.a, torch.full((3,), 2.0))


def test_a_context_that_has_ended_is_an_error_of_the_pass_and_not_ours() -> None:
    w = weight()
    with torch.autograd.graph.allow_mutation_on_saved_tensors():
        y = w.exp()
        loss = y.sum()
        y.add_(1)
    (finding,) = vizgraph.trace(loss).findings
    assert finding.sentence.startswith("The backward pass stopped: Trying to backward outside of the")


def selective(model: nn.Module) -> Tensor:
    contexts = functools.partial(create_selective_checkpoint_contexts, [torch.ops.aten.addmm.default])
    return checkpoint(model, rows(), use_reentrant=False, context_fn=contexts).sum()


def reentrant(model: nn.Module) -> Tensor:
    return checkpoint(model, rows().requires_grad_(), use_reentrant=True).sum()


@pytest.mark.parametrize("make", [selective, reentrant])
def test_a_checkpoint_that_can_run_once_is_told_by_the_pass_of_the_code_itself(
    make: Callable[[nn.Module], Tensor],
) -> None:
    model = net()
    with vizgraph.record(model) as recording:
        loss = make(model)
        loss.backward()
    picture = recording.trace(loss)
    (told,) = picture.run.passes
    assert told.steps[0].node == picture.run.graph.outputs[0]
    assert str(picture.findings) == "no findings"
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_a_selective_checkpoint_still_works_after_a_trace() -> None:
    """It hands out what it kept once, and that once belongs to the program."""
    torch.manual_seed(0)
    alone = net()
    selective(alone).backward()
    torch.manual_seed(0)
    model = net()
    loss = selective(model)
    for _ in range(2):
        picture = vizgraph.trace(loss, names=model, max_entries=1000)
        assert picture.run.error is None
        loss_gradients = {one.leaf: one.gradient.entries for one in picture.run.passes[0].gradients}
    loss.backward()
    for (name, one), other in zip(model.named_parameters(), alone.parameters(), strict=True):
        assert torch.equal(one.grad, other.grad)
        assert loss_gradients[name] == tuple(other.grad.reshape(-1).tolist())


def test_a_selective_checkpoint_that_ran_already_says_how_to_see_its_pass() -> None:
    loss = selective(net())
    loss.backward(retain_graph=True)
    (finding,) = vizgraph.trace(loss).findings
    assert "on any region computed under selective activation checkpoint" in finding.sentence
    assert finding.fix.startswith("Let vizgraph.record watch your own loss.backward()")


@pytest.mark.parametrize("inner", [nn.BatchNorm2d(2), nn.BatchNorm2d(2, momentum=None), nn.SyncBatchNorm(2)])
def test_a_batch_norm_in_a_checkpoint_counts_no_forward_of_a_trace(inner: nn.Module) -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), copy.deepcopy(inner), nn.ReLU(inplace=True))
    loss = checkpoint(model, torch.randn(2, 1, 5, 5), use_reentrant=False).square().sum()
    before = {name: (one.clone(), one._version) for name, one in model.named_buffers()}
    assert vizgraph.trace(loss, names=model).run.error is None
    for name, one in model.named_buffers():
        assert torch.equal(one, before[name][0]), name
        assert one._version == before[name][1], name
    loss.backward()  # runs the forward again, and counts it
    assert model[1].num_batches_tracked.item() == 2


def test_a_checkpoint_that_broke_is_read_and_leaves_no_trace() -> None:
    running = torch.zeros(2)

    def forward(x: Tensor) -> Tensor:
        running.add_(x.detach())
        return (x * 2).sqrt()

    x = torch.tensor([0.0, 4.0], requires_grad=True)
    loss = checkpoint(forward, x, use_reentrant=False).sum()
    (finding,) = vizgraph.trace(loss).findings
    assert "the slope of sqrt at 0 is infinite" in finding.sentence
    assert running.tolist() == [0.0, 4.0]


def test_hooks_of_several_gradients_together_rest_in_a_trace_and_work_after_it() -> None:
    """torch refuses them in a pass that hands the gradients of leaves over, as a trace does."""
    x, w = weight(), weight()
    (expected,) = torch.autograd.grad((x * w).exp().sum(), [w])
    heard: list[list[bool]] = []
    hidden = x * w
    torch.autograd.graph.register_multi_grad_hook(
        [x, hidden, w], lambda grads: heard.append([one is not None for one in grads])
    )
    once: list[Tensor] = []
    torch.autograd.graph.register_multi_grad_hook([x, w], once.append, mode="any")
    loss = hidden.exp().sum()
    run = vizgraph.trace(loss, names={"x": x, "w": w}).run
    assert run.error is None
    assert {one.leaf: one.gradient.entries for one in run.passes[0].gradients}["w"] == tuple(expected.tolist())
    assert heard == []
    loss.backward(retain_graph=True)
    hidden.sum().backward()
    assert heard == [[True, True, True]] * 2
    assert len(once) == 3  # a hook like any other: once in each pass, the traced one too


def test_names_may_be_the_keys_of_any_dictionary() -> None:
    w = weight()
    run = vizgraph.trace(w.exp().sum(), names={7: w}).run
    assert [leaf.name for leaf in run.leaves] == ["7"]
