from dataclasses import replace

import pytest

from tests.handmade import assembled, averaged, forked, gates, matrix, value
from vizgraph import views
from vizgraph.model import Contribution, Run


def test_a_circuit_of_one_function_per_operation_keeps_its_pass() -> None:
    run = gates()
    assert views.math(run).passes == run.passes


def test_an_assembly_delivers_to_each_written_value_what_the_engine_delivered() -> None:
    (one,) = views.math(assembled()).passes
    assert [seed.node for seed in one.seeds] == ["write_2"]
    assert one.steps[0].upstream == (value([0.1, 0.2]),)
    assert one.steps[0].contributions == (
        Contribution("mul_1__write_1__1", value(0.1), matrix([1], [0])),  # seen from y as it stands at the end
        Contribution("a__write_2__1", value(0.2), matrix([0], [1])),
    )
    assert [step.node for step in one.steps] == ["write_2", "mul_1", "a", "b"]


def test_local_jacobians_are_multiplied_through_the_inside_of_an_operation() -> None:
    (one,) = views.math(averaged()).passes
    assert one.steps[0].upstream == (value(1.0),)
    assert [item.local for item in one.steps[0].contributions] == [matrix([-0.5]), matrix([-0.5])]
    assert [item.gradient for item in one.steps[0].contributions] == [value(-0.5), value(-0.5)]


def test_paths_inside_an_operation_add_up() -> None:
    (one,) = views.math(forked()).passes
    assert [item.local for item in one.steps[0].contributions] == [matrix([5]), matrix([5])]


def test_the_local_jacobian_through_a_function_of_several_results_is_unknown() -> None:
    run = forked()
    edges = tuple(replace(edge, result=1) if edge.target == "thrice" else edge for edge in run.graph.edges)
    (one,) = views.math(replace(run, graph=replace(run.graph, edges=edges))).passes
    assert [item.local for item in one.steps[0].contributions] == [None, None]


@pytest.mark.parametrize(("run", "member"), [(averaged(), "half"), (forked(), "thrice")])
def test_a_missing_factor_leaves_the_local_jacobian_unknown(run: Run, member: str) -> None:
    (one,) = run.passes
    steps = tuple(
        replace(step, contributions=tuple(replace(item, local=None) for item in step.contributions))
        if step.node == member
        else step
        for step in one.steps
    )
    (told,) = views.math(replace(run, passes=(replace(one, steps=steps),))).passes
    (before,) = views.math(run).passes
    assert [item.local for item in told.steps[0].contributions] == [None, None]
    assert [item.gradient for item in told.steps[0].contributions] == [
        item.gradient for item in before.steps[0].contributions
    ]
