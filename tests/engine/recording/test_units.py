"""Passes with unit seeds: what torch's own engine sends for any v is v times what is recorded here."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.autograd.functional import jacobian

import vizgraph
from vizgraph import engine, language, limits
from vizgraph.model import Linear, Matrix, Pass, Run


def run(source: str, values: dict[str, Any] | None = None, gradient: Any = None) -> Run:
    return engine.run(language.parse(source), values, gradient=gradient)


def only(found: Run) -> Pass:
    (one,) = found.passes
    return one


def linear(found: Run) -> Linear:
    one = only(found).linear
    assert one is not None
    return one


def rows(matrix: Matrix) -> list[list[float]]:
    return [list(matrix.entries[i * matrix.columns : (i + 1) * matrix.columns]) for i in range(matrix.rows)]


def test_what_arrives_at_the_leaves_are_the_columns_of_torchs_jacobian() -> None:
    found = linear(run("y = stack([x*z, exp(x) + z*z])", {"x": 0.5, "z": -2.0}))
    expected = jacobian(
        lambda x, z: torch.stack([x * z, torch.exp(x) + z * z]), (torch.tensor(0.5), torch.tensor(-2.0))
    )
    arrives = dict(found.upstream)
    for leaf, column in zip(("x", "z"), expected, strict=True):
        (matrix,) = arrives[leaf]
        assert matrix is not None
        assert rows(matrix) == [pytest.approx([row]) for row in column.tolist()]


def test_every_recorded_number_of_a_pass_is_v_times_its_matrix() -> None:
    found = run("y = softmax(A @ x, 0)\nz = (y * x).sum()", {"A": [[1, 2], [0, -1]], "x": [0.5, 2]}, gradient=3.0)
    matrices = dict(linear(found).upstream)
    for step in only(found).steps:
        for value, matrix in zip(step.upstream, matrices[step.node], strict=True):
            entries = [3.0 * entry for entry in matrix.entries] if matrix else None
            assert entries == pytest.approx(value and value.entries, abs=1e-6)


def test_the_views_agree_on_the_numbers_of_a_node_that_both_have() -> None:
    found = vizgraph.visualize("q = x + y\nf = q * z", values={"x": -2, "y": 5, "z": -4})
    engine, math = (dict(found.views[name].passes[0].linear.upstream) for name in ("engine", "math"))  # type: ignore[union-attr]
    assert {id: math[id] for id in engine} == engine


def test_a_v_with_many_entries_has_none() -> None:
    assert only(run("y = 2 * x", {"x": [1.0] * limits.LINEAR_ROWS})).linear is not None
    assert only(run("y = 2 * x", {"x": [1.0] * (limits.LINEAR_ROWS + 1)})).linear is None


def test_a_graph_with_many_numbers_has_none() -> None:
    assert only(run("y = (A * A).sum()", {"A": [[1.0] * 9] * 9})).linear is None  # entries are not kept either
    program = "y = x\n" + "for i in range(60):\n    y = y * x\n"
    assert only(run(program, {"x": [1.0] * 4})).linear is not None
    assert only(run(program, {"x": [1.0] * 8})).linear is None


def test_a_backward_function_that_is_not_linear_is_found_out() -> None:
    source = """
import torch
class Sign(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, g):
        return torch.sign(g)
x = torch.tensor(2.0, requires_grad=True)
y = Sign.apply(x)
y.backward(torch.tensor(3.0))
"""
    assert only(run(source)).linear is None


def test_infinity_times_zero_is_told_as_it_is_or_not_at_all() -> None:
    found = only(run("y1 = sqrt(x)\ny2 = 2 * x", {"x": 0.0}))
    assert found.linear is None  # with v = (0, 1) the engine has 0 * inf at x, which is no part of any sum


def test_the_extra_passes_leave_grad_and_retained_gradients_as_one_pass_leaves_them() -> None:
    found = run(
        "import torch\nx = torch.tensor([1.0, 2.0], requires_grad=True)\ny = x * x\ny.retain_grad()\n"
        "y.backward(torch.tensor([1.0, 10.0]))\nprint(y.grad, x.grad)"
    )
    assert found.printed == ("tensor([ 1., 10.]) tensor([ 2., 40.])",)
    assert only(found).linear is not None


def test_a_program_with_hooks_is_not_run_more_often_than_it_says() -> None:
    found = run(
        "import torch\nx = torch.tensor(2.0, requires_grad=True)\ny = x * x\n"
        "x.register_hook(lambda g: print('hook', g))\ny.backward()"
    )
    assert len(found.printed) <= 1
