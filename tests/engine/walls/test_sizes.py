"""Hold predicted sizes to those of real results: never smaller, and nothing that fits is refused."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given
from torch import Tensor

from vizgraph.engine.library.functions import FUNCTIONAL, METHODS, TORCH, Function
from vizgraph.engine.walls.sizes import predict

M = torch.ones
CASES: list[tuple[Function, list[Any], dict[str, Any]]] = [
    (TORCH["matmul"], [M(2, 3), M(3, 4)], {}),
    (TORCH["matmul"], [M(5, 1, 2, 3), M(6, 3, 4)], {}),
    (TORCH["matmul"], [M(3), M(3, 4)], {}),
    (FUNCTIONAL["linear"], [M(2, 5, 3), M(4, 3), M(4)], {}),
    (FUNCTIONAL["bilinear"], [M(2, 3), M(2, 4), M(5, 3, 4)], {}),
    (FUNCTIONAL["conv1d"], [M(2, 3, 9), M(4, 3, 2)], {"stride": 2, "padding": 3}),
    (FUNCTIONAL["conv2d"], [M(1, 2, 6, 7), M(3, 2, 2, 3)], {"stride": (1, 2), "dilation": 2}),
    (FUNCTIONAL["conv_transpose2d"], [M(1, 2, 3, 3), M(2, 3, 2, 2)], {"stride": 3, "output_padding": 1}),
    (FUNCTIONAL["interpolate"], [M(1, 2, 3, 3)], {"scale_factor": 2.5}),
    (FUNCTIONAL["embedding"], [torch.tensor([[0, 1, 1]]), M(2, 5)], {}),
    (TORCH["add"], [M(4, 1), M(1, 5)], {}),
    (TORCH["outer"], [M(4), M(5)], {}),
    (TORCH["kron"], [M(2, 2), M(3, 3)], {}),
    (TORCH["cat"], [[M(2, 2), M(3, 2)]], {}),
    (TORCH["stack"], [[M(2), M(2)]], {}),
    (METHODS["repeat"], [M(2), 3, 4], {}),
    (METHODS["expand"], [M(2, 1), 2, 7], {}),
    (FUNCTIONAL["mse_loss"], [M(3, 1), M(1, 4)], {"reduction": "none"}),
    (FUNCTIONAL["layer_norm"], [M(3, 4), (4,)], {}),
    (TORCH["gather"], [M(3, 4), 1, torch.zeros(3, 2, dtype=torch.int64)], {}),
    (TORCH["index_select"], [M(3, 4), 0, torch.zeros(9, dtype=torch.int64)], {}),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("function", "arguments", "keywords"), CASES, ids=[case[0].operation for case in CASES])
def test_a_prediction_is_a_tight_bound(function: Function, arguments: list[Any], keywords: dict[str, Any]) -> None:
    real = function.call(*arguments, **keywords).numel()
    tensors = [one for item in arguments for one in (item if isinstance(item, list) else [item])]
    predicted = predict(function, [one for one in tensors if isinstance(one, Tensor)], arguments, keywords)
    assert predicted is not None
    assert real <= predicted <= 2 * real


def test_the_scores_of_attention_count_too() -> None:
    query = M(1, 60, 2)
    assert torch.nn.functional.scaled_dot_product_attention(query, query, query).numel() == 120
    assert predict(FUNCTIONAL["scaled_dot_product_attention"], [query] * 3, [query] * 3, {}) == 3600


SHAPES = st.lists(st.lists(st.integers(0, 3), max_size=4).map(tuple), min_size=1, max_size=3)


@given(SHAPES)
def test_operands_that_broadcast_have_the_size_that_torch_gives_them(shapes: list[tuple[int, ...]]) -> None:
    tensors = [torch.ones(shape) for shape in shapes]
    try:
        expected = torch.broadcast_shapes(*shapes).numel()
    except RuntimeError:
        expected = max(tensor.numel() for tensor in tensors)
    assert predict(TORCH["add"], tensors, tensors, {}) == expected
