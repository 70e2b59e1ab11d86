"""Python's own functions, held to Python itself."""

from __future__ import annotations

import pytest

import vizgraph
from tests.engine.real import assert_agrees

ROUNDED = (
    "2.5", "2.675, 2", "1234, -2", "10**15, -400", "1.5, 5000", "1e300, -5000", "7, True", "1.5, 'a'", "1.5, 2.0",
)  # fmt: skip


@pytest.mark.parametrize("numbers", ROUNDED)
def test_numbers_are_rounded_as_python_rounds_them(numbers: str) -> None:
    assert_agrees(f"import torch\nx = torch.tensor(3.0, requires_grad=True)\nprint(round({numbers}))\ny = x * x")


def test_a_number_of_digits_without_end_takes_no_time() -> None:
    run = vizgraph.visualize("print(round(10**15, -10**15))\ny = x", values={"x": 1.0}).run
    assert "".join(run.printed).strip() == "0"
