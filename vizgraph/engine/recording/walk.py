"""Walk the autograd graph: every function once, inputs before consumers, with no recursion."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Iterable, Sequence
from typing import Any, Final, TypeAlias

import torch
from torch import Tensor

# torch has no public type for the nodes of its graph: they share only the methods that are used here.
Function: TypeAlias = Any
Shaped: TypeAlias = tuple[tuple[int, ...], torch.dtype]
ACCUMULATE: Final = "AccumulateGrad"
_ACCUMULATE: Final = torch._C._functions.AccumulateGrad  # type: ignore[attr-defined]


def root_of(tensor: Tensor) -> tuple[Function, int]:
    """Return the function that made a tensor (AccumulateGrad for a leaf) and which of its results it is."""
    if tensor.grad_fn is None and tensor.layout is not torch.strided:  # torch looks for it through a view
        with torch.enable_grad():
            copy: Function = tensor.clone().grad_fn
        return copy.next_functions[0][0], 0
    edge = torch.autograd.graph.get_gradient_edge(tensor)
    return edge.node, edge.output_nr


def has_history(tensor: Tensor) -> bool:
    """Whether autograd holds a function for a tensor: not for a view of a leaf's view that was made without it."""
    return tensor.requires_grad and (tensor.grad_fn is not None or tensor._base is None)


def walk(roots: Iterable[Function], known: Container[Function] = ()) -> list[Function]:
    """Return the functions reachable from ``roots``, inputs before consumers; ``known`` ones are not entered.

    The list holds every function: a function keeps its Python identity only while somebody holds it.
    """
    done: set[Function] = set()
    order: list[Function] = []
    stack: list[tuple[Function, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        function, finished = stack.pop()
        if finished:
            order.append(function)
            continue
        if function in done or function in known:
            continue
        done.add(function)
        stack.append((function, True))
        inputs = [source for source, _ in function.next_functions if source is not None and source not in done]
        stack.extend((source, False) for source in reversed(inputs))
    return order


def in_forward_order(functions: Sequence[Function]) -> list[Function]:
    """Sort operations as the forward pass made them: autograd numbers its functions; leaves come first."""
    leaves = [function for function in functions if is_leaf(function)]
    return leaves + sorted((f for f in functions if not is_leaf(f)), key=lambda f: f._sequence_nr())


def is_leaf(function: Function) -> bool:
    return type(function) is _ACCUMULATE


def class_name(function: Function) -> str:
    return type(function).__name__


def operation_of(function: Function) -> str:
    """Return a short name: MulBackward0 -> mul, CopySlices -> copy_slices, AccumulateGrad -> leaf.

    >>> operation_of(torch.ones(2, requires_grad=True).log_softmax(0).grad_fn)
    'log_softmax'
    """
    return _operation(class_name(function))


def in_words(name: str) -> str:
    """The name of a class as torch writes that of its function.

    >>> in_words("MaxPool2DWithIndices"), in_words("AvgPool2D"), in_words("LinalgVectorNorm")
    ('max_pool2d_with_indices', 'avg_pool2d', 'linalg_vector_norm')
    """
    name = re.sub(r"(?<=\d)D(?=[A-Z]|$)", "d", name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@functools.cache
def _operation(function: str) -> str:
    if function == ACCUMULATE:
        return "leaf"
    name = re.sub(r"(Backward\d*)+$", "", function) or function
    return in_words(re.sub(r"[^A-Za-z0-9]+", "_", name)).strip("_") or "function"


def results_of(function: Function) -> list[Shaped | None]:
    """Return shape and dtype of each result of a function, None where autograd does not tell."""
    return [_result(metadata) for metadata in function._input_metadata]


def _result(metadata: Any) -> Shaped | None:
    try:
        return tuple(map(int, metadata.shape)), metadata.dtype
    except (RuntimeError, TypeError, AttributeError, ValueError):
        return None


def dtype_text(dtype: torch.dtype | None) -> str | None:
    return None if dtype is None else _dtype_name(dtype)


@functools.cache
def _dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
