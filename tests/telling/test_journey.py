from dataclasses import replace

import pytest

from tests.handmade import Sketch, assembled, averaged, gates, matrix, value
from vizgraph import views
from vizgraph.model import Accumulation, Beat, Contribution, Pass, Ref, Run, Seed, Step
from vizgraph.telling.journey import MANY_STEPS
from vizgraph.telling.timeline import compose


def beats(run: Run, kind: str) -> list[Beat]:
    return [beat for beat in compose(views.math(run), run).beats if beat.kind == kind]


def test_an_edge_shows_upstream_times_local_jacobian_and_where_it_goes() -> None:
    first = beats(gates(), "multiply")[0]
    assert first.sentence == "f passes -4 to q: upstream gradient 1 times local Jacobian ∂f/∂q = -4."
    assert first.formula == "1 × (-4) = -4"
    assert first.nodes == ("f", "q")
    assert first.edges == first.moves == ("q__f__0",)
    assert first.gradients == (("q", "-4"),)
    assert first.contributions == (("q__f__0", "-4"),)
    assert first.line == 5


def test_an_entry_of_an_assembled_tensor_takes_its_entry_of_v() -> None:
    first, second = beats(assembled(), "multiply")[:2]
    assert first.sentence == "y[0] takes its own entry of v: a * b receives 0.1."
    assert (first.formula, first.line) == ("v[0] = 0.1", 5)
    assert (second.formula, second.line) == ("v[1] = 0.2", 6)


def test_the_contributions_to_a_leaf_grow_until_they_are_accumulated() -> None:
    run = assembled()
    shown = [dict(beat.gradients)["a"] for beat in compose(views.math(run), run).beats if "a" in dict(beat.gradients)]
    assert shown == ["None", "+0.2", "+0.2 +0.3", "0.5", "0.5"]
    (first, _) = beats(run, "accumulate")
    assert first.sentence == "2 contributions meet at the leaf a: their sum is kept in a.grad."
    assert first.formula == ".grad: None → 0.2 + 0.3 = 0.5"
    assert first.edges == ("a__write_2__1", "a__mul_1__0")


def test_contributions_that_meet_at_an_operation_are_summed_before_it_passes_anything_on() -> None:
    """b = 3 x, e = b * b at x = 2: b gets 6 and 6."""
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    sketch.operation("b", "mul", (3.0, Ref("x")), 6.0, expression="3 * x", name="b", inputs=(None, "x"))
    sketch.operation("e", "mul", (Ref("b"), Ref("b")), 36.0, expression="b * b", name="e", inputs=("b", "b"))
    six = matrix([6])
    sketch.backward(
        {"e": 1.0},
        [
            ("e", 1.0, {"b__e__0": (6.0, six), "b__e__1": (6.0, six)}),
            ("b", 12.0, {"x__b__1": (36.0, matrix([3]))}),
            ("x", 36.0, {}),
        ],
    )
    told = compose(views.math(sketch.run("e")), sketch.run("e")).beats
    assert [beat.kind for beat in told] == [
        "start",
        "seed",
        "multiply",
        "multiply",
        "sum",
        "multiply",
        "accumulate",
        "end",
    ]
    assert [dict(beat.gradients).get("b") for beat in told[2:5]] == ["+6", "+6 +6", "12"]
    assert told[3].sentence.startswith("e passes 6 to b (use 2 of 2):")
    assert told[4].sentence == "2 contributions meet at b: their sum is its upstream gradient."
    assert told[4].formula == "6 + 6 = 12"
    assert told[4].edges == ("b__e__0", "b__e__1")


def test_a_seed_on_a_value_that_is_also_used_is_the_first_summand() -> None:
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    sketch.operation("y", "mul", (Ref("x"), 3.0), 6.0, expression="3 * x", name="y", inputs=("x",))
    sketch.operation("z", "mul", (Ref("y"), 5.0), 30.0, expression="5 * y", name="z", inputs=("y",))
    sketch.backward(
        {"y": 0.5, "z": 1.0},
        [("z", 1.0, {"y__z__0": (5.0, matrix([5]))}), ("y", 5.5, {"x__y__0": (16.5, matrix([3]))}), ("x", 16.5, {})],
    )
    (total,) = beats(sketch.run("y", "z"), "sum")
    assert total.formula == "0.5 + 5 = 5.5"
    assert dict(beats(sketch.run("y", "z"), "multiply")[0].gradients)["y"] == "0.5 +5"


def test_no_local_jacobian_is_invented_where_none_was_recorded() -> None:
    run = averaged()
    (one,) = run.passes
    unknown = tuple(
        replace(step, contributions=tuple(replace(item, local=None) for item in step.contributions))
        for step in one.steps
    )
    told = beats(replace(run, passes=(replace(one, steps=unknown),)), "multiply")
    assert told[0].formula == "1 → -0.5"
    assert "Jacobian" not in told[0].sentence


def test_an_edge_on_which_the_engine_passed_nothing_has_no_beat() -> None:
    run = gates()
    (one,) = run.passes
    first = replace(one.steps[0], contributions=(one.steps[0].contributions[0], Contribution("z__f__1", None)))
    silent = replace(run, passes=(replace(one, steps=(first, *one.steps[1:])),))
    assert all("z__f__1" not in beat.edges for beat in beats(silent, "multiply"))


def test_a_node_with_several_results_shows_an_upstream_gradient_for_each() -> None:
    sketch = Sketch()
    sketch.leaf("x", [1.0, 2.0])
    sketch.operation("u", "unbind", (Ref("x"),), 1.0, expression="x.unbind()", name="u", inputs=("x",))
    run = sketch.run("u")
    steps = (
        Step("u", (value(0.5), None), (Contribution("x__u__0", value([0.5, 0.0])),)),
        Step("x", (value([0.5, 0.0]),), ()),
    )
    one = Pass(None, (Seed("u", value(0.5)), Seed("u", value(0.25), 1)), steps, ())
    run = replace(run, passes=(one,))
    (gathered,) = beats(run, "sum")
    assert gathered.formula == "(0.5, –)"
    assert beats(run, "multiply")[0].formula == "(0.5, –) → [0.5, 0]"


