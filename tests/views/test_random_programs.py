"""Hold the views of random programs to the laws that every backward pass keeps."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vizgraph import engine, language, views
from vizgraph.model import Run
from vizgraph.telling.timeline import compose

NAMES = ("a", "b", "c")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A few assignments over three vectors, entries written into a new vector, and what is used of it."""
    known = list(NAMES)
    lines = []
    for number in range(draw(st.integers(1, 5))):
        left, right = draw(st.sampled_from(known)), draw(st.sampled_from([*known, "2"]))
        line = draw(st.sampled_from(["{0} * {1}", "{0} + {1}", "({0} - {1}) * {0}", "{0}.detach() * {1} + {0}", "{0}"]))
        lines.append(f"t{number} = {line.format(left, right)} * 1.5")
        known.append(f"t{number}")
    lines.append("y = torch.zeros(2)")
    for entry in range(draw(st.integers(1, 2))):
        lines.append(f"y[{entry}] = {draw(st.sampled_from(known))}[{draw(st.integers(0, 1))}]")
    return "\n".join([*lines, f"z = (y * {draw(st.sampled_from(known))}).sum()"])


def run(source: str) -> Run:
    values = {"a": [1.0, -2.0], "b": [0.5, 3.0], "c": [2.0, 0.25]}
    played = engine.run(language.parse(source), values)
    assert played.error is None
    return played


@settings(max_examples=40, deadline=None)
@given(programs())
def test_the_math_view_keeps_every_law_of_the_engines_pass(source: str) -> None:
    played = run(source)
    view = views.math(played)
    (one,) = view.passes
    edges = {edge.id: edge for edge in view.graph.edges}
    place = {step.node: number for number, step in enumerate(one.steps)}
    arrived: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for seed in one.seeds:
        arrived[seed.node].append(seed.gradient.entries or ())
    for step in one.steps:
        (upstream,) = step.upstream
        assert upstream is not None
        assert upstream.entries is not None
        assert [sum(entries) for entries in zip(*arrived[step.node], strict=True)] == pytest.approx(upstream.entries)
        for item in step.contributions:
            edge = edges[item.edge]
            assert edge.target == step.node
            assert place[edge.source] > place[step.node]
            assert item.gradient is not None
            assert item.gradient.entries is not None
            assert item.local is not None
            columns = range(item.local.columns)
            rows = range(item.local.rows)
            entries = item.local.entries
            product = [sum(upstream.entries[i] * entries[i * len(columns) + j] for i in rows) for j in columns]
            assert product == pytest.approx(item.gradient.entries)
            arrived[edge.source].append(item.gradient.entries)


@settings(max_examples=20, deadline=None)
@given(programs())
def test_the_story_lights_only_what_is_there_and_ends_with_torchs_gradients(source: str) -> None:
    played = run(source)
    for view in (views.math(played), views.engine(played)):
        nodes, edges = {node.id for node in view.graph.nodes}, {edge.id for edge in view.graph.edges}
        assert len(nodes) == len(view.graph.nodes)
        assert len(edges) == len(view.graph.edges)
        assert {node for edge in view.graph.edges for node in (edge.source, edge.target)} <= nodes
        told = compose(view, played)
        for beat in told.beats:
            assert {*beat.nodes, *dict(beat.gradients)} <= nodes
            assert {*beat.edges, *beat.moves, *dict(beat.contributions)} <= edges
    assert compose(views.math(run(source)), played) == compose(views.math(played), played)
