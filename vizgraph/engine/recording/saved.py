"""Read forward values out of what autograd saved for the backward pass, where a gradient is not finite, or is 0.

The graph of live code holds no forward values; but an operation keeps the operands or the result that its own
derivative needs. Where something went wrong they tell at which value. They may be freed or overwritten by now.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.recording.entries import Entry
from vizgraph.engine.recording.packed import is_packed
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.walk import Function, is_leaf, operation_of, results_of
from vizgraph.model import Value

RESULTS: Final = ("_saved_result", "_saved_output")
# saved name -> input of the function; addmm(bias, a, b) counts from its bias
OPERANDS: Final = {
    "_saved_self": 0, "_saved_input": 0,
    "_saved_other": 1, "_saved_mat2": 1, "_saved_exponent": 1, "_saved_vec": 1, "_saved_tensor": 1, "_saved_weight": 1,
    "_saved_batch1": 1, "_saved_batch2": 2,
}  # fmt: skip
ADDMM: Final = {"_saved_mat1": 1, "_saved_mat2": 2}


def is_odd(recording: Recording) -> bool:
    """Whether a seed or a gradient of the pass is not finite, or one that arrived at a leaf is 0."""
    if any(gradient.norm == 0 for _, gradient, _, _ in recording.accumulations):
        return True
    gradients = (value for _, upstream, delivered in recording.steps for value in (*upstream, *delivered))
    return any(value is not None and not value.finite for value in (*recording.seeds, *gradients))


def recall(recorder: Recorder, functions: Sequence[Function]) -> None:
    """Give the functions whose results somebody saved those values, as if they had been seen in the forward pass.

    What is saved and has no history is kept as an operand of the function that saved it."""
    packed = {function for function in functions if is_packed(function)}
    for function in functions if len(packed) <= limits.UNPACKED else (one for one in functions if one not in packed):
        constants = _number(recorder, function)
        for slot, maker, tensor in _saved(function):
            if maker is None:
                with suppress(RuntimeError):  # where writes are watched torch takes a number for no tensor
                    constants[slot] = recorder.freeze(tensor)
            elif not is_leaf(maker) and _is_result(maker, tensor):
                _known(recorder, maker, tensor)
        if constants:
            recorder.constants[function] = (*recorder.constants.get(function, ()), *constants.items())


def _number(recorder: Recorder, function: Function) -> dict[int, Value]:
    """The exponent of a power, where it is a number and no tensor: it has no slot of its own."""
    exponent = _read(function, "_saved_exponent")
    if not isinstance(exponent, (int, float)):
        return {}
    return {1: recorder.freeze(torch.tensor(float(exponent), dtype=torch.float64))}


def _known(recorder: Recorder, maker: Function, tensor: Tensor) -> None:
    """Nobody saw the inner steps of torch's own helpers: the line that made them is known, and not their values."""
    entry = recorder.owner(maker)
    if entry is None:
        operation = operation_of(maker)
        recorder.own(maker, Entry("operation", operation, (), (), "", None, [recorder.freeze(tensor)], [maker]))
    elif not entry.values and entry.functions[0] is maker:
        entry.values = [recorder.freeze(tensor)]


def _saved(function: Function) -> Iterator[tuple[int, Function | None, Tensor]]:
    """Tensors that a function keeps, each with the slot and the function that made it; None: it has no history."""
    for name in RESULTS:
        tensor = _read(function, name)
        if isinstance(tensor, Tensor):
            yield -1, function, tensor
    sources = function.next_functions
    for name, slot in (ADDMM if hasattr(type(function), "_saved_mat1") else OPERANDS).items():
        tensor = _read(function, name) if slot < len(sources) else None
        if isinstance(tensor, Tensor):
            yield slot, sources[slot][0], tensor


def _read(function: Function, name: str) -> Any:
    try:
        return getattr(function, name, None)
    except Exception:  # freed, or overwritten since; or a hook of somebody's does not unpack it any more
        return None


def _is_result(maker: Function, tensor: Tensor) -> bool:
    results = results_of(maker)
    return len(results) == 1 and results[0] is not None and math.prod(results[0][0]) == tensor.numel()
