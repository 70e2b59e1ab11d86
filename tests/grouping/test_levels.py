"""A level of an outline is a view: nothing is lost between it and torch's own numbers."""

from __future__ import annotations

import math

import pytest
import torch

import vizgraph
from tests.large import GRAPHS, gpt2, resnet152
from vizgraph.drawing import dot
from vizgraph.grouping import Levels, outline, split
from vizgraph.model import Timeline, View
from vizgraph.telling.captions import Captions


def levels(view: View) -> Levels:
    found = outline(view)
    assert found is not None
    return Levels(view, found)


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_the_first_level_has_no_cycle_and_few_elements(make) -> None:
    output, names = make()
    for view in vizgraph.trace(output, names=names).views.values():
        graph = levels(view).level().view.graph
        assert len(graph.nodes) + len(graph.edges) < 400
        wires = [(edge.source, edge.target) for edge in graph.edges]
        layer = dot.ranks([node.id for node in graph.nodes], wires)
        assert all(layer[source] < layer[target] for source, target in wires)


def test_the_edge_of_a_group_carries_the_norm_of_what_torch_hands_over() -> None:
    """One block of ResNet-152: its input's gradient comes over two edges, of which the level shows the joint norm."""
    torch.manual_seed(0)
    output, model = resnet152()
    shown = vizgraph.trace(output, names=model)
    all_levels = levels(shown.views["math"])
    inside = next(id for id, group in all_levels.outline.groups.items() if group.title == "layer2")
    view = all_levels.level(inside).view
    block = next(node for node in view.graph.nodes if node.name == "layer2.3" and node.kind == "group")
    (edge,) = [edge for edge in view.graph.edges if edge.target == block.id]
    delivered = {item.edge: item.gradient for step in view.passes[0].steps for item in step.contributions}
    engine = shown.run.passes[0]
    into = {item.edge: item.gradient for step in engine.steps for item in step.contributions}
    home = all_levels.outline.parent
    ends = (edge.source, block.id)
    wires = [wire for wire in shown.run.graph.edges if (home.get(wire.source), home.get(wire.target)) == ends]
    crossing = [into[wire.id] for wire in wires]
    assert len(crossing) == 2
    assert delivered[edge.id].norm == pytest.approx(math.hypot(*(value.norm for value in crossing)), rel=1e-12)


def test_leaves_inside_keep_torch_s_gradient() -> None:
    torch.manual_seed(0)
    output, model = gpt2()
    shown = vizgraph.trace(output, names=model)
    all_levels = levels(shown.views["math"])
    parameters = dict(model.named_parameters())
    wanted = dict(zip(parameters, torch.autograd.grad(output, list(parameters.values())), strict=True))
    seen = {}
    for group in (None, *all_levels.outline.groups):
        for done in all_levels.level(group).view.passes[0].gradients:
            assert done.leaf not in seen
            seen[done.leaf] = done.gradient.norm
    assert seen.keys() == wanted.keys()
    for name, gradient in wanted.items():
        assert seen[name] == pytest.approx(gradient.double().norm().item(), rel=1e-6)


def test_the_far_uses_of_a_hub_get_a_stub_each() -> None:
    output, names = GRAPHS["LSTM, 800 steps"]()
    view = levels(vizgraph.trace(output, names=names).views["math"]).level().view
    wires = [(edge.source, edge.target) for edge in view.graph.edges]
    layer = dot.ranks([node.id for node in view.graph.nodes], wires)
    drawn, _ = split(view, Timeline(()), layer)
    stubs = [node for node in drawn.graph.nodes if node.kind == "stub"]
    weights = [edge for edge in view.graph.edges if edge.source.startswith(("weight", "bias", "cell"))]
    assert len(stubs) > len(weights) / 2
    assert {edge.id for edge in drawn.graph.edges} == {edge.id for edge in view.graph.edges}
    names_of = {node.id: node.name for node in view.graph.nodes}
    sources = {edge.id: edge.source for edge in view.graph.edges}
    drawn_names = {node.id: node.name for node in drawn.graph.nodes}
    assert all(drawn_names[edge.source] == names_of[sources[edge.id]] for edge in drawn.graph.edges)
    # A stub is called as its hub is, not as another variable of that name.
    before, after = Captions(view), Captions(drawn)
    assert all(after.node(edge.source) == before.node(sources[edge.id]) for edge in drawn.graph.edges)
