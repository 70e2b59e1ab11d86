"""The outline of a large view: which groups there are, and that nothing is lost in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

import vizgraph
from tests.drawn import chain, dense, gates, wired
from tests.large import GRAPHS, lstm, resnet152
from vizgraph.grouping import Group, Outline, outline
from vizgraph.grouping.drafts import MOST
from vizgraph.grouping.outline import SOURCES, Unit
from vizgraph.model import Graph, Span, View


def grouped(view: View) -> Outline:
    found = outline(view)
    assert found is not None
    return found


def every(units: Iterable[Unit]) -> Iterable[str]:
    for unit in units:
        if isinstance(unit, Group):
            yield from every(unit.units)
        else:
            yield unit


def titles(units: Iterable[Unit]) -> list[str]:
    return [unit.title for unit in units if isinstance(unit, Group)]


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_every_node_stands_in_exactly_one_place_and_no_level_is_crowded(make) -> None:
    output, names = make()
    for view in vizgraph.trace(output, names=names).views.values():
        found = grouped(view)
        assert Counter(every(found.top)) == Counter(node.id for node in view.graph.nodes)
        for group in (None, *found.groups):
            assert len(found.units(group)) <= MOST + SOURCES + 4


def test_a_small_view_has_no_groups() -> None:
    assert outline(gates()[0]) is None
    assert outline(chain(100)[0]) is None


def test_the_blocks_of_a_resnet_are_found_by_the_names_of_its_parameters() -> None:
    output, model = resnet152()
    found = grouped(vizgraph.trace(output, names=model).views["math"])
    layers = [unit for unit in found.top if isinstance(unit, Group) and unit.how == "module"]
    assert [layer.title for layer in layers] == ["layer1", "layer2", "layer3", "layer4"]
    counts = {layer.title: len(list(every([layer]))) for layer in layers}
    assert counts["layer3"] > counts["layer2"] > counts["layer1"]
    second = next(layer for layer in layers if layer.title == "layer2")
    assert titles(second.units) == [f"layer2.{number}" for number in range(8)]


def test_the_steps_of_a_loop_are_its_repeats() -> None:
    output, names = lstm(400)
    found = grouped(vizgraph.trace(output, names=names).views["math"])
    turns = [group for group in found.groups.values() if group.how == "repeat" and " of " in group.title]
    assert len(turns) >= 398
    assert len({group.count for group in turns}) == 1
    assert titles(found.top)[0].startswith("repeats 1–")


def test_where_nothing_else_is_known_the_source_line_tells() -> None:
    words = ["add", "mul", "sin", "cos", "exp", "tanh", "log"]
    choose = torch.Generator().manual_seed(0)
    view, _ = wired(450, [(i - 1, i) for i in range(1, 450)])
    nodes = []
    for number, one in enumerate(view.graph.nodes):
        word = words[int(torch.randint(len(words), (1,), generator=choose))]
        span = Span(1 + number // 25, 1, 1 + number // 25, 9)
        nodes.append(replace(one, operation=word, name=None, expression=None, span=span))
    found = grouped(replace(view, graph=Graph(tuple(nodes), view.graph.edges, view.graph.outputs)))
    assert titles(found.top)[:3] == ["line 1", "line 2", "line 3"]


def test_what_has_no_structure_is_cut_into_parts() -> None:
    found = grouped(dense(100, 2_000)[0])
    assert titles(found.top)[0].startswith("part 1 of ")


def test_a_part_of_a_part_tells_which_part_it_is_of() -> None:
    found = grouped(chain(5_000)[0])
    third = found.top[3]
    assert isinstance(third, Group)
    assert third.title.startswith("part 3 of ")
    assert titles(third.units)[:2] == ["part 3.1", "part 3.2"]
    assert len(set(titles(found.groups.values()))) == len(found.groups)  # no two are called the same


def ran(modules: list[str]) -> View:
    """A chain whose operations ran in these modules, one after the other."""
    view = chain(len(modules))[0]
    made = [node for node in view.graph.nodes if node.kind != "leaf"]
    known = dict(zip((node.id for node in made), modules, strict=True))
    nodes = tuple(replace(node, module=known.get(node.id), name=None) for node in view.graph.nodes)
    return replace(view, graph=replace(view.graph, nodes=nodes))


def test_many_small_modules_are_bundled_by_their_names_and_cut_between_them() -> None:
    found = grouped(ran([f"net.branch.{number // 2}.{number % 2}" for number in range(400)] + ["net"] * 3))
    spans = [title for title in titles(found.groups.values()) if "–" in title]
    assert spans[0].startswith("net.branch.0–")
    ends = [tuple(map(int, title.removeprefix("net.branch.").split("–"))) for title in spans]
    assert all(after[0] == before[1] + 1 for before, after in pairwise(ends))
    assert ends[-1][1] == 199


def test_a_list_of_modules_used_one_by_one_tells_which_of_them_runs() -> None:
    runs = [name for number in range(12) for name in (*[f"dec.{number}.body"] * 4, *[f"up.{number}"] * 4)]
    assert titles(grouped(ran(runs)).top)[:4] == ["dec.0", "up.0", "dec.1", "up.1"]


def test_many_leaves_are_one_group() -> None:
    wires = [(source, target) for source in range(300) for target in (300, 301)]
    view = wired(302, wires)[0]
    found = grouped(view)
    first = found.top[0]
    assert isinstance(first, Group)
    assert (first.how, first.count) == ("sources", 300)


def test_a_leaf_stands_in_the_smallest_group_with_all_its_uses() -> None:
    output, model = resnet152()
    found = grouped(vizgraph.trace(output, names=model).views["math"])
    home = found.parent["layer2_3_conv1_weight"]
    assert home is not None
    assert found.groups[home].title == "layer2.3"


def test_the_order_holds_inputs_before_consumers_in_a_shuffled_view() -> None:
    view = chain(400)[0]
    graph = Graph(tuple(reversed(view.graph.nodes)), view.graph.edges, view.graph.outputs)
    found = grouped(replace(view, graph=graph))
    place = {id: number for number, id in enumerate(every(found.top))}
    assert all(place[edge.source] < place[edge.target] for edge in graph.edges)
