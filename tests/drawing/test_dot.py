"""Any Graphviz reads what is written, whatever a program is called; the snapshots show how it looks.

``python tests/drawing/test_dot.py`` writes the snapshots anew.
"""

from __future__ import annotations

import itertools
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygraphviz import AGraph

from tests.drawn import Drawn, chain, detached, gates, graphs, node, painted, squared, wired
from vizgraph.drawing import dot, faces
from vizgraph.model import Beat, Edge, Graph, Timeline, View

SNAPSHOTS = Path(__file__).with_name("snapshots")
PICTURES = {"gates": gates(), "gates_engine": gates("engine"), "detached": detached(), "squared": squared()}

ids = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(
    lambda id: not id.startswith("%")  # pygraphviz takes such names for anonymous ones
)


def parsed(drawn: Drawn) -> AGraph:
    """The DOT as Graphviz itself reads it."""
    return AGraph(dot.write(*drawn))


@pytest.mark.parametrize("name", PICTURES)
def test_the_text_is_as_in_the_snapshot(name: str) -> None:
    assert dot.write(*PICTURES[name]) == (SNAPSHOTS / f"{name}.dot").read_text(encoding="utf-8")


@given(graphs())
def test_graphviz_finds_every_node_and_every_edge_with_its_multiplicity(drawn: Drawn) -> None:
    graph = drawn[0].graph
    found = parsed(drawn)
    assert sorted(found.nodes()) == sorted(one.id for one in graph.nodes)
    ends = sorted((one[0], one[1], one.attr["id"]) for one in found.edges())
    assert ends == sorted((edge.source, edge.target, edge.id) for edge in graph.edges)


@given(st.lists(ids, min_size=2, max_size=2, unique=True), st.text(), st.text())
def test_no_name_breaks_out_of_its_quotes(two: list[str], name: str, text: str) -> None:
    nodes = (node(two[0], "leaf", name=name), node(two[1], name=name, expression=text))
    view = View("math", Graph(nodes, (Edge("e", *two, 0),), (two[1],)), (), ())
    written = dot.write(view, Timeline((Beat("s", "", "", gradients=((two[0], text),), contributions=(("e", text),)),)))
    found = AGraph(written)
    assert len(found.nodes()) == 2
    assert len(found.edges()) == 1
    assert set(found.nodes()[0].attr) <= {"id", "class", "width", "height", "style", "color", "fillcolor", "label"} | {
        "shape",
        "fixedsize",
        "fontname",
        "fontsize",
    }
    sheet = dot.read(written)
    assert [id for id, _, _ in sheet.boxes] == two
    assert [(wire.source, wire.target) for wire in sheet.wires] == [tuple(two)]


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12))
def test_graphviz_reads_a_label_as_the_text_that_was_meant(text: str) -> None:
    found = AGraph(f'digraph {{ a [label="{dot.escape(text)}"] }}')
    assert found.get_node("a").attr["label"].replace("\\\\", "\\") == text


def test_an_html_like_name_stays_text() -> None:
    drawn = View("math", Graph((node("m", name="<b>bold</b>"),), (), ()), (), ()), Timeline(())
    assert 'label="<b>bold</b>\\lmul\\l"' in dot.write(*drawn)


def test_the_final_numbers_stand_in_the_labels() -> None:
    found = parsed(gates())
    assert found.get_node("z").attr["label"] == "z  -4\\l.grad  3\\l"
    assert {edge.attr["id"]: edge.attr["label"] for edge in found.edges()} == {
        "e1": "-4",
        "e2": "-4",
        "e3": "-4",
        "e4": "3",
    }


def test_a_label_has_room_for_the_widest_contribution_of_any_beat() -> None:
    wires = {wire.id: wire for wire in dot.read(dot.write(*gates())).wires}
    assert wires["e3"].chip == faces.chip(len("1 × -4 = -4"))


def test_edges_that_carry_nothing_are_dashed_and_without_room() -> None:
    found = parsed(detached())
    still = {edge.attr["id"] for edge in found.edges() if edge.attr["style"] == "dashed"}
    assert still == {"e1", "e2", "e3", "e4", "e5", "e6"}
    assert [wire.id for wire in dot.read(dot.write(*detached())).wires if wire.chip] == ["e7"]


def test_the_layout_reads_the_sizes_of_the_faces() -> None:
    found = painted(detached())
    for id, width, height in dot.read(dot.write(*detached())).boxes:
        assert (width, height) == (found[id].width, found[id].height)


def test_leaves_stand_in_one_column_and_so_do_the_outputs() -> None:
    fans = wired(5, [(0, 3), (1, 3), (1, 4), (2, 4)])
    assert dot.read(dot.write(*fans)).columns == (("n0", "n1", "n2"), ("n3", "n4"))


def test_the_parts_of_an_assembly_stand_in_the_order_of_its_entries() -> None:
    view, timeline = wired(5, [(0, 1), (0, 2), (0, 3), (3, 4), (1, 4), (2, 4)])
    nodes = (*view.graph.nodes[:4], node("n4", operation="stack", name="y"))
    view = View("math", Graph(nodes, view.graph.edges, ("n4",)), (), ())
    assert ("n3", "n1", "n2") in dot.read(dot.write(view, timeline)).columns


def test_in_a_long_graph_a_leaf_stands_where_it_is_used_first() -> None:
    path = [(i, i + 1) for i in range(3)]
    assert dot.read(dot.write(*wired(5, [*path, (4, 3)]))).columns == (("n0", "n4"),)
    longer = [(i, i + 1) for i in range(4)]
    assert dot.read(dot.write(*wired(6, [*longer, (5, 4)]))).columns == ()


def test_a_small_graph_runs_from_left_to_right_and_a_large_one_that_is_wide_and_long_downwards() -> None:
    view, _ = wired(120, [(i, i + 1) for i in range(119)])
    wide = tuple(replace(one, expression="a formula of many words") for one in view.graph.nodes)
    beats = (Beat("s", "", "", contributions=(("e0", "[0.1, 0.2, 0.3, 0.4, 0.5]"),)),)
    long = View("math", Graph(wide, view.graph.edges, view.graph.outputs), (), ())
    assert 'rankdir="LR"' in dot.write(*gates())
    assert 'rankdir="TB"' in dot.write(long, Timeline(beats))


def test_a_graph_with_a_hub_asks_graphviz_for_less_care() -> None:
    assert "nslimit" not in dot.write(*chain(10))
    assert "nslimit" in dot.write(*chain(100))


def test_ten_thousand_nodes_in_a_chain_have_ten_thousand_layers() -> None:
    ids = [f"n{i}" for i in range(10_000)]
    layers = dot.ranks(ids, list(itertools.pairwise(ids)))
    assert layers["n9999"] == 9_999


if __name__ == "__main__":
    sys.stdout.write(f"writing {len(PICTURES)} snapshots\n")
    for picture, drawn in PICTURES.items():
        (SNAPSHOTS / f"{picture}.dot").write_text(dot.write(*drawn), encoding="utf-8")
