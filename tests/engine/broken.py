"""Autograd functions of a user, each with a mistake in its backward."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        raise ValueError("this backward is broken")


class Misshapen(Fails):
    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient.new_zeros(7)


class TooMany(Fails):
    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Any:
        return gradient, gradient
