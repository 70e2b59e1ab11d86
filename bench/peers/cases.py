"""Build the graphs that every tool is measured on: each a module, its input and the loss of its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor, nn


class Chain(nn.Module):
    """As many multiplications one after the other."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        self.weight = nn.Parameter(torch.ones(100))

    def forward(self, x: Tensor) -> Tensor:
        y = self.weight * x
        for _ in range(self.length - 2):
            y = y * 1.0001
        return y.sum()


class Unrolled(nn.Module):
    """An LSTM cell written out, step by step."""

    def __init__(self, steps: int, size: int = 16) -> None:
        super().__init__()
        self.steps, self.size = steps, size
        self.inputs, self.hidden = nn.Linear(size, 4 * size), nn.Linear(size, 4 * size)

    def forward(self, x: Tensor) -> Tensor:
        h = c = torch.zeros(1, self.size)
        for step in range(self.steps):
            i, f, g, o = (self.inputs(x[step]) + self.hidden(h)).chunk(4, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return h.square().sum()


class Bottleneck(nn.Module):
    """The block of the residual networks with 50 and more layers."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width),
        )  # fmt: skip
        same = channels == 4 * width and stride == 1
        self.shortcut = nn.Identity() if same else nn.Sequential(
            nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return (self.body(x) + self.shortcut(x)).relu()


class ResNet(nn.Module):
    """ResNet-152 in torch.nn alone: 3, 8, 36 and 3 blocks."""

    def __init__(self, blocks: tuple[int, ...] = (3, 8, 36, 3)) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        )
        layers, channels = [], 64
        for stage, count in enumerate(blocks):
            width = 64 * 2**stage
            for block in range(count):
                layers.append(Bottleneck(channels, width, 2 if stage and not block else 1))
                channels = 4 * width
        self.layers = nn.Sequential(*layers)
        self.head = nn.Linear(channels, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layers(self.stem(x)).mean((2, 3))).square().sum()


class Language(nn.Module):
    """GPT-2 with 12 layers and random weights."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import GPT2Config, GPT2LMHeadModel
        from transformers.utils import logging

        logging.set_verbosity_error()
        words = {"bos_token_id": 0, "eos_token_id": 0, "loss_type": "ForCausalLM"}  # else it warns
        self.model = GPT2LMHeadModel(GPT2Config(n_layer=12, n_embd=48, n_head=4, vocab_size=1000, **words))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.model(tokens, labels=tokens, use_cache=False).loss


CASES: Final[dict[str, Callable[[], tuple[nn.Module, Any]]]] = {
    "chain 100": lambda: (Chain(100), torch.ones(100)),
    "chain 1,000": lambda: (Chain(1_000), torch.ones(100)),
    "chain 10,000": lambda: (Chain(10_000), torch.ones(100)),
    "LSTM 50": lambda: (Unrolled(50), torch.randn(50, 1, 16)),
    "LSTM 200": lambda: (Unrolled(200), torch.randn(200, 1, 16)),
    "LSTM 800": lambda: (Unrolled(800), torch.randn(800, 1, 16)),
    "GPT-2": lambda: (Language(), torch.randint(0, 1000, (1, 16))),
    "ResNet-152": lambda: (ResNet(), torch.randn(1, 3, 64, 64)),
}
