"""Hold every lesson to the numbers that its source publishes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.engine.real import real
from vizgraph import pipeline
from vizgraph.language import mended
from vizgraph.lessons import Lesson, groups, lesson, lessons, models
from vizgraph.model import Run, Value
from vizgraph.notation import metrics
from vizgraph.texts import LANGUAGES, speaking
from vizgraph.visualization import Visualization

# The lessons in which a pass is joined by hand, each as one pass without a cut.
T = "import torch\n"
UNCUT = {
    "cut_in_two": T + "x = torch.tensor([1.0, 2.0], requires_grad=True)\n((3 * x ** 2).sum() ** 2).backward()",
    "checkpointing": T + "x = torch.tensor(2.0, requires_grad=True)\n(x ** 3) .pow(2).backward()",
    "pipeline_stage": T + "w1 = torch.tensor(2.0, requires_grad=True)\nw2 = torch.tensor(3.0, requires_grad=True)\n"
    "((w2 * w1 * torch.tensor([1.0, 2.0])) ** 2).sum().backward()",
    "sharded_loss": T + "X = torch.arange(1.0, 9.0).reshape(4, 2)\nw = torch.tensor([1.0, -1.0], requires_grad=True)\n"
    "((X @ w - 1) ** 2).sum().backward()",
}
SIX_DIGITS = 2e-6  # the sources print six digits or fewer


def asking(*names: str) -> list[Any]:
    """The lessons that expect one of these."""
    return [pytest.param(one, id=one.id) for one in lessons() if any(name in one.expect for name in names)]


@pytest.fixture(scope="module")
def play() -> Any:
    """Visualize a lesson, each once."""
    done: dict[str, Visualization] = {}

    def play_it(one: Lesson) -> Visualization:
        if one.id not in done:
            done[one.id] = pipeline.visualize(
                one.program, values=dict(one.values), requires_grad=one.requires_grad, gradient=one.gradient
            )
        return done[one.id]

    return play_it


def entries(value: Value | None) -> list[float]:
    assert value is not None
    assert value.entries is not None
    return [float(entry) for entry in value.entries]


def flat(numbers: Any) -> list[float]:
    return [entry for part in numbers for entry in flat(part)] if isinstance(numbers, list) else [float(numbers)]


def near(numbers: Any) -> Any:
    return pytest.approx(flat(numbers), abs=SIX_DIGITS, rel=SIX_DIGITS)


def last_value(run: Run, name: str) -> Value:
    return [call.values[0] for call in run.calls if call.name == name][-1]


@pytest.mark.parametrize("one", asking("printed"))
def test_a_lesson_prints_what_torch_prints(one: Lesson, play: Any) -> None:
    assert list(play(one).run.printed) == one.expect["printed"]


@pytest.mark.parametrize("one", asking("values"))
def test_the_values_of_a_lesson_are_the_published_ones(one: Lesson, play: Any) -> None:
    for name, expected in one.expect["values"].items():
        assert entries(last_value(play(one).run, name)) == near(expected), name


@pytest.mark.parametrize("one", asking("grads"))
def test_the_gradients_of_a_lesson_are_the_published_ones(one: Lesson, play: Any) -> None:
    grads = {leaf.name: leaf.grad for leaf in play(one).run.leaves if leaf.grad is not None}
    assert {name: entries(grad) for name, grad in grads.items()} == {
        name: near(expected) for name, expected in one.expect["grads"].items()
    }


@pytest.mark.parametrize("one", asking("contributions"))
@pytest.mark.parametrize("name", ["math", "engine"])
def test_the_contributions_that_meet_at_a_leaf_are_the_published_ones(one: Lesson, name: str, play: Any) -> None:
    view = play(one).views[name]
    source = {edge.id: edge.source for edge in view.graph.edges}
    nodes = {node.id: node.name for node in view.graph.nodes}
    arrived: dict[str | None, list[list[float]]] = {}
    for step in view.passes[-1].steps:
        for contribution in step.contributions:
            leaf = nodes[source[contribution.edge]]
            arrived.setdefault(leaf, []).append(entries(contribution.gradient))
    for leaf, expected in one.expect["contributions"].items():
        assert sorted(arrived[leaf]) == [near(numbers) for numbers in sorted(map(flat, expected))], leaf


@pytest.mark.parametrize("one", asking("jacobian"))
def test_the_jacobian_of_a_lesson_is_the_published_one(one: Lesson, play: Any) -> None:
    jacobian = play(one).run.passes[-1].jacobian
    assert jacobian is not None
    assert (jacobian.matrix.rows, jacobian.matrix.columns) == (
        len(one.expect["jacobian"]),
        len(one.expect["jacobian"][0]),
    )
    assert list(jacobian.matrix.entries) == near(one.expect["jacobian"])


@pytest.mark.parametrize("one", asking("jacobian", "jacobian_symbolic"))
def test_the_formulas_of_the_jacobian_agree_with_its_numbers(one: Lesson, play: Any) -> None:
    derivation = play(one).derivation
    assert [list(row) for row in derivation.numeric] == [near(row) for row in one.expect["jacobian"]]
    assert derivation.checks
    assert all(check.agrees for check in derivation.checks)
    if "jacobian_symbolic" in one.expect:
        assert [list(row) for row in derivation.symbolic] == one.expect["jacobian_symbolic"]


@pytest.mark.parametrize("one", asking("error"))
def test_a_lesson_that_fails_says_what_torch_says(one: Lesson, play: Any) -> None:
    error = play(one).run.error
    assert one.expect["error"] in error.message
    assert error.span is not None


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
def test_a_lesson_expects_an_error_or_has_none(one: Lesson, play: Any) -> None:
    assert (play(one).run.error is not None) == ("error" in one.expect)


@pytest.mark.parametrize("one", asking("grads"))
def test_the_contributions_of_every_node_add_up_to_its_upstream_gradient(one: Lesson, play: Any) -> None:
    """The engine hands each node the sum of what its consumers sent, plus the seed where one was placed."""
    graph = play(one).run.graph
    source = {edge.id: (edge.source, edge.result) for edge in graph.edges}
    for one_pass in play(one).run.passes:
        arrived: dict[tuple[str, int], list[list[float]]] = {}
        for seed in one_pass.seeds:
            arrived.setdefault((seed.node, seed.result), []).append(entries(seed.gradient))
        for step in one_pass.steps:
            for contribution in step.contributions:
                if contribution.gradient is not None:
                    arrived.setdefault(source[contribution.edge], []).append(entries(contribution.gradient))
        for step in one_pass.steps:
            for result, upstream in enumerate(step.upstream):
                if upstream is not None:
                    sums = [math.fsum(parts) for parts in zip(*arrived[step.node, result], strict=True)]
                    assert entries(upstream) == pytest.approx(sums, rel=1e-5, abs=1e-6, nan_ok=True), step.node


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_has_a_title_a_sentence_a_text_and_a_question_of_its_own(language: str) -> None:
    full_stop, mark = ("。", "？") if language == "zh" else (".", "?")
    with speaking(language):
        assert len({one.id for one in lessons()}) == len({one.title for one in lessons()}) == len(lessons()) == 32
        for one in lessons():
            cells = metrics.cells(one.title)
            assert 3 <= cells <= 24, (one.id, cells)
            assert 28 <= metrics.cells(one.look) <= 200, one.id
            assert one.look.endswith((".", "。")), one.id
            sentences = one.text.count(full_stop + ("" if language == "zh" else " ")) + (language != "zh")
            assert one.text.endswith(full_stop)
            assert 3 <= sentences <= 6, (one.id, sentences)
            assert one.question.endswith(mark), one.id


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons() if "import torch" in one.program])
def test_a_lesson_in_pytorch_does_what_real_python_does(one: Lesson, play: Any) -> None:
    outcome, run = real(one.program), play(one).run
    assert list(run.printed) == outcome.printed
    grads = {leaf.name: leaf.grad for leaf in run.leaves if leaf.grad is not None}
    for name, grad in grads.items():
        assert entries(grad) == near(outcome.names[name].grad.tolist()), name
    if outcome.error is not None:
        assert run.error is not None
        assert run.error.message == str(outcome.error)


def test_the_lesson_of_the_missing_v_is_mended_by_its_first_fix(play: Any) -> None:
    one = lesson("no_gradient_argument")
    assert one is not None
    fix = play(one).run.error.fixes[0]
    grad = real(mended(one.program, fix)).names["x"].grad
    assert grad.tolist() == [0, 2, 4, 6]


def test_cutting_a_graph_and_joining_it_by_hand_changes_no_gradient(play: Any) -> None:
    for id, uncut in UNCUT.items():
        one = lesson(id)
        assert one is not None
        whole = real(uncut).names
        for leaf in play(one).run.leaves:
            if leaf.name in whole:
                assert entries(leaf.grad) == near(whole[leaf.name].grad.tolist()), (id, leaf.name)


def test_the_themes_hold_every_lesson_once() -> None:
    themed = [one.id for members in groups().values() for one in members]
    assert sorted(themed) == sorted(one.id for one in (*lessons(), *models()))


def test_a_lesson_that_does_not_exist_is_none() -> None:
    assert lesson("no_such_lesson") is None
