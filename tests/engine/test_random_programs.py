"""Run random programs in Python itself and in the language: same text, same values, same gradients, same errors."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.engine import grammar
from tests.engine.real import assert_agrees


@pytest.fixture(autouse=True, scope="module")
def _few_collections() -> Iterator[None]:
    """Thousands of graphs die young: looking through torch's modules for each generation takes half of the time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@settings(
    max_examples=2000, deadline=None, derandomize=True, database=None, phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(grammar.programs())
def test_a_random_program_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(program)
