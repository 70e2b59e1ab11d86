"""Hessians by a second backward pass; the oracle is torch.autograd.functional.hessian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from vizgraph import engine, language

CASES: list[tuple[str, Callable[..., Tensor]]] = [
    ("z = a**3 * b + sin(b)", lambda a, b: a**3 * b + torch.sin(b)),
    ("z = exp(a*b) / (1 + b**2)", lambda a, b: torch.exp(a * b) / (1 + b**2)),
    ("c = a*b\nd = log(c)\nz = d**2", lambda a, b: torch.log(a * b) ** 2),
    ("z = 3*a - b", lambda a, b: 3 * a - b),
]


@pytest.mark.parametrize(("source", "function"), CASES, ids=[source for source, _ in CASES])
def test_the_hessian_is_torchs(source: str, function: Callable[..., Tensor]) -> None:
    found = engine.second(engine.run(language.parse(source), {"a": 1.5, "b": 0.5}))
    assert found is not None
    point = (torch.tensor(1.5, dtype=torch.float64), torch.tensor(0.5, dtype=torch.float64))
    rows: Any = torch.autograd.functional.hessian(function, point)
    expected = [float(entry) for row in rows for entry in row]
    assert found.backward == pytest.approx(expected, rel=1e-6)
    assert found.finite == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_a_vector_has_the_hessian_of_its_entries() -> None:
    values = {"x": [1, 2], "A": [[1, 2], [3, 4]]}
    found = engine.second(engine.run(language.parse("z = x @ A @ x"), values, ["x"]))
    assert found is not None
    assert found.backward == pytest.approx([2, 5, 5, 8])


@pytest.mark.parametrize(
    ("source", "values"),
    [("y = x*x", {"x": [1, 2]}), ("z = sum(x**2)", {"x": [1] * 20})],
)
def test_several_outputs_or_a_large_hessian_are_left_out(source: str, values: dict[str, Any]) -> None:
    assert engine.second(engine.run(language.parse(source), values)) is None
