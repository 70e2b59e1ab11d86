"""Refuse what would be too large before it costs memory, and let everything else pass."""

from __future__ import annotations

import sys

import pytest
import torch

from tests.engine.real import ours
from vizgraph import limits
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.library.functions import METHODS, TORCH, Function
from vizgraph.engine.walls import gate
from vizgraph.errors import VizgraphError

M = limits.TENSOR_NUMBERS
HEAD = f"""import torch
import torch.nn.functional as F
M = {M}
v = torch.ones(3)
big = torch.ones(4000)
"""
TOO_LARGE = [
    "torch.zeros(10**6, 10**6)",
    "torch.ones(size=(10**5, 10**5))",
    "torch.full((10**9,), 1.0)",
    "torch.eye(10**5)",
    "torch.eye(100, 10**9)",
    "torch.arange(10**12)",
    "torch.arange(0, 1, 1e-9)",
    "torch.linspace(0, 1, 10**9)",
    "torch.logspace(0, 1, steps=10**9)",
    "torch.rand(10**5, 10**5)",
    "torch.randint(0, 5, (10**9,))",
    "torch.randperm(10**9)",
    "torch.normal(0.0, 1.0, (10**5, 10**5))",
    "torch.tril_indices(10**5, 10**5)",
    "v.repeat(10**9)",
    "v.expand(10**9, 3)",
    "torch.tile(v, (10**9,))",
    "v.repeat_interleave(10**9)",
    "torch.repeat_interleave(v, torch.tensor([10**9, 1, 1]))",
    "torch.broadcast_to(v, (10**9, 3))",
    "v.new_zeros(10**9)",
    "v.new_full((10**9,), 1.0)",
    "torch.outer(big, big)",
    "torch.kron(big, big)",
    "big[:, None] + big",
    "big[:, None] * big",
    "torch.einsum('i,j->ij', big, big)",
    "torch.tensordot(big, big, 0)",
    "torch.diag(big)",
    "torch.diag_embed(big)",
    "torch.cdist(big[:, None], big[:, None])",
    "torch.meshgrid(big, big)",
    "big[:, None] @ big[None]",
    "torch.stack([big] * 9)",
    "torch.cat([big] * 9)",
    "torch.hstack([big] * 9)",
    "torch.maximum(big[:, None], big)",
    "torch.where(big[:, None] > 0, big, 0.0)",
    "F.one_hot(torch.tensor([10**9]))",
    "F.one_hot(torch.tensor([1]), 10**9)",
    "F.pad(v, (10**9, 0))",
    "torch.bincount(torch.tensor([10**9]))",
    "torch.bincount(torch.tensor([1]), minlength=10**9)",
    "torch.tensor([[0.0] * 100] * 100)",
    "F.embedding(torch.zeros(100, dtype=torch.int64), torch.ones(50, 90))",
    "torch.zeros_like(v).expand(10**9, 3)",
    "torch.index_select(big, 0, torch.zeros(M + 5, dtype=torch.int64))",
    "big[[0] * 4000 + [1] * 500]",
    "torch.multinomial(v, 10**9, True)",
    "big.unfold(0, 100, 1)",
    "F.conv1d(big[None, None], torch.ones(5, 1, 1))",
]


@pytest.mark.parametrize("expression", TOO_LARGE)
def test_a_tensor_that_would_be_too_large_is_refused(expression: str) -> None:
    program = f"{HEAD}y = {expression}"
    with pytest.raises(VizgraphError) as caught:
        ours(program)
    assert caught.value.span is not None
    assert caught.value.span.line == 6
    assert "smaller" in (caught.value.hint or "") or "fewer" in (caught.value.hint or "")
    assert any(words in caught.value.message for words in ("numbers", "memory", "items"))


FITTING = [
    "torch.ones(64, 64) @ torch.ones(64, 64)",
    "torch.ones(4096)",
    "torch.outer(torch.ones(64), torch.ones(64))",
    "torch.linspace(0, 1, 4096)",
    "torch.arange(0, 4096)",
    "torch.arange(10**9, 10**9 + 5)",
    "torch.ones(3) * 10**12",
    "torch.full((3,), 10.0**30)",
    "torch.randint(0, 10**9, (3,))",
    "torch.ones(3).clamp(max=10**9)",
    "torch.ones(3) ** 1000",
    "torch.roll(torch.ones(5), 10**6)",
    "torch.ones(4096).sum()",
    "torch.linalg.det(torch.eye(64))",
    "torch.eye(64).inverse()",
    "torch.stack([torch.ones(64)] * 64)",
    "torch.einsum('ij,jk->ik', torch.eye(50), torch.eye(50))",
    "torch.cat([torch.ones(2048), torch.ones(2048)])",
    "torch.matrix_power(torch.eye(8), 10**6)",
    "torch.linalg.svd(torch.ones(64, 64))[1]",
]


@pytest.mark.parametrize("expression", FITTING)
def test_what_fits_is_calculated(expression: str) -> None:
    run = ours(f"import torch\ny = {expression}")
    assert run.error is None


def test_a_call_that_is_wrong_is_left_to_torch_to_explain() -> None:
    gate.check(TORCH["ones"], ["a"], {})
    gate.check(METHODS["view"], [torch.ones(3), 7], {})
    gate.check(TORCH["arange"], [0, 10, 0], {})


def test_a_result_is_measured_even_where_nothing_was_predicted() -> None:
    function = Function("sum", TORCH["sum"].kind, torch.sum)
    gate.check_result(function, torch.ones(M))
    with pytest.raises(TooLarge, match="sum would make a tensor of"):
        gate.check_result(function, (torch.ones(2), torch.ones(M + 1)))


def test_shapes_are_predicted_without_loading_torchs_python_kernels() -> None:
    """A child of the zygote has no file descriptors to load them with."""
    calls = [TORCH[name] for name in ("eye", "linspace", "randint", "normal", "tril_indices", "arange")]
    before = set(sys.modules)
    for function, given in zip(
        calls, ([50], [0, 1, 3000], [0, 10**9, (3,)], [0.0, 1.0, (2000,)], [9, 9], [0.0, 1.0, 0.001]), strict=True
    ):
        gate.check(function, given, {})
    assert {name for name in set(sys.modules) - before if name.startswith("torch.")} == set()
