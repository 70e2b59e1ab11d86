"""Evaluate local Jacobians with the engine's own backward functions.

Calling an autograd function with a unit vector returns the rows of its local
Jacobian, before the sum over broadcast axes; the sum is done here, as the
engine does it. It must happen before the pass, which may free what they saved.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph import limits
from vizgraph.engine.recording.packed import is_packed
from vizgraph.engine.recording.walk import Function, is_leaf, results_of
from vizgraph.model import Matrix


def local_jacobians(functions: Sequence[Function], *, live: bool = False) -> dict[tuple[Function, int], Matrix]:
    """Return the local Jacobian for each (function, slot) where it is small enough to be shown.

    Of ``live`` code nothing is run that belongs to the user, neither a backward nor the hooks that unpack."""
    if len(functions) > limits.LOCAL_NODES:
        return {}
    found: dict[tuple[Function, int], Matrix] = {}
    with torch.no_grad():
        for function in functions:
            if not (is_leaf(function) or isinstance(function, BackwardCFunction) or (live and is_packed(function))):
                with contextlib.suppress(Exception):  # a subclass of tensors that shows no numbers
                    found.update(_of_function(function))
    return found


def _of_function(function: Function) -> dict[tuple[Function, int], Matrix]:
    results = results_of(function)
    if len(results) != 1 or results[0] is None:
        return {}
    shape, dtype = results[0]
    device = function._input_metadata[0].device
    if device.type == "meta":  # no numbers anywhere
        return {}
    rows = math.prod(shape)
    if not 0 < rows <= limits.JACOBIAN_ROWS:
        return {}
    shapes = _input_shapes(function)
    sizes = {slot: math.prod(size) for slot, size in shapes.items()}
    if not sizes or rows * min(sizes.values()) > limits.LOCAL_ENTRIES:
        return {}
    columns: dict[int, list[float]] = {slot: [] for slot in shapes}
    for row in range(rows):
        seed = torch.zeros(rows, dtype=dtype, device=device)
        seed[row] = 1
        products = _call(function, seed.reshape(shape))
        for slot, size in shapes.items():
            product = products[slot] if products is not None and slot < len(products) else None
            if product is None or product.is_complex() or product.layout is not torch.strided:
                columns.pop(slot, None)
            elif slot in columns:
                columns[slot].extend(product.sum_to_size(size).reshape(-1).tolist())
    return {
        (function, slot): Matrix(rows, sizes[slot], tuple(entries))
        for slot, entries in columns.items()
        if rows * sizes[slot] <= limits.LOCAL_ENTRIES
    }


def _input_shapes(function: Function) -> dict[int, tuple[int, ...]]:
    shapes = {}
    for slot, (source, result) in enumerate(function.next_functions):
        known = results_of(source)[result] if source is not None else None
        if known is not None:
            shapes[slot] = known[0]
    return shapes


def _call(function: Function, seed: Tensor) -> Sequence[Tensor | None] | None:
    try:
        products = function(seed)
    except Exception:  # a freed or rewritten saved tensor, a kernel that refuses: there is just no local Jacobian
        return None
    return products if isinstance(products, tuple) else (products,)
