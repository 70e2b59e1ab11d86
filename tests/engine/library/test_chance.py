"""Hold the module random to Python's own, number for number."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "random": "import random\nrandom.seed(4)\na = list(range(6))\nrandom.shuffle(a)\n"
              "print(a, random.random(), random.uniform(1, 2), random.randint(1, 6), random.choice('abc'), random.sample(range(9), 3))\n"
              "print(random.gauss(0, 1), random.choices([1, 2], k=3))",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_chance_falls_as_in_python(program: str) -> None:
    assert_agrees(program)
