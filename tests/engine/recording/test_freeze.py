"""Freeze tensors of every kind into plain values."""

from __future__ import annotations

import math

import pytest
import torch

from vizgraph.engine.recording.freeze import freeze


def test_a_small_tensor_is_kept_whole() -> None:
    value = freeze(torch.tensor([[3.0, -4.0], [0.0, 12.0]]))
    assert (value.shape, value.dtype, value.entries) == ((2, 2), "float32", (3.0, -4.0, 0.0, 12.0))
    assert (value.minimum, value.maximum, value.norm, value.finite) == (-4.0, 12.0, 13.0, True)


def test_a_value_stays_when_the_tensor_is_written() -> None:
    tensor = torch.ones(2)
    value = freeze(tensor)
    tensor.fill_(7)
    assert value.entries == (1.0, 1.0)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool])
def test_every_dtype_has_its_name_and_its_numbers(dtype: torch.dtype) -> None:
    value = freeze(torch.tensor([1, 0, 1], dtype=dtype))
    assert value.dtype == str(dtype)[6:]
    assert [float(entry) for entry in value.entries or ()] == [1.0, 0.0, 1.0]


def test_a_large_tensor_is_a_summary() -> None:
    tensor = torch.linspace(-2, 5, 1000)
    value = freeze(tensor, max_entries=100)
    assert value.entries is None
    assert (value.minimum, value.maximum) == (-2.0, 5.0)
    assert value.norm == pytest.approx(float(tensor.double().norm()))
    assert freeze(torch.arange(1000)).maximum == 999.0


@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e30])
@pytest.mark.parametrize("layout", ["rows", "columns", "every second"])
def test_the_norm_of_many_numbers_is_as_in_double_precision(scale: float, layout: str) -> None:
    tensor = torch.randn(301, 1001, generator=torch.Generator().manual_seed(0)) * scale
    tensor = {"rows": tensor, "columns": tensor.t(), "every second": tensor[::2, 1:]}[layout]
    assert freeze(tensor).norm == pytest.approx(float(tensor.double().norm()), rel=1e-8)


def test_numbers_that_are_not_finite_are_kept_and_told() -> None:
    value = freeze(torch.tensor([math.nan, 1.0, math.inf]))
    assert (value.minimum, value.maximum, value.finite) == (1.0, math.inf, False)
    large = freeze(torch.tensor([math.nan] * 500 + [2.0]), max_entries=10)
    assert (large.minimum, large.maximum, large.finite) == (2.0, 2.0, False)
    nothing = freeze(torch.full((500,), math.nan), max_entries=10)
    assert nothing.minimum is not None
    assert math.isnan(nothing.minimum)


def test_scalars_and_empty_tensors() -> None:
    assert (freeze(torch.tensor(2.5)).shape, freeze(torch.tensor(2.5)).entries) == ((), (2.5,))
    empty = freeze(torch.zeros(2, 0))
    assert (empty.shape, empty.entries, empty.minimum, empty.norm) == ((2, 0), (), None, None)


def test_a_tensor_without_numbers_of_its_own_is_read_all_the_same() -> None:
    assert freeze(torch._efficientzerotensor(2)).entries == (0.0, 0.0)
    assert freeze(torch.ones(2).to_sparse()).entries == (1.0, 1.0)
    assert freeze(torch.ones(2).expand(3, 2).t()).entries == (1.0,) * 6


def test_a_complex_tensor_has_a_norm() -> None:
    value = freeze(torch.tensor([3 + 4j, 0j]))
    assert (value.dtype, value.entries, value.norm, value.finite) == ("complex64", None, 5.0, True)
    assert freeze(torch.tensor([3 + 4j]).conj()).norm == 5.0
