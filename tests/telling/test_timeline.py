from dataclasses import replace

import pytest
import torch

from tests.handmade import Sketch, assembled, detached, gates, value
from vizgraph import trace, views, visualize
from vizgraph.language import parse
from vizgraph.model import Change, Fault, Ref, Run, Span
from vizgraph.telling.timeline import compose

SQUARE = "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x**2\n"


def told(run: Run) -> list[tuple[str, str, str]]:
    return [(beat.kind, beat.sentence, beat.formula) for beat in compose(views.math(run), run).beats]


def test_a_circuit_is_told_from_the_forward_pass_to_the_filled_leaves() -> None:
    beats = told(gates())
    kinds = "start seed multiply multiply accumulate multiply multiply accumulate accumulate end"
    assert [kind for kind, _, _ in beats] == kinds.split()
    assert beats[0][1:] == ("The forward pass is done: x, y, z → f. No gradient has flowed yet.", "f = -12")
    assert beats[-1][1:] == (
        "The backward pass is done: every leaf holds its gradient.",
        "x.grad = -4, y.grad = -4, z.grad = 3",
    )


def test_before_the_first_pass_every_leaf_says_none_and_nothing_is_dimmed() -> None:
    run = gates()
    start = compose(views.math(run), run).beats[0]
    assert dict(start.gradients) == {"x": "None", "y": "None", "z": "None"}
    assert (start.nodes, start.edges) == ((), ())


def test_the_seed_of_a_scalar_is_its_derivative_by_itself() -> None:
    run = gates()
    seed = compose(views.math(run), run).beats[1]
    assert seed.formula == "v = df/df = 1"
    assert "is a scalar" in seed.sentence
    assert (seed.nodes, seed.gradients, seed.line, seed.clears) == (("f",), (("f", "1"),), 9, False)


def test_the_seed_that_was_given_is_called_v() -> None:
    kind, sentence, formula = told(assembled())[1]
    assert (kind, formula) == ("seed", "v = dA/dy = [0.1, 0.2]")
    assert "gradient=" in sentence


def test_a_one_that_the_program_wrote_itself_is_not_called_implicit() -> None:
    run = gates()
    source = "f = x\n" * 8 + "f.backward(torch.tensor(1.))\n"
    (one,) = run.passes
    spoken = replace(run, program=parse(source), passes=(replace(one, span=Span(9, 1, 9, 29)),))
    assert told(spoken)[1][2] == "v = dA/df = 1"
    quiet = replace(
        run, program=parse("f = x\n" * 8 + "f.backward( )\n"), passes=(replace(one, span=Span(9, 1, 9, 14)),)
    )
    assert told(quiet)[1][2] == "v = df/df = 1"


def test_several_outputs_each_get_their_entry_of_v() -> None:
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    for name, factor in (("y1", 3.0), ("y2", 5.0)):
        sketch.operation(
            name, "mul", (Ref("x"), factor), 2 * factor, expression=f"{factor} * x", name=name, inputs=("x",)
        )
    sketch.backward({"y1": 0.1, "y2": 0.2}, [])
    assert told(sketch.run("y1", "y2"))[1][2] == "v = [0.1, 0.2]"
    assert told(sketch.run("y1", "y2"))[0][2] == "y1 = 6, y2 = 10"


def test_a_later_pass_wipes_the_texts_and_adds_to_what_the_leaves_hold() -> None:
    sketch = Sketch()
    sketch.leaf("x", 2.0)
    sketch.operation("y", "mul", (Ref("x"), 3.0), 6.0, expression="3 * x", name="y", inputs=("x",))
    once = [("y", 1.0, {"x__y__0": (3.0, None)}), ("x", 3.0, {})]
    sketch.backward({"y": 1.0}, once)
    sketch.backward({"y": 1.0}, once, before={"x": 3.0})
    run = sketch.run("y")
    beats = compose(views.math(run), run).beats
    seeds = [beat for beat in beats if beat.kind == "seed"]
    assert [seed.clears for seed in seeds] == [False, True]
    assert seeds[1].sentence.startswith("Pass 2. ")
    assert [dict(beat.gradients)["x"] for beat in beats if beat.kind == "multiply"] == ["+3", "3 +3"]
    last = [beat for beat in beats if beat.kind == "accumulate"][-1]
    assert last.formula == ".grad: 3 + 3 = 6"
    assert "adds and does not replace" in last.sentence


