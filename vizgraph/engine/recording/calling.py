"""Send unit seeds through live code's graph by calling its functions one after the other: no pass, and no hook runs.

What follows from v is else worked out of local Jacobians (`vizgraph.linearity`), which are kept where they are small.
Here it costs one call of each function for each entry of v. The code's own functions are not called: then there is
nothing, as where a function can not be called by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph import limits
from vizgraph.engine.recording.jacobian import unit_seeds
from vizgraph.engine.recording.packed import is_packed
from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.units import Runs, Units, entries_of, gathered
from vizgraph.engine.recording.walk import Function, in_forward_order, is_leaf, results_of


def units_of_calls(tensors: Sequence[Tensor], recording: Recording) -> Units | None:
    """The numbers for each unit seed, where v has several entries and local Jacobians are missing."""
    functions = recording.functions
    size = sum(tensor.numel() for tensor in tensors)
    if not 1 < size <= limits.LINEAR_ROWS or len(functions) > limits.FOLLOWED_NODES or not _is_lacking(recording):
        return None
    if any(isinstance(one, BackwardCFunction) or is_packed(one) for one in functions):
        return None
    try:
        with torch.no_grad():
            order = in_forward_order(functions)[::-1]
            return gathered(
                [_sent(order, recording.roots, unit) for unit in unit_seeds(tensors)], limits.LINEAR_NUMBERS
            )
    except Exception:  # freed or rewritten, complex or without numbers: v is not followed
        return None


def _is_lacking(recording: Recording) -> bool:
    edges = (
        (one, slot) for one in recording.functions for slot, (source, _) in enumerate(one.next_functions) if source
    )
    return any(edge not in recording.locals for edge in edges)


def _sent(order: Sequence[Function], roots: Sequence[tuple[Function, int]], seeds: Sequence[Tensor]) -> Runs:
    arrived: dict[tuple[Function, int], Tensor] = {}
    numbers: Runs = {}

    def arrive(place: tuple[Function, int], tensor: Tensor) -> None:
        arrived[place] = arrived[place] + tensor if place in arrived else tensor

    for root, seed in zip(roots, seeds, strict=True):
        arrive(root, seed)
    for function in order:
        upstream = [arrived.get((function, result)) for result in range(len(results_of(function)))]
        numbers |= {(function, result, True): entries_of(given) for result, given in enumerate(upstream)}
        if is_leaf(function) or all(given is None for given in upstream):
            continue
        returned = function(*upstream)
        for slot, given in enumerate(returned if isinstance(returned, tuple) else (returned,)):
            source, result = function.next_functions[slot]
            if source is None or given is None:
                continue
            shape, _ = results_of(source)[result] or (given.shape, None)
            summed = given.sum_to_size(shape)
            numbers[function, slot, False] = entries_of(summed)
            arrive((source, result), summed)
    return numbers
