"""Derive 500 random programs; the oracle is torch.autograd.functional.jacobian in float64, and finite differences."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vizgraph import engine, language
from vizgraph.calculus import derive

VECTORS = ("u", "v")
# Smooth everywhere, so that nothing excuses a disagreement.
SMOOTH = ["torch.sin({})", "torch.cos({})", "torch.tanh({})", "torch.sigmoid({})", "torch.exp(torch.sin({}))", "-{}",
          "({}) ** 2", "({}) ** 3", "torch.atan({})", "torch.log(2 + torch.cos({}))", "torch.sqrt(1 + ({}) ** 2)",
          "torch.softmax({}, 0)", "torch.cumsum({}, 0)", "({}).flip(0)", "torch.nn.functional.softplus({})",
          "({})[torch.tensor([1, 0])]"]  # fmt: skip
KINKED = ["torch.relu({})", "torch.abs({})", "({}).clamp(-0.5, 0.5)", "torch.nn.functional.leaky_relu({})"]
JOINED = ["({}) + ({})", "({}) - ({})", "({}) * ({})", "({}) / (2 + torch.sin({}))", "torch.dot({}, {}) * u"]
KINKED_JOINED = ["torch.maximum({}, {})", "torch.minimum({}, {})", "torch.where(v > 0, {}, {})"]


def programs(one: list[str], two: list[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from([*VECTORS, "2 * u", "u + 0.5", "c * v"]),
        lambda inner: st.one_of(
            st.builds(lambda template, a: template.format(a), st.sampled_from(one), inner),
            st.builds(lambda template, a, b: template.format(a, b), st.sampled_from(two), inner, inner),
        ),
        max_leaves=4,
    )


numbers = st.floats(-1.5, 1.5).map(lambda number: round(number, 3)).filter(lambda number: abs(number) > 0.05)
points = st.tuples(*[st.tuples(numbers, numbers)] * 2)


def jacobian_by_torch(expression: str, point: tuple[tuple[float, float], ...]) -> torch.Tensor:
    def function(*leaves: torch.Tensor) -> torch.Tensor:
        names = {"torch": torch, "c": 1.5, **dict(zip(VECTORS, leaves, strict=True))}
        result = eval(expression, names)
        assert isinstance(result, torch.Tensor)
        return result

    leaves = tuple(torch.tensor(entries, dtype=torch.float64) for entries in point)
    return torch.cat(torch.autograd.functional.jacobian(function, leaves), dim=1)


def derivation_of(expression: str, point: tuple[tuple[float, float], ...]) -> Any:
    lines = ["import torch", "c = 1.5"]
    for name, entries in zip(VECTORS, point, strict=True):
        lines.append(f"{name} = torch.tensor({list(entries)}, dtype=torch.float64, requires_grad=True)")
    # + 0*u + 0*v: every leaf is in the graph, so that the columns are always the same
    lines += [f"y = {expression}", "z = y + 0 * u + 0 * v", "z.backward(torch.ones_like(z))"]
    run = engine.run(language.parse("\n".join(lines)))
    return derive(run, engine.differences(run))


def compare(expression: str, point: tuple[tuple[float, float], ...], *, kinks: bool) -> None:
    found, expected = derivation_of(expression, point), jacobian_by_torch(expression, point)
    places = {check.subject: check for check in found.checks}
    for row in range(2):
        for column, label in enumerate(["u[0]", "u[1]", "v[0]", "v[1]"]):
            check, number = places[f"d z[{row}] / d {label}"], float(expected[row, column])
            assert math.isclose(check.autograd, number, rel_tol=1e-9, abs_tol=1e-12), (expression, check, number)
            if check.finite is not None and check.agrees:  # where it can be said, the third witness says the same
                assert math.isclose(check.finite, number, rel_tol=1e-4, abs_tol=1e-4), (expression, check, number)
            assert check.agrees is not False, (expression, check)
            if check.symbolic is None:
                assert "too long" in found.note
                continue
            if check.agrees is None:
                assert kinks
                assert check.reason
                continue
            assert check.agrees, (expression, check)
            assert math.isclose(check.symbolic, number, rel_tol=1e-7, abs_tol=1e-9), (expression, check, number)


gently = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@gently
@given(programs(SMOOTH, JOINED), points)
def test_formulas_of_smooth_programs_give_torchs_jacobian(expression: str, point: Any) -> None:
    compare(expression, point, kinks=False)


@gently
@given(programs(SMOOTH + KINKED, JOINED + KINKED_JOINED), points)
def test_formulas_of_programs_with_kinks_agree_or_say_why_not(expression: str, point: Any) -> None:
    compare(expression, point, kinks=True)


@pytest.mark.parametrize(
    "expression",
    ["torch.maximum(u, u)", "torch.abs(u - u)", "torch.relu(v - v)", "torch.dot(u, u) * u - torch.dot(u, u) * u"],
)
def test_ties_and_what_cancels_are_no_disagreement(expression: str) -> None:
    found = derivation_of(expression, ((0.5, 0.7), (1.1, -0.3)))
    assert all(check.agrees or (check.agrees is None and check.reason) for check in found.checks)
