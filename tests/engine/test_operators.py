"""Trace every operator of PyTorch's own operator database: without exception it is what the engine did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

from tests.engine.operators import assert_exact, results

DIFFERENTIABLE = [one for one in op_db if one.supports_autograd and torch.float32 in one.dtypes]


@pytest.fixture(autouse=True)
def _random_numbers() -> Iterator[None]:
    """torch's own test helpers draw from the global generators; two threads would only fight over two processors."""
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)


def test_the_database_is_the_whole_one() -> None:
    assert len(DIFFERENTIABLE) > 500


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("operator", DIFFERENTIABLE, ids=lambda one: one.formatted_name)
def test_every_function_every_edge_and_every_number_is_the_engines(operator: Any) -> None:
    traced = [assert_exact(result) for result in results(operator)]
    assert any(run is not None for run in traced)
