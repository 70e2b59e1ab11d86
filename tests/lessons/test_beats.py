"""Hold the beats of every lesson to what a viewer must see: its published numbers, step by step, in short sentences."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from vizgraph import engine, language, views
from vizgraph.lessons import Lesson, lessons
from vizgraph.model import Beat, Run, Timeline, View
from vizgraph.telling.timeline import compose

LONGEST = {"math": 112, "engine": 136}  # characters of a sentence


@cache
def played(id: str) -> Run:
    one = next(one for one in lessons() if one.id == id)
    return engine.run(language.parse(one.program), dict(one.values), one.requires_grad, one.gradient)


def told(one: Lesson, name: str) -> tuple[View, Timeline]:
    run = played(one.id)
    view = views.math(run) if name == "math" else views.engine(run)
    return view, compose(view, run)


def shown(beats: tuple[Beat, ...]) -> dict[str, str]:
    """The gradient texts as the player leaves them after the last beat."""
    texts: dict[str, str] = {}
    for beat in beats:
        texts |= dict(beat.gradients)
    return texts


def numbers(text: str) -> Any:
    return ast.literal_eval(text)


def flat(found: Any) -> list[float]:
    return [entry for part in found for entry in flat(part)] if isinstance(found, list) else [float(found)]


every_lesson = pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
both_views = pytest.mark.parametrize("name", ["math", "engine"])


@every_lesson
@both_views
def test_the_last_beat_leaves_the_published_gradients_on_the_leaves(one: Lesson, name: str) -> None:
    view, timeline = told(one, name)
    leaves = {node.name: node.id for node in view.graph.nodes if node.kind == "leaf"}
    for leaf, expected in one.expect.get("grads", {}).items():
        text = shown(timeline.beats)[leaves[leaf]]
        if "…" not in text:  # a matrix that is too wide for its node is told by its bounds
            assert flat(numbers(text)) == pytest.approx(flat(expected), rel=5.1e-4)


@every_lesson
@both_views
def test_every_beat_lights_only_what_is_there(one: Lesson, name: str) -> None:
    view, timeline = told(one, name)
    nodes, edges = {node.id for node in view.graph.nodes}, {edge.id for edge in view.graph.edges}
    for beat in timeline.beats:
        assert {*beat.nodes, *dict(beat.gradients)} <= nodes
        assert {*beat.edges, *beat.moves, *dict(beat.contributions)} <= edges


@every_lesson
@both_views
def test_every_gradient_of_every_pass_travels_its_edge_once(one: Lesson, name: str) -> None:
    view, timeline = told(one, name)
    travelled = [edge for beat in timeline.beats for edge in beat.moves]
    delivered = [item.edge for each in view.passes for step in each.steps for item in step.contributions]
    assert sorted(travelled) == sorted(delivered)


@every_lesson
@both_views
def test_sentences_are_short_and_name_both_ends_of_the_edge(one: Lesson, name: str) -> None:
    for beat in told(one, name)[1].beats:
        assert 0 < len(beat.sentence) <= LONGEST[name], beat.sentence
        assert len(beat.formula) <= 112, beat.formula
        assert "{" not in beat.sentence


@every_lesson
@both_views
def test_a_lesson_is_told_the_same_way_every_time(one: Lesson, name: str) -> None:
    played.cache_clear()
    first = repr(told(one, name))  # where a NaN is equal to itself
    played.cache_clear()
    assert repr(told(one, name)) == first


@every_lesson
@both_views
def test_contributions_into_a_node_sum_to_its_upstream_gradient(one: Lesson, name: str) -> None:
    view, _ = told(one, name)
    source = {edge.id: edge.source for edge in view.graph.edges}
    for each in view.passes:
        arrived: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for seed in each.seeds:
            arrived[seed.node].append(seed.gradient.entries or ())
        for step in each.steps:
            upstream = step.upstream[0]
            if len(step.upstream) == 1:  # of several results each has a sum of its own
                assert upstream is not None
                sums = [sum(column) for column in zip(*arrived[step.node], strict=True)]
                assert sums == pytest.approx(upstream.entries, nan_ok=True)
            for item in step.contributions:
                if item.gradient is not None:
                    arrived[source[item.edge]].append(item.gradient.entries or ())


def test_the_assembled_vector_hands_each_entry_of_v_to_its_function() -> None:
    one = next(one for one in lessons() if one.id == "unknown_outer_function")
    beats = told(one, "math")[1].beats
    assert [beat.sentence for beat in beats[2:5]] == [
        "y[0] takes its own entry of v: x1 * x2 * x3 receives 0.1.",
        "y[1] takes its own entry of v: x1 + x2 + x3 receives 0.2.",
        "y[2] takes its own entry of v: x1 + x2 * x3 receives 0.3.",
    ]
    assert beats[-1].formula == "x1.grad = 1.1, x2.grad = 1.4, x3.grad = 1"


def test_the_chain_of_index_writes_says_what_each_function_wrote() -> None:
    one = next(one for one in lessons() if one.id == "unknown_outer_function")
    beats = told(one, "engine")[1].beats
    assert [beat.sentence for beat in beats[2:4]] == [
        "CopySlices (y₃) overwrote y[2] of its base CopySlices (y₂): it passes on 0 there, the rest unchanged.",
        "CopySlices (y₃) wrote AddBackward0 (x1 + x2 * x3) into y[2]:"
        " it gets that entry of the upstream gradient, 0.3.",
    ]
    assert [beat.formula for beat in beats[2:4]] == [
        "[0.1, 0.2, 0.3] ⊙ [1, 1, 0] = [0.1, 0.2, 0]",
        "[0.1, 0.2, 0.3] · [0, 0, 1] = 0.3",
    ]


def test_the_lesson_without_v_ends_with_what_to_write() -> None:
    one = next(one for one in lessons() if one.id == "no_gradient_argument")
    last = told(one, "math")[1].beats[-1]
    assert last.sentence == "The program stops: grad can be implicitly created only for scalar outputs"
    assert last.formula == "y.backward(torch.ones_like(y))"


def test_the_lesson_on_accumulation_shows_the_sum_with_what_was_held() -> None:
    one = next(one for one in lessons() if one.id == "accumulate")
    formulas = [beat.formula for beat in told(one, "math")[1].beats if beat.kind == "accumulate"]
    assert formulas == [
        ".grad: None → [0, 2, 4, 6] + [0, 2, 4, 6] = [0, 4, 8, 12]",
        ".grad: [0, 4, 8, 12] + [1, 1, 1, 1] = [1, 5, 9, 13]",
    ]


def test_the_lesson_on_detach_stops_at_the_cut() -> None:
    one = next(one for one in lessons() if one.id == "detach")
    view, timeline = told(one, "math")
    assert [(edge.source, edge.target, edge.flows) for edge in view.graph.edges] == [
        ("x", "mul_1", False),
        ("x", "mul_1", False),
        ("mul_1", "detach_1", False),
        ("detach_1", "mul_2", False),
        ("x", "mul_2", True),
        ("mul_2", "sum_1", True),
    ]
    assert [beat.kind for beat in timeline.beats] == "start seed multiply multiply cut accumulate end".split()