def test_what_the_program_does_to_a_gradient_is_a_beat_at_its_time() -> None:
    run = gates()
    change = Change("x", "x", 1, "x.grad.zero_()", value(-4.0), value(0.0), Span(7, 1, 7, 15))
    earlier = Change("y", "y", 0, "y.grad = None", value(2.0), None, None)
    beats = compose(views.math(replace(run, changes=(change, earlier))), run).beats
    assert [beat.kind for beat in beats][:3] == ["start", "change", "seed"]
    assert [beat.kind for beat in beats][-2:] == ["change", "end"]
    assert dict(beats[0].gradients)["y"] == "2"
    assert beats[-2].sentence == "The program runs x.grad.zero_(): x.grad is now 0."
    assert beats[-2].formula == ".grad: -4 → 0"
    assert (beats[-2].nodes, beats[-2].line) == (("x",), 7)


def test_an_error_is_the_last_beat_with_its_culprit_lit() -> None:
    run = gates()
    fault = Fault("grad can be implicitly created only for scalar outputs", Span(4, 1, 4, 5), None, "f")
    stopped = replace(run, passes=(), leaves=(), error=fault, graph=replace(run.graph, outputs=()))
    beats = compose(views.math(stopped), stopped).beats
    assert [beat.kind for beat in beats] == ["start", "error"]
    assert beats[1].sentence == "The backward pass stops: grad can be implicitly created only for scalar outputs"
    assert (beats[1].nodes, beats[1].line) == (("f",), 4)


def test_a_long_error_is_told_by_its_first_sentence_with_what_to_do_about_it() -> None:
    fault = Fault("Tried it twice (with no graph left, or something else). Specify this.", None, "retain the graph")
    stopped = replace(gates(), program=parse("y = x * 2"), error=fault)
    beat = compose(views.math(gates()), stopped).beats[-1]
    assert beat.sentence == "The program stops: Tried it twice (with no graph left, or something else)"
    assert beat.formula == "retain the graph"
    endless = replace(fault, message="word " * 99)
    assert len(compose(views.math(gates()), replace(stopped, error=endless)).beats[-1].sentence) < 125


@pytest.mark.parametrize(
    ("hint", "formula"),
    [
        (
            "say which one you want: y.backward(torch.ones_like(y)), or y.sum().backward()",
            "y.backward(torch.ones_like(y))",
        ),
        ("call the first backward with retain_graph=True, or compute it again", "retain_graph=True"),
        ("write y = x + 1 instead of x += 1, or put it inside with torch.no_grad():", "y = x + 1"),
        ("write into a copy, y = x.clone(), or something else", "y = x.clone()"),
        ("ask for one truth: (x > 0).all() or (x > 0).any()", "(x > 0).all()"),
        ("use smaller sizes", "use smaller sizes"),
        ("a sentence that is no code at all (and rather long) belongs below the page's message", ""),
    ],
)
def test_the_formula_of_an_error_is_what_to_write_instead(hint: str, formula: str) -> None:
    stopped = replace(gates(), program=parse("y = x * 2"), error=Fault("It failed", None, hint))
    assert compose(views.math(gates()), stopped).beats[-1].formula == formula


def test_live_code_that_fails_is_given_no_line_about_names_that_it_may_not_have() -> None:
    stopped = replace(gates(), error=Fault("It failed", None, "write y = x + 1 instead of x += 1"))
    beat = compose(views.math(gates()), stopped).beats[-1]
    assert (beat.sentence, beat.formula) == ("The backward pass stops: It failed", "")


def test_the_formula_of_an_error_is_no_example_about_names_that_the_program_has_not() -> None:
    twice = "b.sigmoid_()\nb.sigmoid_()\nb.sum().backward()\nb.sum().backward()\n"  # no one line mends it
    source = f"import torch\na = torch.ones(2, requires_grad=True)\nb = a.exp()\n{twice}"
    beat = visualize(source).timeline.beats[-1]
    assert (beat.kind, beat.formula) == ("error", "")


