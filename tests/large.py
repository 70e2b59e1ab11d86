"""Make graphs as large as real ones: the depth is that of the published models, the width is narrow."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

Traced = tuple[Tensor, Mapping[str, Tensor] | nn.Module]  # an output, and what names its leaves


def chain(length: int) -> Traced:
    """y = sin(y) * x, again and again: every second operation uses the same leaf."""
    x = torch.tensor(1.1, requires_grad=True)
    y = x
    for number in range(length):
        y = y * x if number % 2 else torch.sin(y)
    return y, {"x": x}


def branches(count: int = 20, length: int = 2_500) -> Traced:
    """Several chains, each from a leaf of its own, and their sum."""
    ends, leaves = zip(*(chain(length) for _ in range(count)), strict=True)
    return torch.stack(ends).sum(), {f"x{number}": leaf["x"] for number, leaf in enumerate(leaves)}  # type: ignore[index]


class Mix(torch.autograd.Function):
    """The mean of any number of scalars: one node of the graph, one edge for each."""

    @staticmethod
    def forward(context: Any, *parts: Tensor) -> Tensor:
        context.count = len(parts)
        return torch.stack(parts).mean()

    @staticmethod
    def backward(context: Any, upstream: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        return (upstream / context.count,) * context.count


def dense(nodes: int = 100, edges: int = 2_000) -> Traced:
    """Every node uses about 20 of those before it; the last uses all that nothing else does."""
    choose = random.Random(1)
    leaf = torch.tensor(1.0, requires_grad=True)
    made: list[Tensor] = [leaf, Mix.apply(leaf)]
    left = edges - 1
    while len(made) < nodes:
        count = min(len(made), -(-left // (nodes - len(made))))
        made.append(Mix.apply(made[-1], *choose.sample(made[:-1], count - 1)))
        left -= count
    return made[-1], {"x": leaf}


class Steps(nn.Module):
    """An LSTM cell in a loop."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(width, width)

    def forward(self, inputs: Tensor) -> Tensor:
        state = inputs.new_zeros(1, inputs.shape[1]), inputs.new_zeros(1, inputs.shape[1])
        for one in inputs:
            state = self.cell(one[None], state)
        return state[0].sum()


def lstm(steps: int = 800) -> Traced:
    model = Steps()
    return model(torch.randn(steps, 4)), model


class Bottleneck(nn.Module):
    """A block of ResNet-50 and deeper: 1×1, 3×3, 1×1, and a shortcut."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = nn.Conv2d(inputs, 4 * width, 1, bias=False) if inputs != 4 * width else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        return torch.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet(nn.Module):
    """The 152 layers of He et al. 2015: 3, 8, 36 and 3 bottlenecks."""

    def __init__(self, blocks: tuple[int, ...] = (3, 8, 36, 3)) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        inputs, layers = 4, []
        for number, count in enumerate(blocks):
            width = 2 + number
            first, inputs = Bottleneck(inputs, width), 4 * width
            layers.append(nn.Sequential(first, *(Bottleneck(inputs, width) for _ in range(count - 1))))
        self.layer1, self.layer2, self.layer3, self.layer4 = layers
        self.fc = nn.Linear(inputs, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.conv1(x))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean((2, 3)))


def resnet152() -> Traced:
    model = ResNet()
    return nn.functional.cross_entropy(model(torch.randn(2, 3, 4, 4)), torch.tensor([1, 2])), model


class Block(nn.Module):
    """A block of GPT-2: attention and a perceptron, each after a normalisation and beside a shortcut."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width)
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        parts = self.c_attn(self.ln_1(x)).split(width, dim=2)
        query, key, value = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in parts)
        later = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)
        scores = (query @ key.transpose(-2, -1) / (width // self.heads) ** 0.5).masked_fill(later, -torch.inf)
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, length, width)
        x = x + self.c_proj(mixed)
        return x + self.mlp(self.ln_2(x))


class GPT2(nn.Module):
    """GPT-2 with its 12 layers and tied embeddings."""

    def __init__(self, layers: int = 12, width: int = 16, heads: int = 2, words: int = 20) -> None:
        super().__init__()
        self.wte = nn.Embedding(words, width)
        self.wpe = nn.Embedding(8, width)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[1]))
        for block in self.h:
            x = block(x)
        return self.ln_f(x) @ self.wte.weight.T


def gpt2() -> Traced:
    model = GPT2()
    tokens = torch.randint(0, 20, (1, 8))
    return nn.functional.cross_entropy(model(tokens)[0, :-1], tokens[0, 1:]), model


GRAPHS = {
    "dense DAG, 100 nodes, 2,000 edges": dense,
    "shared-leaf chain of 10,000": lambda: chain(10_000),
    "LSTM, 800 steps": lstm,
    "ResNet-152": resnet152,
    "GPT-2, 12 layers": gpt2,
}
