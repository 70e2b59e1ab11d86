"""Predict how many numbers a result will have from the sizes of its operands.

torch's meta device knows every shape, but its kernels are Python that loads for
seconds; the functions that programs use most are a formula here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind

Rule = Callable[..., int]


def predict(
    function: Function, tensors: Sequence[Tensor], arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> int | None:
    """Return a bound on the numbers of the result, None where only a trial can tell.

    A call that is wrong has any bound: torch will say what is wrong with it.
    """
    rule = RULES.get(function.operation)
    try:
        if rule is not None:
            return rule(*arguments, **keywords)
        if not tensors:
            return None
        if function.kind in (Kind.POINTWISE, Kind.LOSS):
            return _together(*tensors)
        if function.kind in (Kind.ACTIVATION, Kind.SHAPE) and function.operation not in BY_TRIAL:
            return max(tensor.numel() for tensor in tensors)
    except (TypeError, ValueError, RuntimeError, IndexError, AttributeError, ZeroDivisionError):
        return None
    return None


def _broadcast(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape of operands that broadcast; `torch.broadcast_shapes` takes half as long as a small operation."""
    if all(shape == shapes[0] for shape in shapes):
        return tuple(shapes[0])
    together = []
    for axis in range(1, 1 + max(map(len, shapes))):
        sizes = {shape[-axis] for shape in shapes if len(shape) >= axis} - {1}
        if len(sizes) > 1:
            raise RuntimeError("shapes that do not broadcast")
        together.append(sizes.pop() if sizes else 1)
    return tuple(reversed(together))


def _together(*operands: Any) -> int:
    """The numbers of operands that broadcast; of the largest where they don't."""
    tensors = [operand for operand in operands if isinstance(operand, Tensor)]
    try:
        return math.prod(_broadcast(*(tensor.shape for tensor in tensors)))
    except RuntimeError:
        return max(tensor.numel() for tensor in tensors)


def _matmul(a: Tensor, b: Tensor) -> int:
    rows = a.shape[-2] if a.dim() > 1 else 1
    columns = b.shape[-1] if b.dim() > 1 else 1
    return math.prod(_broadcast(a.shape[:-2], b.shape[:-2])) * rows * columns


def _linear(x: Tensor, weight: Tensor, bias: Any = None) -> int:
    return x.numel() // weight.shape[-1] * (weight.shape[0] if weight.dim() > 1 else 1)


def _bilinear(a: Tensor, b: Tensor, weight: Tensor, bias: Any = None) -> int:
    return a.numel() // a.shape[-1] * weight.shape[0]


def _convolution(
    x: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1
) -> int:
    axes = weight.dim() - 2
    steps, around, gaps = (
        value if isinstance(value, (tuple, list)) else (value,) * axes for value in (stride, padding, dilation)
    )
    sizes = [
        (size + 2 * pad - gap * (kernel - 1) - 1) // step + 1
        for size, kernel, step, pad, gap in zip(x.shape[-axes:], weight.shape[2:], steps, around, gaps, strict=False)
    ]
    batch = x.shape[0] if x.dim() > axes + 1 else 1
    return int(batch * weight.shape[0] * math.prod(sizes))


def _transposed(
    x: Tensor, weight: Tensor, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
    groups: int = 1, dilation: Any = 1,
) -> int:  # fmt: skip
    axes = weight.dim() - 2
    steps, more, gaps = (
        value if isinstance(value, (tuple, list)) else (value,) * axes for value in (stride, output_padding, dilation)
    )
    sizes = [
        (size - 1) * step + gap * (kernel - 1) + extra + 1
        for size, kernel, step, extra, gap in zip(x.shape[-axes:], weight.shape[2:], steps, more, gaps, strict=False)
    ]
    batch = x.shape[0] if x.dim() > axes + 1 else 1
    return int(batch * weight.shape[1] * groups * math.prod(sizes))


def _interpolated(x: Tensor, size: Any = None, scale_factor: Any = None, *_: Any, **__: Any) -> int:
    axes = x.dim() - 2
    if size is None:
        factors = scale_factor if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * axes
        size = [math.ceil(one * factor) for one, factor in zip(x.shape[2:], factors, strict=False)]
    return int(math.prod(x.shape[:2]) * math.prod(size if isinstance(size, (tuple, list)) else (size,) * axes))


def _embedding(x: Tensor, weight: Tensor, *_: Any, **__: Any) -> int:
    return x.numel() * weight.shape[-1]


def _attention(query: Tensor, key: Tensor, value: Tensor, *_: Any, **__: Any) -> int:
    rows = query.numel() // query.shape[-1]
    return max(rows * value.shape[-1], rows * key.shape[-2])  # the scores, too, take memory


def _joined(tensors: Sequence[Tensor], *_: Any, **__: Any) -> int:
    return sum(tensor.numel() for tensor in tensors)


