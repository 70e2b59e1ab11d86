"""Programs as engineers write them: every number is autograd's, and nothing of theirs is touched, in any mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint

import vizgraph
from tests.engine.operators import assert_exact, bits, bits_of, leaf, reached
from tests.engine.untouched import untouched

pytestmark = pytest.mark.filterwarnings("ignore")
Made = tuple[nn.Module | Mapping[str, Tensor], Tensor]


class Doubled(torch.autograd.Function):
    """Writes in place."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * 2


class Largest(torch.autograd.Function):
    """Has a result without a gradient."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        values, places = x.max(-1)
        ctx.mark_non_differentiable(places)
        ctx.save_for_backward(places)
        ctx.shape = x.shape
        return values, places

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, _: Tensor) -> Tensor:
        (places,) = ctx.saved_tensors
        return torch.zeros(ctx.shape).scatter_(-1, places[..., None], gradient[..., None])


def weight(*sizes: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*(sizes or (3,))))


def attention() -> Made:
    model = nn.MultiheadAttention(8, 2, batch_first=True)
    x = torch.randn(2, 3, 8)
    y, weights = model(x, x, x)
    return model, y.sum() + weights.square().sum()


def encoder() -> Made:
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
    mask = torch.tensor([[False, False, True], [False, False, False]])
    return model, model(torch.randn(2, 3, 8), src_key_padding_mask=mask).pow(3).mean()


def packed_both_ways() -> Made:
    model = nn.GRU(3, 4, 2, bidirectional=True, dropout=0.3)
    packed = nn.utils.rnn.pack_sequence([torch.randn(4, 3), torch.randn(2, 3)])
    y, hidden = model(packed)
    return model, y.data.sum() + hidden.square().sum()


def bag_of_words() -> Made:
    model = nn.EmbeddingBag(10, 3, mode="mean", sparse=True)
    return model, model(torch.tensor([1, 2, 4, 5, 4, 3]), torch.tensor([0, 4])).square().sum()


def residual() -> Made:
    model = nn.ModuleList([nn.Conv2d(1, 1, 3, padding=1), nn.BatchNorm2d(1)])
    x = torch.randn(2, 1, 5, 5)
    return model, functional.relu(model[1](model[0](x)) + x, inplace=True).square().mean()


def speech() -> Made:
    scores = weight(5, 2, 4)
    lengths = torch.tensor([5, 5]), torch.tensor([2, 2])
    return {"scores": scores}, functional.ctc_loss(scores.log_softmax(-1), torch.tensor([[1, 2], [3, 1]]), *lengths)


def gradient_penalty() -> Made:
    critic = nn.Sequential(nn.Linear(2, 8), nn.Softplus(), nn.Linear(8, 1))
    between = torch.randn(4, 2, requires_grad=True)
    (slope,) = torch.autograd.grad(critic(between), between, torch.ones(4, 1), create_graph=True)
    return critic, critic(torch.randn(4, 2)).mean() + 10 * (slope.norm(2, 1) - 1).square().mean()


def meta_learning() -> Made:
    model = nn.Linear(2, 1)
    parameters = dict(model.named_parameters())
    for _ in range(2):
        loss = torch.func.functional_call(model, parameters, (torch.randn(3, 2),)).square().mean()
        slopes = torch.autograd.grad(loss, list(parameters.values()), create_graph=True)
        parameters = {name: one - 0.1 * slope for (name, one), slope in zip(parameters.items(), slopes, strict=True)}
    return model, torch.func.functional_call(model, parameters, (torch.randn(3, 2),)).square().mean()


def fourth_derivative() -> Made:
    w = weight()
    slope = (w**5).sum()
    for _ in range(3):
        (slope,) = torch.autograd.grad(slope.sum(), w, create_graph=True)
    return {"w": w}, slope.sum()


def chance() -> Made:
    mean = weight()
    one = torch.distributions.Normal(mean, 1.0)
    other = torch.distributions.kl_divergence(one, torch.distributions.Normal(0.0, 2.0))
    chosen = functional.gumbel_softmax(mean, hard=True)
    return {"mean": mean}, one.rsample().square().sum() + other.sum() + (chosen * torch.arange(3.0)).sum()


def decompositions() -> Made:
    a = weight(3, 3)
    square = a @ a.T + 3 * torch.eye(3)
    root = torch.linalg.cholesky(square).diagonal().log().sum()
    return {"a": a}, root + torch.linalg.svdvals(a).sum() + torch.linalg.solve(square, torch.ones(3)).sum()


def writes() -> Made:
    x = weight(5)
    y = x * 1
    y[torch.tensor([0, 0, 2])] += torch.ones(3)
    y[y > 0] *= 2
    y.scatter_add_(0, torch.tensor([1, 1]), x[:2])
    return {"x": x}, y.sum()


def written_in_place_by_a_function() -> Made:
    x = weight(3, 3)
    y = x * 1
    Doubled.apply(y[0])
    return {"x": x}, y.square().sum()


def one_result_without_gradient() -> Made:
    x = weight(3, 4)
    values, places = Largest.apply(x * 1)
    return {"x": x}, (values * places).sum()


def tied() -> Made:
    embed, head = nn.Embedding(6, 4), nn.Linear(4, 6, bias=False)
    head.weight = embed.weight
    return nn.ModuleList([embed, head]), functional.cross_entropy(
        head(embed(torch.tensor([1, 2]))), torch.tensor([0, 3])
    )


def on_the_processor() -> Made:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh())
    with torch.autograd.graph.save_on_cpu():
        return model, model(torch.randn(2, 3)).sum()


def checkpointed_batch_norm() -> Made:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.2))
    return model, checkpoint(model, torch.randn(2, 1, 5, 5), use_reentrant=False).square().sum()


def hooked_everywhere() -> Made:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    model[0].register_full_backward_hook(
        lambda module, given, got: tuple(None if one is None else one * 2 for one in given)
    )
    model[2].register_full_backward_pre_hook(lambda module, got: (got[0] * 2,))
    model[0].weight.register_post_accumulate_grad_hook(lambda parameter: parameter.data.add_(1))
    y = model(torch.randn(2, 3, requires_grad=True))
    y.grad_fn.register_prehook(lambda got: (got[0] * 3,))
    y.retain_grad()
    return model, y.square().sum()


def half() -> Made:
    model = nn.Conv1d(2, 2, 3).bfloat16()
    return model, model(torch.randn(1, 2, 5, dtype=torch.bfloat16)).float().sum()


PROGRAMS: dict[str, Callable[[], Made]] = {
    make.__name__: make
    for make in (
        attention, encoder, packed_both_ways, bag_of_words, residual, speech, gradient_penalty, meta_learning,
        fourth_derivative, chance, decompositions, writes, written_in_place_by_a_function, one_result_without_gradient,
        tied, on_the_processor, checkpointed_batch_norm, hooked_everywhere, half,
    )
}  # fmt: skip
HOOKED = ("hooked_everywhere",)  # a hook makes other numbers of what an edge delivered


def tensors_of(named: nn.Module | Mapping[str, Tensor], loss: Tensor) -> list[Tensor]:
    known = [*named.parameters(), *named.buffers()] if isinstance(named, nn.Module) else list(named.values())
    return [*known, *leaves_of(loss), loss]


def leaves_of(loss: Tensor) -> list[Tensor]:
    return [function.variable for function in reached(iter([loss.grad_fn])) if leaf(function)]


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - set(HOOKED)))
def test_it_is_exact(name: str) -> None:
    torch.manual_seed(0)
    assert assert_exact(PROGRAMS[name]()[1]) is not None


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_of_it_is_touched_and_it_goes_on_as_if_nobody_had_looked(name: str) -> None:
    torch.manual_seed(0)
    expected = torch.autograd.grad(loss := PROGRAMS[name]()[1], leaves_of(loss), allow_unused=True)
    torch.manual_seed(0)
    with vizgraph.record() as recording:
        named, loss = PROGRAMS[name]()
    leaves = leaves_of(loss)
    with untouched(tensors_of(named, loss)):
        picture = recording.trace(loss, names=named, max_entries=10**9)
        str(picture.findings)
        picture.svg("engine"), picture.html(), picture.to_dict()
    assert picture.run.error is None
    arrived = sorted(bits(one.gradient) for one in picture.run.passes[0].gradients)
    assert arrived == sorted(bits_of(one) for one in expected if one is not None)
    for one, other in zip(torch.autograd.grad(loss, leaves, allow_unused=True), expected, strict=True):
        assert (one is None and other is None) or bits_of(one) == bits_of(other)


# --- modes --------------------------------------------------------------------------------------


class Kernels(TorchDispatchMode):
    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))


class Functions(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))


@contextmanager
def default_dtype() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@contextmanager
def default_device() -> Iterator[None]:
    torch.set_default_device("meta")
    yield
    torch.set_default_device(None)


@contextmanager
def deterministic() -> Iterator[None]:
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


MODES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "detect_anomaly": lambda: torch.autograd.set_detect_anomaly(True),
    "default dtype": default_dtype,
    "default device": default_device,
    "deterministic": deterministic,
    "autocast": lambda: torch.autocast("cpu", torch.bfloat16),
    "a dispatch mode": Kernels,
    "a function mode": Functions,
    "one thread": lambda: torch.autograd.set_multithreading_enabled(False),
    "saved tensors hooks": lambda: torch.autograd.graph.saved_tensors_hooks(lambda x: x.clone(), lambda x: x),
    "no hooks allowed": lambda: torch.autograd.graph.disable_saved_tensors_hooks("none here"),
    "forward derivatives": torch.autograd.forward_ad.dual_level,
    "mutation allowed": torch.autograd.graph.allow_mutation_on_saved_tensors,
}


@pytest.mark.parametrize("make", [residual, bag_of_words, writes, gradient_penalty])
@pytest.mark.parametrize("mode", MODES)
def test_a_trace_inside_of_a_mode_has_the_numbers_of_a_pass_there(mode: str, make: Callable[[], Made]) -> None:
    torch.manual_seed(0)
    named, loss = make()
    leaves = leaves_of(loss)
    with MODES[mode]():
        expected = torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True)
        with untouched(tensors_of(named, loss)):
            picture = vizgraph.trace(loss, names=named, max_entries=10**9)
            findings = str(picture.findings)
            picture.html(), picture.svg("engine")
    assert picture.run.error is None
    assert findings == "no findings"
    arrived = sorted(bits(one.gradient) for one in picture.run.passes[0].gradients)
    assert arrived == sorted(bits_of(one) for one in expected if one is not None)
