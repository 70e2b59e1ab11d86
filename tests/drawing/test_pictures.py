"""The picture of a large graph: of few elements, and with the inside of its groups."""

from __future__ import annotations

import base64
import functools
import json
import re
import zlib
from collections import OrderedDict
from typing import Any

import pytest
import torch
from torch import nn

import vizgraph
from tests.large import GRAPHS, branches, chain, gpt2, lstm
from vizgraph.errors import VizgraphError
from vizgraph.visualization import Visualization

ELEMENTS = 1_500


def drawn(svg: str) -> int:
    return len(re.findall(r"data-(?:node|edge)=", svg))


def inside(data: dict[str, Any], group: str) -> dict[str, Any]:
    """The data of a group as the player reads it."""
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(data["groups"][group])))
    return found


@functools.cache
def traced(make: Any) -> Visualization:
    output, names = make()
    return vizgraph.trace(output, names=names)


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_a_large_graph_has_a_picture_of_few_elements(make: Any) -> None:
    assert 10 < drawn(traced(make).svg()) < ELEMENTS


def test_fifty_thousand_nodes_have_one_too() -> None:
    assert drawn(traced(branches).svg()) < ELEMENTS


def test_a_page_holds_the_insides_and_each_knows_its_beats() -> None:
    shown = traced(gpt2)
    data = shown.payload()["views"]["math"]
    outline = shown.pictures["math"].outline
    assert outline is not None
    assert data["groups"].keys() == outline.groups.keys()  # all of them: there is room
    for group in data["groups"]:
        held = inside(data, group)
        around = outline.parent[group]
        beats = data["beats"] if around is None else inside(data, around)["beats"]
        assert held["beats"]
        for beat in held["beats"]:
            assert beats[beat["at"]]["kind"] == "group"
            assert beats[beat["at"]]["nodes"][0] == group
            assert {*beat["gradients"], *beat["nodes"]} <= held["nodes"].keys()
            assert {*beat["contributions"], *beat["edges"], *beat["moves"]} <= held["edges"].keys()


def test_what_arrives_at_a_group_is_what_its_inside_begins_with() -> None:
    shown = traced(gpt2)
    data = shown.payload()["views"]["math"]
    step = next(i for i, beat in enumerate(data["beats"]) if beat["kind"] == "group")
    beat = data["beats"][step]
    first = inside(data, beat["nodes"][0])["beats"][0]
    assert first["kind"] == "enter"
    # What arrives at the last block is told in the same words outside and inside of it.
    group = re.escape(beat["nodes"][0])
    (edge,) = re.findall(f'data-edge="([^"]+)" data-source="{group}"', data["svg"])
    (arrived,) = [one["contributions"][edge] for one in data["beats"] if edge in one["contributions"]]
    assert list(first["contributions"].values()) == [arrived]


def test_no_id_is_used_twice_in_all_drawings_of_a_view() -> None:
    data = traced(gpt2).payload()["views"]["math"]
    parts = [data, *(inside(data, group) for group in data["groups"])]
    for kind in ("nodes", "edges"):
        ids = [id for part in parts for id in part[kind]]
        assert len(ids) == len(set(ids))


def test_a_file_has_room_for_some_insides_and_for_those_that_are_asked_for() -> None:
    shown = traced(lambda: lstm(100))
    outline = shown.pictures["math"].outline
    assert outline is not None
    last = list(outline.groups)[-1]
    few = shown.payload(insides=60_000)["views"]["math"]
    assert 0 < len(few["groups"]) < len(outline.groups)
    assert sum(map(len, few["groups"].values())) <= 30_000
    asked = shown.payload(insides=0, opened=[last])["views"]["math"]
    assert list(asked["groups"]) == [one for one in reversed(outline.chain(last)) if one] + [last]


def test_a_file_holds_what_is_named_by_its_title() -> None:
    shown = traced(lambda: lstm(100))
    outline = shown.pictures["math"].outline
    assert outline is not None
    last = outline.groups[list(outline.groups)[-1]]
    held = shown.payload(insides=0, opened=[last.title, "nothing is called so"])["views"]["math"]["groups"]
    assert last.id in held
    assert all(outline.groups[id].title == last.title for id in held.keys() - set(outline.chain(last.id)))


def test_a_file_of_a_model_holds_all_of_its_modules_in_both_views() -> None:
    shown = traced(gpt2)
    for name, data in shown.payload()["views"].items():
        outline = shown.pictures[name].outline
        assert outline is not None
        assert data["groups"].keys() == outline.groups.keys()


def test_the_index_names_every_node_that_is_not_drawn_at_first() -> None:
    shown = traced(gpt2)
    data = shown.payload()["views"]["math"]
    named = {id for id, _, _ in data["index"]}
    hidden = {node.id for node in shown.views["math"].graph.nodes} - data["nodes"].keys()
    assert hidden <= named
    assert all(around is None or around in named for _, _, around in data["index"])


ODD_NAMES = (
    "x" * 300,
    "层级块",
    "<b>bold</b>",
    "a\"quote'",
    "new\nline",
    "emoji😀",
    "back\\slash",
    "{title}$1",
    "&amp;",
    "others",
    "at",
)


def test_the_names_of_modules_may_be_of_any_kind_and_length() -> None:
    model = nn.Sequential(
        OrderedDict((name, nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.GELU())) for name in ODD_NAMES)
    )
    with vizgraph.record(model) as recording:
        loss = model(torch.ones(1, 2)).sum()
    shown = recording.trace(loss)
    for view, data in shown.payload()["views"].items():
        outline = shown.pictures[view].outline
        assert outline is not None
        assert {group.title for group in outline.groups.values()} >= set(ODD_NAMES)
        assert data["groups"].keys() == outline.groups.keys()
        levels = [data, *(inside(data, group) for group in data["groups"])]
        assert all(len(beat["sentence"]) < 150 for level in levels for beat in level["beats"])
        assert not any("<b>" in level["svg"] for level in levels)


def test_a_small_view_has_neither_groups_nor_an_index() -> None:
    data = vizgraph.visualize("y = x1*x2").payload()["views"]["math"]
    assert "groups" not in data
    assert "index" not in data


def test_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(VizgraphError, match=r"there is no group 'group\.x'"):
        traced(gpt2).pictures["math"].around(["group.x"])


def test_the_same_graph_gives_the_same_text_again() -> None:
    first, second = (traced(lambda: chain(2_000)).html() for _ in range(2))
    assert first == second
