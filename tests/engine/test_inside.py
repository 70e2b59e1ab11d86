"""Find in a trace what autograd holds of each function, and on its card the words for it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import vizgraph
from vizgraph.model import Inside, Node, Summed
from vizgraph.visualization import Visualization


def leaf(*sizes: int) -> Tensor:
    torch.manual_seed(0)
    return torch.randn(*sizes, requires_grad=True)


def node(picture: Visualization, grad_fn: str) -> Node:
    return next(one for one in picture.run.graph.nodes if one.grad_fn == grad_fn)


def inside(picture: Visualization, grad_fn: str) -> Inside:
    found = node(picture, grad_fn).inside
    assert found is not None
    return found


def card(picture: Visualization, grad_fn: str) -> list[list[Any]]:
    return picture.payload("engine")["views"]["engine"]["nodes"][node(picture, grad_fn).id]["rows"]


def test_results_of_a_function_with_several_are_told_by_index() -> None:
    picture = vizgraph.trace(leaf(3, 4).max(dim=1).values.sum() + leaf(5, 2).split([2, 3])[1].sum())
    results = inside(picture, "SplitWithSizesBackward0").results
    assert [(one.shape, one.dtype) for one in results] == [((2, 2), "float32"), ((3, 2), "float32")]
    assert ["results", "[0] 2×2 float32\n[1] 3×2 float32"] in card(picture, "SplitWithSizesBackward0")


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ((slice(1, None), 2), "[1:, 2]"),
        ((slice(None), slice(None, None, 2)), "[:, ::2]"),
        ((2,), "[2, :]"),
        ((slice(1, 3), slice(0, 3)), "[1:, :3]"),
        ((Ellipsis, 0), "[:, 0]"),
        ((1, 3), "[1, 3]"),
        ((slice(0, 3, 2), slice(1, 4, 2)), "[::2, 1::2]"),
    ],
)
def test_the_slice_that_a_write_writes_is_told(index: Any, text: str) -> None:
    x = leaf(1)
    y = torch.zeros(3, 4) + x
    y[index] = x * 2
    found = inside(vizgraph.trace(y.sum()), "CopySlices")
    assert found.writes == text
    written = torch.zeros(3, 4)
    exec(f"written{text} = 1", {"written": written})
    expected = torch.zeros(3, 4)
    expected[index] = 1
    assert torch.equal(written, expected)  # the text means what was written


def test_the_operation_that_a_write_wraps_is_told() -> None:
    x = leaf(4)
    with vizgraph.record() as recording:
        y = torch.ones(3, 4) * x
        y[0].mul_(x)
    found = inside(recording.trace(y.sum()), "CopySlices")
    assert (found.writes, found.wraps) == ("[0, :]", "mul_")
    assert inside(vizgraph.trace(y.sum()), "CopySlices").wraps == "mul"  # unseen: the kernel of its backward


def test_looking_into_writes_leaves_no_mode_behind_when_one_fails() -> None:
    x = leaf(4)
    y = torch.ones(3, 4) * x
    y[0].mul_(x)
    y.sum().backward()
    before = torch._C._len_torch_dispatch_stack()
    assert vizgraph.trace(y.sum()).run.error is not None
    assert torch._C._len_torch_dispatch_stack() == before


def test_a_view_names_its_base_and_a_rewritten_memory_its_version() -> None:
    x = leaf(2, 3)
    picture = vizgraph.trace(x.exp().view(3, 2).t().sum())
    assert inside(picture, "TBackward0").base == node(picture, "ExpBackward0").id
    y = x * 2
    y.add_(1).mul_(3)
    last = vizgraph.trace(y, torch.ones(2, 3)).run.graph.nodes[-1]
    assert last.inside is not None
    assert last.inside.version == y._version == 2


def test_saved_tensors_have_name_shape_bytes_and_state() -> None:
    x = leaf(2, 3)
    a = x.exp()
    b = a * x
    saved = {one.name: one for one in inside(vizgraph.trace(b.sum()), "MulBackward0").saved}
    assert saved.keys() == {"self", "other"}
    assert (saved["self"].shape, saved["self"].dtype, saved["self"].bytes) == ((2, 3), "float32", 24)
    assert {one.state for one in saved.values()} == {"kept"}
    picture = vizgraph.trace(b.sum())
    assert ["saved for backward", "other: 2×3 float32, 24 B\nself: 2×3 float32, 24 B"] in card(picture, "MulBackward0")
    a.add_(1)
    states = {one.name: one.state for one in inside(vizgraph.trace(b.sum()), "MulBackward0").saved}
    assert states == {"self": "changed", "other": "kept"}
    c = x.exp() * x
    c.sum().backward()
    assert {one.state for one in inside(vizgraph.trace(c.sum()), "MulBackward0").saved} == {"freed"}


@pytest.mark.parametrize("sizes", [(3,), (100, 100)])
def test_what_a_hook_packed_is_not_unpacked_by_looking(sizes: tuple[int, ...]) -> None:
    unpacked: list[str] = []

    def unpack(packed: Tensor) -> Tensor:
        unpacked.append("once")
        return packed

    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: tensor, unpack):
        y = torch.randn(*sizes, requires_grad=True).exp()
    picture = vizgraph.trace(y.sum())
    assert len(unpacked) == 1  # by the pass itself
    assert inside(picture, "ExpBackward0").saved[0].state == "packed"


def test_custom_functions_say_so_and_show_what_they_saved() -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            ctx.save_for_backward(x, None)
            return x * x

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            return gradient * 2 * ctx.saved_tensors[0]

    found = inside(vizgraph.trace(Square.apply(leaf(3)).sum()), "SquareBackward")
    assert found.custom
    assert [(one.name, one.bytes) for one in found.saved] == [("tensors[0]", 12)]


def test_sums_over_broadcast_axes_are_told() -> None:
    x, row = leaf(3, 4), leaf(4)
    picture = vizgraph.trace((x * row + leaf(1)).sum())
    assert inside(picture, "MulBackward0").summed == (Summed(1, (3, 4), (4,)),)
    assert inside(picture, "AddBackward0").summed == (Summed(1, (3, 4), (1,)),)
    assert ["summed", "the contribution of input 1, from 3×4 to 4: it was broadcast"] in card(picture, "MulBackward0")


def test_a_hook_shows_the_gradient_before_and_after() -> None:
    x = leaf(2)
    y = x * 3
    y.register_hook(lambda gradient: gradient * 10)
    x.register_hook(lambda gradient: gradient + 1)
    picture = vizgraph.trace((y * torch.tensor([1.0, 2.0])).sum() + y.sum(), names={"x": x})
    steps = {step.node: step for step in picture.run.passes[0].steps}
    changed = {id: (step.before[0].entries, step.upstream[0].entries) for id, step in steps.items() if step.before}
    (product,) = (one.id for one in picture.run.graph.nodes if one.id in changed and one.id != "x")
    assert changed == {product: ((2.0, 3.0), (20.0, 30.0)), "x": ((60.0, 90.0), (61.0, 91.0))}
    rows = picture.payload("engine")["views"]["engine"]["nodes"]["x"]["rows"]
    assert ["hook", "made [61, 91] of [60, 90]"] in rows


def test_without_hooks_nothing_was_changed() -> None:
    x = leaf(70)  # too many numbers to be kept, and sums of several contributions
    y = x.exp() + x.sin() * x
    picture = vizgraph.trace([y.sum(), (y * float("nan")).sum(), y[0]])
    assert not any(step.before for step in picture.run.passes[0].steps)


def test_tensors_that_retain_their_gradient_say_so() -> None:
    x = leaf(2)
    y = x * 3
    y.retain_grad()
    assert inside(vizgraph.trace(y.exp().sum()), "MulBackward0").retains
    assert not inside(vizgraph.trace((x * 3).exp().sum()), "MulBackward0").retains


def test_no_gradient_is_told_apart_from_a_gradient_of_0() -> None:
    class Half(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
            return x + y

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
            return None, gradient * 0

    a, b = leaf(2), leaf(2)
    picture = vizgraph.trace(Half.apply(a.exp(), b.sin()).sum())
    edges = picture.payload("engine")["views"]["engine"]["edges"]
    (none,) = (edge.id for edge in picture.run.graph.edges if edge.source == node(picture, "ExpBackward0").id)
    (zero,) = (edge.id for edge in picture.run.graph.edges if edge.source == node(picture, "SinBackward0").id)
    said = "none: the engine passed no gradient, which is not a gradient of 0"
    assert edges[none]["rows"][-1] == ["contribution", said]
    assert edges[zero]["rows"][-1][1][-1][1] == "[0, 0]"


def test_all_of_it_is_in_the_json() -> None:
    x = leaf(3, 4)
    data = vizgraph.trace((x * leaf(4)).sum()).to_dict()["views"]["engine"]["nodes"]
    (product,) = (one for one in data if one["grad_fn"] == "MulBackward0")
    assert product["inside"]["summed"] == [{"slot": 1, "source": [3, 4], "target": [4]}]
    assert product["inside"]["saved"][0]["bytes"] == 16