def _spread(*tensors: Tensor, **_: Any) -> int:
    return math.prod(tensor.numel() for tensor in tensors)


def _gathered(x: Tensor, dim: int, index: Tensor, **_: Any) -> int:
    return index.numel()


def _selected(x: Tensor, dim: int, index: Tensor) -> int:
    return x.numel() // x.shape[dim] * index.numel()


def _index(x: Tensor, index: Any) -> int:
    parts = index if isinstance(index, tuple) else (index,)
    if all(isinstance(part, (int, slice, type(None), type(...))) for part in parts):
        return x.numel()
    if isinstance(index, Tensor) and index.dtype in (torch.int64, torch.int32):
        return x.numel() // x.shape[0] * index.numel()
    if isinstance(index, Tensor) and index.dtype is torch.bool:
        return x.numel()
    raise TypeError("only a trial can tell")


def _of_size(*given: Any, size: Any = None, **_: Any) -> int:
    """The last positional argument, or the keyword, is the size."""
    return math.prod(given[-1] if size is None else size)


RULES: Final[dict[str, Rule]] = {
    "eye":          lambda n, m=None, **_: n * (n if m is None else m),
    "linspace":     lambda start, end, steps, **_: steps,
    "logspace":     lambda start, end, steps, *_, **__: steps,
    "tril_indices": lambda rows, columns, *_, **__: 2 * rows * columns,
    "triu_indices": lambda rows, columns, *_, **__: 2 * rows * columns,
    "randint":      _of_size,
    "normal":       _of_size,
    "matmul":       _matmul,
    "linear":       _linear,
    "bilinear":     _bilinear,
    "conv1d":       _convolution,
    "conv2d":       _convolution,
    "conv_transpose1d": _transposed,
    "conv_transpose2d": _transposed,
    "interpolate":  _interpolated,
    "local_response_norm": lambda x, size, *_, **__: x.numel() + x.numel() // x.shape[1] * abs(size),
    "embedding":    _embedding,
    "scaled_dot_product_attention": _attention,
    "addmm":        lambda x, a, b, **_: max(x.numel(), _matmul(a, b)),
    "addmv":        lambda x, a, b, **_: max(x.numel(), _matmul(a, b)),
    "baddbmm":      lambda x, a, b, **_: max(x.numel(), _matmul(a, b)),
    "dot":          lambda a, b: 1,
    "outer":        _spread,
    "kron":         _spread,
    "cat":          _joined,
    "stack":        _joined,
    "hstack":       _joined,
    "vstack":       _joined,
    "column_stack": _joined,
    "dstack":       _joined,
    "block_diag":   lambda *blocks: sum(block.numel() for block in blocks) ** 2,
    "cartesian_prod": lambda *sets: len(sets) * _spread(*sets),
    "diagflat":     lambda x, offset=0: (x.numel() + abs(offset)) ** 2,
    "histc":        lambda x, bins=100, *_, **__: bins,
    "vander":       lambda x, N=None, **_: x.numel() * (x.numel() if N is None else N),
    "cov":          lambda x, *_, **__: x.shape[0] ** 2 if x.dim() > 1 else 1,
    "corrcoef":     lambda x: x.shape[0] ** 2 if x.dim() > 1 else 1,
    "gather":       _gathered,
    "index_select": _selected,
    "index":        _index,
    "sort":         lambda x, *_, **__: x.numel(),
    "argsort":      lambda x, *_, **__: x.numel(),
    "split":        lambda x, *_, **__: x.numel(),
    "chunk":        lambda x, *_, **__: x.numel(),
    "unbind":       lambda x, *_, **__: x.numel(),
    "tril":         lambda x, *_, **__: x.numel(),
    "triu":         lambda x, *_, **__: x.numel(),
    "scatter":      lambda x, *_, **__: x.numel(),
    "scatter_add":  lambda x, *_, **__: x.numel(),
    "scatter_reduce": lambda x, *_, **__: x.numel(),
    "index_copy":   lambda x, *_, **__: x.numel(),
    "index_put":    lambda x, *_, **__: x.numel(),
    "repeat":       lambda x, *sizes: x.numel() * math.prod(_whole(sizes)),
    "tile":         lambda x, *sizes: x.numel() * math.prod(_whole(sizes)),
    "expand":       lambda x, *sizes: math.prod(max(size, 1) for size in _whole(sizes)) * x.numel(),
}  # fmt: skip
# Functions of several axes whose result may outgrow their operands, and that have no formula here.
BY_TRIAL: Final = frozenset({
    "pad", "one_hot", "unfold", "broadcast_to", "expand_as", "repeat_interleave", "broadcast_tensors", "fold", "conv3d",
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d",
})  # fmt: skip


def _whole(sizes: Sequence[Any]) -> Sequence[int]:
    return sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes
