"""Run a pass once for each unit seed, so that its numbers for any v follow by addition.

Every number of a backward pass is linear in v: what arrives for v is the sum of what arrives for the unit
seeds, each times its entry of v. The sums are made in the browser; here the engine itself is asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph import limits
from vizgraph.engine.recording.backward import record
from vizgraph.engine.recording.jacobian import unit_seeds
from vizgraph.engine.recording.walk import Function, is_leaf, root_of
from vizgraph.model import Matrix, Value

ROUNDING = 2e-5  # of the sum of all absolute terms: float32 in a long chain; torch's half types are coarser
COARSE = {"float16": 2e-2, "bfloat16": 1e-1}

Runs: TypeAlias = "dict[tuple[Function, int, bool], list[float] | None]"  # (function, place, whether it arrives)
Steps = Sequence[tuple[Function, Sequence[Value | None], Sequence[Value | None]]]


@dataclass(frozen=True, slots=True)
class Units:
    """What arrives by result and what each slot hands on; a matrix has one row for each unit seed."""

    size: int
    upstream: dict[Function, tuple[Matrix | None, ...]]
    contributions: dict[tuple[Function, int], Matrix]

    @property
    def numbers(self) -> int:
        """How many there are."""
        found = [matrix for results in self.upstream.values() for matrix in results if matrix is not None]
        return sum(len(matrix.entries) for matrix in (*found, *self.contributions.values()))


def units(tensors: Sequence[Tensor], functions: Sequence[Function], room: int) -> Units | None:
    """Run the passes before the real one, which may free the graph; None where v or the graph is large.

    Nothing is run where the program's own functions would be called once more."""
    size = sum(tensor.numel() for tensor in tensors)
    if not 0 < size <= limits.LINEAR_ROWS or len(functions) > limits.LOCAL_NODES:
        return None
    if any(isinstance(function, BackwardCFunction) for function in functions):
        return None
    if any(tensor.is_complex() for tensor in tensors):
        return None
    try:
        runs = [_run(tensors, functions, unit) for unit in unit_seeds(tensors)]
    except Exception:  # what is wrong with this graph, the pass itself will say
        return None
    return gathered(runs, room)


def agree(units: Units, seeds: Sequence[Value], steps: Steps) -> bool:
    """Whether every recorded number of the real pass is the sum that the unit seeds say."""
    if any(seed.entries is None for seed in seeds):
        return False
    v = [float(entry) for seed in seeds for entry in seed.entries or ()]
    for function, upstream, contributions in steps:
        pairs = list(zip(upstream, units.upstream.get(function, ()), strict=False))
        pairs += [(value, units.contributions.get((function, slot))) for slot, value in enumerate(contributions)]
        if not all(_agrees(value, matrix, v) for value, matrix in pairs if value is not None):
            return False
    return True


def _run(
    tensors: Sequence[Tensor], functions: Sequence[Function], seeds: Sequence[Tensor]
) -> dict[tuple[Function, int, bool], list[float] | None]:
    """One pass: the numbers by function and place, the last key saying whether they arrive or leave."""
    accumulators = [function for function in functions if is_leaf(function)]
    heard: list[tuple[Function, Sequence[Tensor | None], Sequence[Tensor | None]]] = []
    found: list[Tensor | None] = []

    def call() -> None:
        leaves = [function.variable for function in accumulators]
        found.extend(torch.autograd.grad(list(tensors), leaves, seeds, retain_graph=True, allow_unused=True))

    inner = [function for function in functions if not is_leaf(function)]
    record(inner, call, lambda *what: heard.append(what), frozenset(root_of(tensor)[0] for tensor in tensors))
    numbers = {(function, 0, True): entries_of(grad) for function, grad in zip(accumulators, found, strict=True)}
    for function, contributions, upstream in heard:
        numbers |= {(function, result, True): entries_of(given) for result, given in enumerate(upstream)}
        numbers |= {(function, slot, False): entries_of(given) for slot, given in enumerate(contributions)}
    return numbers


def entries_of(tensor: Tensor | None) -> list[float] | None:
    if tensor is None:
        return None
    if tensor.is_complex() or tensor.numel() > limits.ENTRIES:
        raise ValueError("too many numbers to keep")
    dense: list[float] = tensor.to_dense().reshape(-1).tolist()
    return dense


def gathered(runs: list[Runs], room: int) -> Units | None:
    """One matrix for each quantity; where one unit seed sends nothing, its row is zeros."""
    upstream: dict[Function, dict[int, Matrix | None]] = {}
    contributions: dict[tuple[Function, int], Matrix] = {}
    numbers = 0
    for key in dict.fromkeys(key for run in runs for key in run):
        rows = [run.get(key) for run in runs]
        columns = next((len(row) for row in rows if row is not None), None)
        entries = [entry for row in rows for entry in (row if row is not None else [0.0] * (columns or 0))]
        matrix = None if columns is None else Matrix(len(runs), columns, tuple(entries))
        function, place, arrives = key
        numbers += len(entries)
        if arrives:
            upstream.setdefault(function, {})[place] = matrix
        elif matrix is not None:
            contributions[function, place] = matrix
    if numbers > room:
        return None
    return Units(len(runs), {key: tuple(found.values()) for key, found in upstream.items()}, contributions)


def _agrees(value: Value, matrix: Matrix | None, v: Sequence[float]) -> bool:
    if matrix is None or value.entries is None or len(value.entries) != matrix.columns:
        return False
    rounding = COARSE.get(value.dtype, ROUNDING)
    for column, entry in enumerate(value.entries):
        terms = [number * matrix.entries[row * matrix.columns + column] for row, number in enumerate(v)]
        total, scale = sum(terms), sum(map(abs, terms))
        if math.isfinite(total) and math.isfinite(entry):
            if abs(total - entry) > rounding * scale + 1e-30:
                return False
        elif str(total) != str(float(entry)):
            return False
    return True
