"""Go backward through the backward pass of a recorded program: the Hessian of its one output.

The first pass runs with ``create_graph=True``, so that every entry of the gradient has a graph of its own; a second
pass from entry i gives row i. Both run on the record in float64. Beside them stand central differences of the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

from vizgraph.engine.differences import STEP, Replay, Results, leaves_of
from vizgraph.model import Call, Run, Second
from vizgraph.notation.plan import last_pass, plan

MOST: Final = 6  # leaf entries of a Hessian that is written out


def second(run: Run) -> Second | None:
    """The Hessian of the last pass; None where the output is not one number, or it is too large or can't be had."""
    last = last_pass(run)
    found = plan(run, last.seeds) if last is not None else None
    if last is None or last.jacobian is None or found is None:
        return None
    rows, columns = len(last.jacobian.rows), len(last.jacobian.columns)
    leaves = leaves_of(found, last.jacobian)
    if rows != 1 or columns > MOST or leaves is None:
        return None
    replay = Replay(found.calls)
    with torch.no_grad():
        base, failed = replay.settle()
    if failed is not None:
        return None
    try:
        return _Twice(replay, leaves, base, found.outputs).second()
    except Exception:  # an operation without a derivative of its derivative
        return None


class _Twice:
    def __init__(
        self, replay: Replay, leaves: Sequence[Call], base: dict[str, Results], outputs: Sequence[tuple[Call, int]]
    ) -> None:
        self._replay, self._leaves, self._base, self._outputs = replay, leaves, base, outputs
        self._point = torch.cat([base[leaf.id][0].reshape(-1) for leaf in leaves])

    def second(self) -> Second | None:
        size = self._point.numel()
        point, gradient = self._gradient(self._point, create_graph=True)
        rows = []
        for entry in gradient:
            row = torch.autograd.grad(entry, point, retain_graph=True)[0] if entry.requires_grad else None
            rows.append(torch.zeros(size, dtype=torch.float64) if row is None else row)
        finite = torch.stack([self._difference(place) for place in range(size)])
        flat = (*torch.stack(rows).reshape(-1).tolist(), *finite.reshape(-1).tolist())
        if not all(map(math.isfinite, flat)):
            return None
        return Second(size, flat[: size * size], flat[size * size :])

    def _difference(self, place: int) -> Tensor:
        step = STEP * max(1.0, abs(float(self._point[place])))
        move = torch.zeros_like(self._point)
        move[place] = step
        low, high = (self._gradient(self._point + sign * move)[1].detach() for sign in (-1, 1))
        return (high - low) / (2 * step)

    def _gradient(self, at: Tensor, *, create_graph: bool = False) -> tuple[Tensor, Tensor]:
        """The point as a leaf, and the gradient there."""
        point = at.clone().requires_grad_(True)
        leaves: dict[str, Results] = {}
        start = 0
        for leaf in self._leaves:
            shape = leaf.values[0].shape
            size = math.prod(shape)
            leaves[leaf.id] = (point[start : start + size].reshape(shape),)
            start += size
        output = self._replay.outputs(leaves, self._base, self._outputs)
        if output is None or not output.requires_grad:
            return point, torch.zeros_like(point)
        (gradient,) = torch.autograd.grad(output.sum(), point, create_graph=create_graph)
        return point, gradient
