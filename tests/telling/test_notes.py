"""What autograd holds of a node can be read in the picture of the engine view, without a click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from torch import Tensor

import vizgraph
from vizgraph.notation import metrics
from vizgraph.telling.notes import CELLS, ROWS, notes
from vizgraph.visualization import Visualization

HELD: list[Tensor] = []


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * 2 * ctx.saved_tensors[0]


class Absent(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> None:
        return None


def leaf(*sizes: int) -> Tensor:
    torch.manual_seed(0)
    return torch.randn(*sizes, requires_grad=True)


def drawn(picture: Visualization, kind: str, id: str, role: str) -> list[str]:
    """The texts of one class on one node or edge of the picture."""
    root = ElementTree.fromstring(picture.svg("engine"))
    group = next(one for one in root.iter() if one.get(f"data-{kind}") == id)
    return [part.text or "" for part in group.iter() if part.get("class") == f"vg-{role}"]


def on(picture: Visualization, grad_fn: str, role: str = "note") -> list[str]:
    node = next(one for one in picture.run.graph.nodes if one.grad_fn == grad_fn)
    return drawn(picture, "node", node.id, role)


def written() -> tuple[Tensor, str, str]:
    y = torch.zeros(3, 4) + leaf(1)
    y[1:, 2] *= leaf(2)
    return y, "CopySlices", "writes [1:, 2] · by mul"


def view() -> tuple[Tensor, str, str]:
    hidden = leaf(2, 3).exp()
    return hidden.view(3, 2), "ViewBackward0", "view of exp"


def rewritten() -> tuple[Tensor, str, str]:
    y = leaf(3) * 2
    return y.add_(1).sub_(3), "SubBackward0", "version 2"


def retained() -> tuple[Tensor, str, str]:
    y = leaf(3) * 2
    y.retain_grad()
    HELD.append(y)  # torch keeps the gradient in the tensor
    return y.exp(), "MulBackward0", "keeps .grad"


def several() -> tuple[Tensor, str, str]:
    return leaf(4).unbind()[1], "UnbindBackward0", "4 results"


def custom() -> tuple[Tensor, str, str]:
    return Square.apply(leaf(3)), "SquareBackward", "custom"


def broadcast() -> tuple[Tensor, str, str]:
    return leaf(3, 4) * leaf(4), "MulBackward0", "sums 3×4 to 4"


def hooked() -> tuple[Tensor, str, str]:
    y = leaf(3) * 2
    y.register_hook(lambda gradient: gradient * 10)
    return y.exp(), "MulBackward0", "hook"


def changed() -> tuple[Tensor, str, str]:
    y = leaf(3).exp()
    z = y.sin()
    y.add_(1)
    return z, "SinBackward0", "saved self changed"


MADE = (written, view, rewritten, retained, several, custom, broadcast, hooked, changed)


@pytest.mark.parametrize("make", MADE)
def test_it_stands_on_the_node_itself(make: Any) -> None:
    made, grad_fn, note = make()
    picture = vizgraph.trace(made, torch.ones_like(made), names={})
    assert any(note in row for row in on(picture, grad_fn))
    assert all(metrics.cells(row) <= CELLS for rows in notes(picture.views["engine"]).values() for row in rows)
    assert not notes(picture.views["math"])  # mathematics has no such things


def test_a_second_layer_names_the_function_of_the_first_whose_backward_it_is() -> None:
    x = leaf(3)
    with vizgraph.record() as recording:
        y = x.sin()
        (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    picture = recording.trace([slope.square().sum(), y.sum()], names={"x": x, "y": y})
    assert on(picture, "CosBackward0") == ["backward of y"]


def test_a_node_with_nothing_to_note_has_no_row_for_it() -> None:
    picture = vizgraph.trace(leaf(3).exp().sum())
    assert on(picture, "ExpBackward0") == on(picture, "SumBackward0") == []


def test_many_notes_end_in_dots_and_the_card_has_all() -> None:
    base = leaf(2, 2) * 2
    base.retain_grad()
    base.register_hook(lambda gradient: gradient * 10)
    base.add_(leaf(2)).mul_(leaf(1).detach())
    made = base.add_(leaf(1))
    made.retain_grad()
    made.register_hook(lambda gradient: gradient * 3)
    picture = vizgraph.trace(made, torch.ones(2, 2), names={})
    node = picture.run.graph.outputs[0]
    rows = drawn(picture, "node", node, "note")
    assert len(rows) <= ROWS
    card = {label for label, _ in picture.payload("engine")["views"]["engine"]["nodes"][node]["rows"]}
    assert {"hook", "retains", "writes to its memory", "summed"} <= card


def edges(picture: Visualization, source: str) -> Iterator[Any]:
    ids = {node.id for node in picture.run.graph.nodes if node.grad_fn == source}
    return (edge for edge in picture.run.graph.edges if edge.source in ids)


def test_every_edge_from_a_function_with_several_results_says_which_it_takes() -> None:
    x = leaf(3)
    first, second, third = x.exp().unbind()
    picture = vizgraph.trace(first * third + second * third)
    taken = {edge.id: drawn(picture, "edge", edge.id, "result") for edge in edges(picture, "UnbindBackward0")}
    assert sorted(text for texts in taken.values() for text in texts) == ["[0]", "[1]", "[2]", "[2]"]
    functions = {first: 0, second: 1, third: 2}
    assert {one.output_nr for one in functions} == set(functions.values())  # as torch numbers them
    cards = picture.payload("engine")["views"]["engine"]
    for id, texts in taken.items():
        assert ["result number", texts[0]] in cards["edges"][id]["rows"]
    unbind = next(node.id for node in picture.run.graph.nodes if node.grad_fn == "UnbindBackward0")
    said = [label for label, _ in cards["nodes"][unbind]["rows"] if label.startswith("contribution to [")]
    assert sorted(re.findall(r"\[\d\]", " ".join(said))) == ["[0]", "[1]", "[2]", "[2]"]
    for edge in edges(picture, "ExpBackward0"):
        assert drawn(picture, "edge", edge.id, "result") == []


def test_an_edge_without_a_gradient_says_none_and_one_with_zeros_says_0() -> None:
    x, y = leaf(2), leaf(2)
    picture = vizgraph.trace((Absent.apply(x.exp()) + y.sin() * 0).sum(), names={})
    (absent,) = edges(picture, "ExpBackward0")
    (zeros,) = edges(picture, "SinBackward0")
    assert drawn(picture, "edge", absent.id, "contribution") == ["None"]
    assert drawn(picture, "edge", zeros.id, "contribution") == ["[0, 0]"]
    assert drawn(picture, "node", absent.source, "gradient") == []


@pytest.mark.parametrize("uses", [1, 2])
def test_a_hook_is_a_beat_of_its_own_and_what_it_made_stands_on_the_node(uses: int) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    heard: list[Tensor] = []
    y.register_hook(lambda gradient: heard.append(gradient) or gradient * 10)
    loss = sum((y * torch.tensor([2.0, 3.0])).sum() for _ in range(uses))
    picture = vizgraph.trace(loss, names={"x": x, "y": y})
    before, after = (f"[{', '.join(f'{one:g}' for one in (heard[0] * times).tolist())}]" for times in (1, 10))
    for name in ("math", "engine"):
        beats = picture.timelines[name].beats
        (place,) = (number for number, beat in enumerate(beats) if beat.kind == "hook")
        assert f"makes {after} of the {before} that arrived at" in beats[place].sentence
        assert beats[place].formula == f"{before} → {after}"
        (product,) = beats[place].nodes
        assert dict(beats[place].gradients) == {product: after}
        assert dict(beats[place - 1].gradients)[product] == before  # it had arrived, added up
    assert on(picture, "MulBackward0", "gradient") == [after]


def test_a_hook_of_a_leaf_is_told_before_its_grad() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.register_hook(lambda gradient: gradient + 1)
    picture = vizgraph.trace((x * x).sum(), names={"x": x})
    (arrived,) = torch.autograd.grad((x * x).sum(), x)
    hook, reached = picture.timelines["math"].beats[-3:-1]
    assert (hook.kind, reached.kind) == ("hook", "accumulate")
    assert reached.formula.endswith(f"[{', '.join(f'{one:g}' for one in arrived.tolist())}]")
    assert hook.formula == "[2, 4] → [3, 5]"
    assert "2 contributions" not in reached.sentence
