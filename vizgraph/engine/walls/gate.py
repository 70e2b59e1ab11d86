"""Refuse a step whose result would be too large, before it costs memory.

Small operands cannot make a large result, so most steps pass by a product of
sizes. The others run first on torch's meta device, which computes shapes only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.recording.entries import tensors_in
from vizgraph.engine.walls import sizes

# A result that could have no more numbers than this runs at once: a few megabytes at most.
HARMLESS: Final = 1_000_000
NEVER_GROWS: Final = frozenset({Kind.REDUCTION, Kind.COUNT, Kind.INPLACE, Kind.ASK})
# The size of their result is a number *in* a tensor; meta tensors have no numbers.
SIZED_BY_ENTRIES: Final = frozenset({"one_hot", "bincount", "repeat_interleave"})
SIZED_BY_FLOATS: Final = frozenset({"interpolate"})
BY_VALUE: Final = SIZED_BY_ENTRIES | {"arange"}


def check(function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Raise `TooLarge` if the result of the call would have more numbers than a tensor may have."""
    if function.kind in NEVER_GROWS or not keywords and _is_small(function, arguments):
        return
    given = (*arguments, *keywords.values())
    tensors = list(tensors_in(given))
    check_size(function.operation, _numbers_in(given))
    if function.operation in SIZED_BY_ENTRIES:
        for tensor in tensors:
            if tensor.numel() and not tensor.is_floating_point() and int(tensor.max()) > limits.TENSOR_NUMBERS:
                check_size(function.operation, int(tensor.max()))
    elif function.kind is Kind.POINTWISE and len(tensors) < 2:
        return
    if function.operation == "arange" and all(isinstance(item, (int, float)) for item in arguments):
        check_size(function.operation, length_of_range(*arguments))
        return
    bound = math.prod(t.numel() + 1 for t in tensors) * math.prod(abs(i) + 1 for i in _integers_in(given))
    if bound**2 > HARMLESS or function.operation in SIZED_BY_FLOATS:
        known = sizes.predict(function, tensors, arguments, keywords)
        if known is not None:
            check_size(function.operation, known)
            return
        _check_on_meta(function, arguments, keywords, given)


def _is_small(function: Function, arguments: Sequence[Any]) -> bool:
    """Whether all arguments are single tensors and numbers that can't make a large result: most calls are such."""
    if function.operation in BY_VALUE or function.operation in SIZED_BY_FLOATS:
        return False
    numbers, bound = 1, 1
    for argument in arguments:
        if isinstance(argument, Tensor):
            numbers *= argument.numel()
            bound *= argument.numel() + 1
        elif isinstance(argument, int):
            bound *= abs(argument) + 1
        elif not isinstance(argument, float):
            return False
    # what broadcasts has at most the product of the sizes, whatever the numbers beside it are
    return bound**2 <= HARMLESS or (function.kind is Kind.POINTWISE and numbers <= limits.TENSOR_NUMBERS)


def check_result(function: Function, result: Any) -> None:
    if isinstance(result, Tensor):
        check_size(function.operation, result.numel())
        return
    for tensor in tensors_in(result):
        check_size(function.operation, tensor.numel())


def check_size(operation: str, count: int) -> None:
    if count > limits.TENSOR_NUMBERS:
        raise TooLarge(f"{operation} would make a tensor of {count:,} numbers; at most {limits.TENSOR_NUMBERS:,} fit")


def _check_on_meta(
    function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any], given: Sequence[Any]
) -> None:
    if function.operation in ("tensor", "as_tensor", "new_tensor"):
        return  # as many numbers as were written, and those were counted
    options = {name: _to_meta(value) for name, value in keywords.items() if name not in ("requires_grad", "generator")}
    if function.kind is Kind.CREATE and not any(True for _ in tensors_in(given)):
        options["device"] = "meta"
    try:
        with torch.no_grad():
            shapes = function.call(*(_to_meta(argument) for argument in arguments), **options)
    except Exception:  # a wrong call, which the real one will explain, or a function without a meta kernel
        largest = max(map(abs, _integers_in(given)), default=0)
        if largest > limits.TENSOR_NUMBERS:
            raise TooLarge(f"{function.operation} with the number {largest:,} could need too much memory") from None
        return
    for tensor in tensors_in(shapes):
        check_size(function.operation, tensor.numel())


def length_of_range(start: float, end: float | None = None, step: float = 1) -> int:
    first, last = (0, start) if end is None else (start, end)
    length = (last - first) / step if step else 0
    return min(math.ceil(abs(length)), 10**15) if math.isfinite(length) else 0


def _to_meta(value: Any) -> Any:
    if isinstance(value, Tensor):
        return torch.empty_strided(value.size(), value.stride(), dtype=value.dtype, device="meta")
    if isinstance(value, (list, tuple)) and any(isinstance(item, (Tensor, list, tuple)) for item in value):
        return [_to_meta(item) for item in value]
    return value


def _integers_in(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, (list, tuple)) and len(value) <= 16:
        for item in value:
            yield from _integers_in(item)


def _numbers_in(given: Sequence[Any]) -> int:
    """Count the numbers in nested lists, stopping as soon as there are too many."""
    count, stack = 0, [item for item in given if isinstance(item, (list, tuple))]
    while stack and count <= limits.TENSOR_NUMBERS:
        items = stack.pop()
        count += len(items)
        stack.extend(item for item in items if isinstance(item, (list, tuple)))
    return count
