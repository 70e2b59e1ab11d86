"""Recorded code whose gradient is cut off: torch leaves .grad None, and the step that did it is named with its line.

Each has its mended half, in which torch does give a gradient, and nothing is found.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import vizgraph
from vizgraph.model import Finding

Forward = Callable[[nn.ModuleDict, Tensor, bool], Tensor]


def detach(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    code = m["a"](x)
    return m["b"](code if mended else code.detach()).sum()


def data(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    code = m["a"](x)
    return m["b"](code if mended else code.data).sum()


def no_grad(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    with torch.set_grad_enabled(mended):
        code = m["a"](x).tanh()
    return m["b"](code).sum()


def inference(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    with torch.inference_mode(not mended):
        code = m["a"](x)
    return m["b"](code.clone()).sum()


def comparison(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    code = m["a"](x)
    return m["b"](code.sigmoid() if mended else (code > 0).float()).sum()


def indices(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    best = m["a"](x).max(1)
    return m["b"](nn.functional.one_hot(best.indices, 4) * (best.values[:, None] if mended else 1.0)).sum()


def copy(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    sums = [m["a"](row).sum() for row in torch.cat([x, x])]
    return m["b"](torch.stack(sums) if mended else torch.tensor(sums)).sum()


def like(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    code = m["a"](x)
    return m["b"](code if mended else torch.ones_like(code)).sum()


def item(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    scale = m["a"](x).mean()
    return (m["b"](x) * (scale if mended else scale.item())).sum()


def through_numpy(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    code = m["a"](x)
    return m["b"](code if mended else torch.from_numpy(code.detach().numpy())).sum()


def sample(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    normal = torch.distributions.Normal(m["a"](x), 1.0)
    code = normal.rsample() if mended else normal.sample()
    return m["b"](code).sum()


def beside(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    extra = m["a"](x).square().sum()
    return m["b"](x).sum() + (extra if mended else 0)


def uncalled(m: nn.ModuleDict, x: Tensor, mended: bool) -> Tensor:
    return m["b"](m["a"](x) if mended else x).sum()


CUTS: dict[str, tuple[Forward, str, str, int | None]] = {
    "detach": (detach, "cut", "code.detach() keeps the value and cuts the history", 2),
    "data": (data, "cut", "code.data keeps the value and cuts the history", 2),
    "no_grad": (no_grad, "cut", 'm["a"](x) was computed without history, inside the no_grad of line', 2),
    "inference": (inference, "cut", "inside of torch.inference_mode", 2),
    "comparison": (comparison, "cut", "code > 0 has whole numbers or truth values", 2),
    "indices": (indices, "cut", 'm["a"](x).max(1) has whole numbers or truth values', 1),
    "copy": (copy, "cut", "tensor(sums) copies the numbers into a new tensor", 2),
    "like": (like, "cut", "ones_like(code) takes only its shape", 2),
    "item": (item, "cut", "scale.item() takes a number out of torch", 2),
    "through numpy": (through_numpy, "cut", "code.detach() keeps the value and cuts the history", 2),
    "sample": (sample, "cut", "normal.sample() draws numbers without history", 2),
    "beside": (beside, "unused", "a was called, but no operation on the way to loss uses a.weight, a.bias", None),
    "uncalled": (uncalled, "unused", "a was never called", None),
}


def model() -> nn.ModuleDict:
    torch.manual_seed(0)
    return nn.ModuleDict({"a": nn.Linear(4, 4), "b": nn.Linear(4, 1)})


def found(forward: Forward, mended: bool) -> tuple[Finding, ...]:
    m = model()
    with vizgraph.record(m) as recording:
        loss = forward(m, torch.ones(2, 4), mended)
    return recording.trace(loss).findings


def gradient(forward: Forward, mended: bool) -> Tensor | None:
    """Of the weight that is cut off, by torch alone."""
    m = model()
    forward(m, torch.ones(2, 4), mended).backward()
    return m["a"].weight.grad


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.filterwarnings("ignore")
def test_the_step_that_cut_it_is_named_with_its_line_and_without_it_there_is_a_gradient(name: str) -> None:
    forward, kind, why, line = CUTS[name]
    assert gradient(forward, mended=False) is None
    (finding,) = found(forward, mended=False)
    assert (finding.kind, finding.severity) == (kind, "warning")
    assert finding.sentence.startswith("No gradient reaches a.weight, a.bias: ")
    assert why in finding.sentence
    assert finding.line == (None if line is None else forward.__code__.co_firstlineno + line)
    assert finding.file == (None if line is None else __file__)
    assert gradient(forward, mended=True) is not None
    assert found(forward, mended=True) == ()


def test_the_line_of_the_no_grad_is_told_and_all_that_is_computed_in_it_is_one_finding() -> None:
    m = nn.Sequential(*(nn.Linear(4, 4) for _ in range(4)), nn.Linear(4, 1))
    with vizgraph.record(m) as recording:
        with torch.no_grad():
            code = m[:4](torch.ones(2, 4))
        loss = m[4](code).sum()
    (finding,) = recording.trace(loss).findings
    assert finding.line is not None
    assert f"inside the no_grad of line {finding.line - 1}." in finding.sentence
    assert "0.weight, 0.bias, 1.weight and 5 more" in finding.sentence


def test_a_loss_that_was_wrapped_anew_reaches_nothing_and_is_told() -> None:
    m = model()
    loss = m["b"](m["a"](torch.ones(2, 4))).sum()
    wrapped = torch.tensor(loss.item(), requires_grad=True)
    wrapped.backward()
    assert all(parameter.grad is None for parameter in m.parameters())
    (finding,) = vizgraph.trace(wrapped, names=m).findings
    assert "is a leaf itself, with no operation behind it" in finding.sentence
    assert vizgraph.trace(loss, names=m).findings == ()


def test_what_is_looked_at_beside_the_loss_is_no_cut() -> None:
    """Metrics, logs and targets: whatever is detached, the loss has its own way."""
    m = model()
    with vizgraph.record(m) as recording:
        code = m["a"](torch.ones(2, 4))
        hits = (code.argmax(1) == 0).float().mean().item()
        kept = code.detach().numpy()
        with torch.no_grad():
            target = m["a"](torch.ones(2, 4))
        loss = (m["b"](code) - target.mean()).square().mean()
    assert recording.trace(loss).findings == ()
    assert (hits >= 0, kept.shape) == (True, (2, 4))


def test_names_of_a_dict_are_leaves_that_are_to_get_a_gradient() -> None:
    m = model()
    old = dict(m.named_parameters())
    m["a"].weight = nn.Parameter(torch.ones(4, 4))
    loss = m["b"](m["a"](torch.ones(2, 4))).sum()
    (finding,) = vizgraph.trace(loss, names=old).findings
    assert finding.sentence.startswith("No gradient reaches a.weight: ")


def test_a_recording_keeps_no_tensor_alive_that_the_code_has_dropped() -> None:
    with vizgraph.record() as recording:
        x = torch.ones(3, requires_grad=True)
        hidden = x.exp()
        gone = weakref.ref(hidden), weakref.ref(hidden.detach())
        del hidden
        loss = x.sum()
    assert [reference() for reference in gone] == [None, None]
    assert recording.trace(loss).findings == ()


def test_two_blocks_without_gradients_are_two_findings() -> None:
    m = nn.Sequential(*(nn.Linear(4, 4) for _ in range(3)))
    with vizgraph.record(m) as recording:
        with torch.no_grad():
            code = m[0](torch.ones(2, 4))
        with torch.no_grad():
            code = m[1](code)
        loss = m[2](code).sum()
    one, other = recording.trace(loss).findings
    assert one.line is not None
    assert other.line == one.line + 2
    assert f"the no_grad of line {one.line - 1}." in one.sentence
    assert f"the no_grad of line {other.line - 1}." in other.sentence
