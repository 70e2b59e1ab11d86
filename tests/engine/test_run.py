"""Run textbook programs: inputs, guesses, outputs, upstream gradients, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch

from tests.engine.real import assert_same_error, ours, real
from vizgraph.errors import VizgraphError
from vizgraph.model import Run


def grads(run: Run) -> dict[str, Any]:
    return {leaf.name: leaf.grad.entries for leaf in run.leaves if leaf.grad is not None}


def test_functions_of_free_names_are_a_vector_output() -> None:
    run = ours("y1 = x1*x2*x3\ny2 = x1 + x2 + x3\ny3 = x1 + x2*x3", gradient=[0.1, 0.2, 0.3])
    x1, x2, x3 = (torch.tensor(float(n), requires_grad=True) for n in (1, 2, 3))
    y = torch.stack([x1 * x2 * x3, x1 + x2 + x3, x1 + x2 * x3])
    y.backward(torch.tensor([0.1, 0.2, 0.3]))
    for leaf, tensor in zip(run.leaves, (x1, x2, x3), strict=True):
        assert leaf.grad is not None
        assert leaf.grad.entries == pytest.approx([float(tensor.grad)], rel=1e-6)
    assert run.program is not None
    assert run.program.outputs == ("y1", "y2", "y3")


def test_values_are_numbers_lists_or_text() -> None:
    for given in ([1, 2, 3], (1.0, 2.0, 3.0), "[1, 2, 3]", "1, 2, 6/2"):
        assert grads(ours("z = (x*x).sum()", values={"x": given})) == {"x": (2.0, 4.0, 6.0)}
    assert grads(ours("z = x*x", values={"x": "-1.5"})) == {"x": (-3.0,)}


def test_a_name_without_a_value_has_its_guess() -> None:
    assert grads(ours("y = x1*x2*x3")) == {"x1": (6.0,), "x2": (3.0,), "x3": (2.0,)}


def test_inputs_are_leaves_or_constants_as_asked() -> None:
    run = ours("z = a*b", values={"a": 2, "b": 3}, requires_grad=["b"])
    assert grads(run) == {"b": (2.0,)}
    assert {call.name: call.kind for call in run.calls if call.operation == "input"} == {"a": "constant", "b": "leaf"}


def test_integers_that_are_typed_are_floating_point_numbers() -> None:
    assert grads(ours("z = x*x", values={"x": 3})) == {"x": (6.0,)}
    assert ours("z = x*x", values={"x": 3}).leaves[0].value.dtype == "float32"


@pytest.mark.parametrize("given", [2, 2.0, "2", None])
def test_the_upstream_gradient_of_a_scalar(given: Any) -> None:
    assert grads(ours("z = x*x", values={"x": 3}, gradient=given)) == {"x": (6.0,) if given is None else (12.0,)}


@pytest.mark.parametrize("given", [[1, 10], "[1, 10]", "1, 10", {"z": [1, 10]}, {"z": "[1, 10]"}, (1, 10)], ids=repr)
def test_the_upstream_gradient_of_a_vector(given: Any) -> None:
    assert grads(ours("z = x*x", values={"x": [2, 3]}, gradient=given)) == {"x": (4.0, 60.0)}


@pytest.mark.parametrize(
    "given", [[2, [1, 10]], "[2, [1, 10]]", {"u": 2, "z": [1, 10]}, {"u": 2, "z": "[1, 10]"}], ids=repr
)
def test_the_upstream_gradients_of_several_outputs(given: Any) -> None:
    run = ours("u = x.sum()\nz = x*x", values={"x": [2, 3]}, gradient=given)
    assert grads(run) == {"x": (6.0, 62.0)}
    assert [seed.gradient.entries for seed in run.passes[0].seeds] == [(2.0,), (1.0, 10.0)]


def test_an_output_that_is_not_named_gets_ones() -> None:
    assert grads(ours("u = x*2\nz = x*3", values={"x": 1}, gradient={"u": 10})) == {"x": (23.0,)}


@pytest.mark.parametrize(
    ("source", "gradient", "message"),
    [
        ("z = x*x", [1, 1], r"the upstream gradient of z has shape \[2\], and z has shape \[3\]"),
        ("z = x.sum()", [1, 1, 1], r"the upstream gradient of z has shape \[3\], and z has shape \[\]"),
        ("z = x*x", 1, r"the upstream gradient of z has shape \[\], and z has shape \[3\]"),
        ("z = x*x", "ones(3)", r'the upstream gradient of z: "ones\(3\)" is not a number'),
        ("z = x*x", {"y": [1, 1, 1]}, "the upstream gradient names y, which is no output"),
        ("z = x*x\nu = x*2", [1], "the upstream gradient needs one entry for each of the 2 outputs z, u"),
        ("z = x*x", [[1], [1, 2]], "the rows have different lengths"),
    ],
)
def test_an_upstream_gradient_that_does_not_fit_is_refused(source: str, gradient: Any, message: str) -> None:
    with pytest.raises(VizgraphError, match=message):
        ours(source, values={"x": [1, 2, 3]}, gradient=gradient)


def test_the_hint_for_an_upstream_gradient_has_the_shape_that_it_needs() -> None:
    with pytest.raises(VizgraphError) as caught:
        ours("z = x*x", values={"x": [[1, 2], [3, 4]]}, gradient=[1, 1])
    assert caught.value.hint == "give it the shape of z, for example [[1, 1], [1, 1]]"


def test_a_list_of_tensors_is_as_many_outputs() -> None:
    run = ours("y = [x1*x2, x1 + x2]", values={"x1": 2, "x2": 5}, gradient=[1, 10])
    assert grads(run) == {"x1": (15.0,), "x2": (12.0,)}


def test_one_tensor_with_two_names_is_one_output() -> None:
    assert grads(ours("y = z = x*x", values={"x": 3})) == {"x": (6.0,)}


def test_looking_at_an_output_leaves_it_the_output() -> None:
    run = ours("z = x*x\nprint(z)", values={"x": 3})
    assert run.printed == ("tensor(9., grad_fn=<MulBackward0>)",)
    assert grads(run) == {"x": (6.0,)}


def test_a_lone_expression_is_the_output() -> None:
    assert grads(ours("x^2 + y", values={"x": 3, "y": 1})) == {"x": (6.0,), "y": (1.0,)}


def test_a_program_without_a_backward_gets_one_from_its_last_assignment() -> None:
    run = ours("import torch\nx = torch.tensor(3.0, requires_grad=True)\ny = x * 2\nz = y * x")
    assert grads(run) == {"x": (12.0,)}
    assert run.passes[0].span is None


def test_a_program_that_only_prints_is_a_program() -> None:
    run = ours("import torch\nprint(torch.ones(2))")
    assert (run.printed, run.passes, run.error, run.graph.nodes) == (("tensor([1., 1.])",), (), None, ())


def test_code_that_runs_well_has_no_error_where_no_backward_is_possible() -> None:
    run = ours("import torch\nx = torch.ones(2, requires_grad=True)\nz = torch.heaviside(x, x)")
    assert run.error is None
    assert any("no backward pass to show" in warning for warning in run.warnings)


def test_an_output_that_depends_on_no_leaf_is_explained() -> None:
    run = ours("z = x*2", values={"x": 3}, requires_grad=[])
    assert run.error is not None
    assert run.error.message == "element 0 of tensors does not require grad and does not have a grad_fn"
    assert run.error.hint is not None
    assert "switch requires_grad on" in run.error.hint
    assert (run.error.span.line, run.error.span.column) == (1, 1)


def test_a_backward_that_fails_from_the_outputs_has_the_place_of_the_output() -> None:
    run = ours("y = zeros(2)\ny[0] = a*b\ny[1] = y[0]*a\nz = y.sum()", values={"a": 1, "b": 2})
    assert run.error is not None
    assert "modified by an inplace operation" in run.error.message
    assert run.error.span.line == 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"x": "abc"}, 'the value of x: "abc" is not a number'),
        ({"x": ""}, "the value of x: the value is empty"),
        ({"x": [[1, 2], [3]]}, "the value of x: the rows have different lengths"),
        ({"x": {"a": 1}}, "the value of x: the value is not a number"),
        ({"x": "1e6**64"}, "the value of x: .* is not a number"),
        ({"x": list(range(2000))}, "the value of x: the value has 2000 numbers; at most 1024 are allowed"),
    ],
)
def test_a_value_that_is_no_value_is_refused_at_the_name(values: dict[str, Any], message: str) -> None:
    with pytest.raises(VizgraphError, match=message) as caught:
        ours("z = 2*x", values=values)
    assert (caught.value.span.line, caught.value.span.column) == (1, 7)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e400", "[1, nan, inf]"])
def test_numbers_that_are_not_finite_are_values(value: str) -> None:
    run = ours("z = (x*x).sum()", values={"x": value})
    assert run.error is None
    assert not run.leaves[0].value.finite


def test_empty_tensors_are_values() -> None:
    run = ours("z = x.sum()", values={"x": "[]"})
    assert run.leaves[0].value.shape == (0,)
    assert run.leaves[0].grad is not None


def test_random_numbers_are_the_same_in_every_run_and_of_nobody_elses() -> None:
    before = torch.get_rng_state()
    first, second = (ours("import torch\nprint(torch.randn(3))").printed for _ in range(2))
    assert first == second == tuple(real("import torch\nprint(torch.randn(3))").printed)
    assert torch.equal(before, torch.get_rng_state())


def test_the_mode_of_the_caller_stays_as_it_was() -> None:
    with torch.no_grad():
        assert grads(ours("z = x*x", values={"x": 3})) == {"x": (6.0,)}
        assert not torch.is_grad_enabled()
    ours("import torch\ntorch.set_grad_enabled(False)")
    assert torch.is_grad_enabled()


def test_warnings_are_kept_as_torch_words_them() -> None:
    run = ours("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\nprint(y.grad)\nt = torch.tensor(x)")
    theirs = real("import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\nprint(y.grad)\nt = torch.tensor(x)")
    assert run.warnings[0].startswith("The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.")
    assert theirs.warnings[0].startswith(run.warnings[0][:100])
    assert any(warning.startswith("To copy construct from a tensor") for warning in run.warnings)
    assert not any(re.search(r"(?<!\w)/", warning) for warning in run.warnings)  # no path of a machine


@pytest.mark.parametrize("gradient", ["\u202e1", "1, \u202e1"])
def test_a_character_that_no_value_has_is_told_with_its_field(gradient: str) -> None:
    with pytest.raises(VizgraphError, match="the value of x: the character RIGHT-TO-LEFT OVERRIDE"):
        ours("y = 1\nz = x*2", values={"x": "\u202e1"})
    with pytest.raises(
        VizgraphError, match=r"^the upstream gradient.*: the character RIGHT-TO-LEFT OVERRIDE"
    ) as caught:
        ours("z = x*2" if "," not in gradient else "y = x*3\nz = x*2", gradient=gradient)
    assert caught.value.span is None


def test_a_wrong_seed_of_a_large_output_is_one_short_sentence() -> None:
    with pytest.raises(VizgraphError) as caught:
        ours("y = x.repeat(10, 10)", values={"x": [1, 2, 3]}, gradient=[1])
    assert caught.value.hint == "give it the shape of y"


@pytest.mark.parametrize("index", ["x[(1, 2):]", "x['a':]", "x[x:]", "x[1.5:]"])
def test_a_bound_of_a_slice_that_is_no_number_is_an_error_as_in_python(index: str) -> None:
    source = f"import torch\nx = torch.ones(3)\ny = {index}"
    assert_same_error(ours(source), real(source).error)


@pytest.mark.parametrize("source", ["z = sine(x)", "z = np.sin(x)", "y = st.secrets", "y = numexpr.evaluate('x')"])
def test_a_textbook_program_with_a_name_of_nothing_is_refused(source: str) -> None:
    with pytest.raises(VizgraphError, match=r"is not defined|is not in the language"):
        ours(source)


def test_a_name_that_is_made_too_late_is_an_error_as_in_python() -> None:
    assert ours("y = x*2\nz = f(y)\nf = 3").error is not None


@pytest.mark.parametrize("source", ["()", "42", "'text'", "[[], ()]", "1\n2"])
def test_what_computes_nothing_is_refused(source: str) -> None:
    with pytest.raises(VizgraphError, match="nothing to run"):
        ours(source)
