"""Evaluate the whole Jacobian of a pass, d(outputs)/d(leaves), by unit seeds of torch's engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph import limits
from vizgraph.engine.recording.walk import Function
from vizgraph.model import Matrix


def jacobian(tensors: Sequence[Tensor], leaves: Sequence[Tensor], functions: Sequence[Function]) -> Matrix | None:
    """Return it where it is small; one extra pass for each output entry, with the graph retained."""
    if not leaves or any(isinstance(function, BackwardCFunction) for function in functions):
        return None
    rows, columns = sum(t.numel() for t in tensors), sum(leaf.numel() for leaf in leaves)
    if not 0 < rows <= limits.JACOBIAN_ROWS or rows * columns > limits.JACOBIAN_ENTRIES:
        return None
    if any(tensor.is_complex() for tensor in (*tensors, *leaves)):
        return None
    entries: list[float] = []
    try:
        for unit in unit_seeds(tensors):
            gradients = torch.autograd.grad(
                list(tensors), list(leaves), unit, retain_graph=True, allow_unused=True, materialize_grads=True
            )
            for gradient in gradients:
                entries.extend(gradient.reshape(-1).tolist())
    except Exception:  # what is wrong with this graph, the pass itself will say
        return None
    return Matrix(rows, columns, tuple(entries))


def labels(name: str, tensor: Tensor) -> list[str]:
    """Return the names of the entries: "y" of a scalar, else "y[0]", "y[1]" or "Y[0, 1]"."""
    if tensor.dim() == 0:
        return [name]
    indices = itertools.product(*map(range, tensor.shape))
    return [f"{name}[{', '.join(map(str, index))}]" for index in indices]


def unit_seeds(tensors: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    """One seed for each tensor, with a 1 in one entry of them all."""
    for chosen, tensor in enumerate(tensors):
        for row in range(tensor.numel()):
            seeds = [torch.zeros(other.shape, dtype=other.dtype, device=other.device) for other in tensors]
            seeds[chosen].view(-1)[row] = 1
            yield seeds