def test_a_leaf_whose_grad_was_left_alone_still_shows_what_reached_it() -> None:
    run = gates()
    (one,) = run.passes
    reached = beats(replace(run, passes=(replace(one, gradients=()),)), "accumulate")
    assert reached[0].sentence == "The gradient has reached the leaf z: 3."
    assert [beat.gradients for beat in reached] == [(("z", "3"),), (("x", "-4"),), (("y", "-4"),)]


def test_a_leaf_without_a_step_is_told_at_the_end_of_the_pass() -> None:
    run = gates()
    (one,) = run.passes
    steps = tuple(step for step in one.steps if step.node in ("f", "q"))
    told = compose(views.math(run), run).beats
    silent = replace(run, passes=(replace(one, steps=steps),))
    moved = compose(views.math(silent), silent).beats
    assert [beat.kind for beat in moved][-4:] == ["accumulate"] * 3 + ["end"]
    assert len(moved) == len(told)


def chain(length: int) -> Run:
    """y_i = y_(i-1) + x, all ones: every node passes 1 to the one before and to x."""
    sketch = Sketch()
    sketch.leaf("x", 1.0)
    last, steps = "x", []
    one = matrix([1])
    for i in range(length):
        name = f"y{i}"
        sketch.operation(name, "add", (Ref(last), Ref("x")), i + 2.0, expression=f"{last} + x", inputs=(last, "x"))
        steps.insert(0, (name, 1.0, {f"{last}__{name}__0": (1.0, one), f"x__{name}__1": (1.0, one)}))
        last = name
    sketch.backward({last: 1.0}, [*steps, ("x", length + 1.0, {})])
    return sketch.run(last)


@pytest.mark.parametrize("length", [MANY_STEPS - 1, MANY_STEPS])
def test_a_long_pass_is_told_node_by_node(length: int) -> None:
    run = chain(length)
    moving = beats(run, "multiply")
    assert len(moving) == (length if length == MANY_STEPS else 2 * length)
    if length == MANY_STEPS:
        assert moving[0].moves == (f"y{length - 2}__y{length - 1}__0", f"x__y{length - 1}__1")
        assert moving[0].sentence == f"y{length - 2} + x passes its upstream gradient on to y{length - 3} + x, x."
    assert beats(run, "accumulate")[0].gradients == (("x", str(length + 1)),)


def test_contributions_too_many_for_a_node_are_counted() -> None:
    shown = [dict(beat.gradients)["x"] for beat in beats(chain(30), "multiply") if "x__" in beat.moves[0]]
    assert shown[:5] == ["+1", "+1 +1", "+1 +1 +1", "+1 +1 +1 +1", "+1 +1 +1 +1 +1"]
    assert shown[5:7] == ["6 of 31 arrived", "7 of 31 arrived"]
    assert shown[-1] == "31 of 31 arrived"


def test_vectors_are_listed_as_far_as_they_fit_what_will_stand_there() -> None:
    """z = x @ A @ x: the two contributions are as long as their sum, so the second one is only counted."""
    sketch = Sketch()
    sketch.leaf("x", [1.0, 2.0])
    for id in ("y", "z"):
        sketch.operation(id, "exp", (Ref("x"),), [1.0, 1.0], inputs=("x",))
    each, sent = [10.5, 20.5], [20.25, 41.5]
    sketch.operation("s", "add", (Ref("y"), Ref("z")), [2.0, 2.0], inputs=("y", "z"))
    one = matrix([1, 0], [0, 1])
    sketch.backward(
        {"s": each},
        [
            ("s", each, {"y__s__0": (each, one), "z__s__1": (each, one)}),
            ("y", each, {"x__y__0": (each, one)}),
            ("z", each, {"x__z__0": (sent, one)}),
        ],
    )
    shown = [dict(beat.gradients) for beat in beats(sketch.run("s"), "multiply")]
    assert [texts["x"] for texts in shown if "x" in texts] == ["+[10.5, 20.5]", "2 of 2 arrived"]


def test_what_arrives_makes_no_box_wider_than_what_stays() -> None:
    """x held a long vector and gets another one: only their sum will stand there."""
    held, sent, total = [0.111, 0.222, 0.333], [1.5, 2.5, 3.5], [1.611, 2.722, 3.833]
    sketch = Sketch()
    sketch.leaf("x", held)
    sketch.operation("y", "exp", (Ref("x"),), held, inputs=("x",))
    steps = (
        Step("y", (value(sent),), (Contribution("x__y__0", value(sent)),)),
        Step("x", (value(sent),), ()),
    )
    done = Accumulation("x", "x", value(sent), value(held), value(total))
    run = replace(sketch.run("y"), passes=(Pass(None, (Seed("y", value(sent)),), steps, (done,)),))
    assert dict(beats(run, "multiply")[0].gradients)["x"] == "+[1.5, 2.5, 3.5]"
    long = [10.25, 20.25, 30.25]
    done = Accumulation("x", "x", value(long), None, value(long))
    steps = (
        Step("y", (value(long),), (Contribution("x__y__0", value(long)),)),
        Step("x", (value(long),), ()),
    )
    run = replace(sketch.run("y"), passes=(Pass(None, (Seed("y", value(long)),), steps, (done,)),))
    assert dict(beats(run, "multiply")[0].gradients)["x"] == "[10.25, 20.25, 30.25]"