def test_the_end_names_as_many_leaves_as_one_reads_at_a_glance() -> None:
    names = "first_weight", "second_weight", "third_weight", "fourth_weight", "a", "b"
    source = "".join(f"{name} = torch.ones(1, requires_grad=True)\n" for name in names)
    long, short = (
        visualize(f"import torch\n{source}y = {'*'.join(several)}\ny.backward()").timeline.beats[-1].formula
        for several in (names[:4], names[4:])
    )
    assert long == "first_weight.grad = [1], second_weight.grad = [1], third_weight.grad = [1], …"
    assert short == "a.grad = [1], b.grad = [1]"


def test_a_program_without_a_backward_pass_says_so() -> None:
    run = replace(gates(), passes=())
    assert told(run)[-1][1] == "The program ends without a backward pass."


def test_a_leaf_that_no_gradient_reached_keeps_none_and_is_not_lit() -> None:
    run = gates()
    (one,) = run.passes
    reached = tuple(done for done in one.gradients if done.leaf != "y")
    silent = replace(run, passes=(replace(one, gradients=reached, steps=one.steps[:-1]),))
    end = compose(views.math(silent), silent).beats[-1]
    assert end.nodes == ("x", "z")
    assert dict(end.gradients)["y"] == "None"
    assert "stays None" in end.sentence


def test_the_gradient_visibly_stops_at_a_cut() -> None:
    run = detached()
    (cut,) = [beat for beat in compose(views.math(run), run).beats if beat.kind == "cut"]
    assert cut.sentence == "No gradient flows from z to u: detach kept the value and cut the history."
    assert (cut.nodes, cut.edges, cut.moves) == (("z", "u"), ("u__z__0__still",), ())


def test_a_gradient_that_autograd_grad_hands_over_is_not_said_to_be_kept() -> None:
    shown = visualize(SQUARE + "g = torch.autograd.grad(y, x)[0]\nprint(x.grad)\n")
    assert shown.run.printed == ("None",)
    beats = shown.timeline.beats
    assert dict(beats[-1].gradients) == {"x": "None"}
    assert (
        beats[-2].sentence == "The gradient 4 has reached the leaf x. It is handed over, not kept: x.grad stays None."
    )
    assert "x.grad = 4" not in "".join(beat.formula for beat in beats)


def test_a_trace_never_adds_to_what_a_live_tensor_holds() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    x.grad = torch.tensor(5.0)
    beats = trace(x**2).timeline.beats
    assert float(x.grad) == 5
    assert "x.grad stays 5" in beats[-2].sentence
    assert beats[-1].formula == "x.grad = 5"


@pytest.mark.parametrize(
    "call", ["y.backward()", "y.backward(retain_graph=True)", "y.backward(None)", "torch.autograd.grad([y], [x])"]
)
def test_a_scalar_whose_call_gives_no_v_starts_with_its_own_derivative(call: str) -> None:
    assert visualize(f"{SQUARE}{call}\n").timeline.beats[1].formula == "v = dy/dy = 1"


@pytest.mark.parametrize(
    "call",
    [
        "y.backward(torch.tensor(1.0))",
        "y.backward(gradient=torch.ones(()))",
        "torch.autograd.grad(y, x, torch.ones(()))",
    ],
)
def test_a_scalar_whose_call_gives_v_starts_with_an_outer_function(call: str) -> None:
    assert visualize(f"{SQUARE}{call}\n").timeline.beats[1].formula == "v = dA/dy = 1"


def test_an_infinite_slope_stands_in_the_product_where_it_makes_nan_of_zero() -> None:
    source = "import torch\nx = torch.tensor([0.0, 4.0], requires_grad=True)\ny = x.sqrt()\n"
    source += "y.backward(torch.tensor([0.0, 1.0]))\n"
    run = visualize(source + "print(x.grad)\n").run
    assert run.printed == ("tensor([   nan, 0.2500])",)
    assert "[0, 1] ⊙ [inf, 0.25] = [nan, 0.25]" in [formula for _, _, formula in told(run)]
