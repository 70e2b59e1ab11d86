"""Turn a tensor into a plain `Value`: its entries, or a summary where it is large."""

from __future__ import annotations

import functools
import math
from typing import Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.model import Number, Value

PLAIN: Final = frozenset({Tensor, torch.nn.Parameter})
MANY: Final = 2**14  # numbers for which it pays to sum them up in rows
ROW: Final = 256
SAFE: Final = 1e-15  # squares of numbers between this and its inverse are neither lost nor infinite


def freeze(tensor: Tensor, max_entries: int = limits.ENTRIES) -> Value:
    """Return the value of ``tensor`` now; later writes to the tensor do not change it.

    Somebody's subclass does not hear of it, and may have nothing to show: then there is the shape alone. So it is of
    a tensor that stands for many inside of nested transforms (vmap of jacrev)."""
    if type(tensor) in PLAIN:
        try:
            return _frozen(tensor, max_entries)
        except RuntimeError:
            if not torch._C._functorch.is_functorch_wrapped_tensor(tensor):
                raise
            return Value(shape_of(tensor), dtype_name(tensor), None)
    with torch._C.DisableTorchFunctionSubclass():
        try:
            return _frozen(tensor, max_entries)
        except Exception:  # whatever a subclass that has its own kernels raises
            return Value(shape_of(tensor), dtype_name(tensor), None)


def _frozen(tensor: Tensor, max_entries: int) -> Value:
    shape, dtype = shape_of(tensor), dtype_name(tensor)
    plain = _dense(tensor.detach())
    if plain is None:
        return Value(shape, dtype, None)
    if tensor.is_nested:
        return _summary(plain, shape, dtype) if plain.numel() and not plain.is_complex() else Value(shape, dtype, None)
    if plain.is_complex():
        return _complex(plain, shape, dtype, max_entries)
    if plain.numel() > max_entries:
        return _summary(plain, shape, dtype)
    return _whole(plain, shape, dtype)


def shape_of(tensor: Tensor) -> tuple[int, ...]:
    """The sizes; -1 where the parts of a nested tensor have different ones."""
    if not tensor.is_nested:
        return tuple(tensor.shape)
    return tuple(_size(tensor, axis) for axis in range(tensor.dim()))


def _size(tensor: Tensor, axis: int) -> int:
    try:
        return int(tensor.size(axis))
    except (RuntimeError, AttributeError):  # torch has two kinds of nested tensors
        return -1


def dtype_name(tensor: Tensor) -> str:
    return _name(tensor.dtype)


@functools.cache
def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _dense(tensor: Tensor) -> Tensor | None:
    if tensor._is_zerotensor():  # autograd's zeros without memory
        return torch.zeros(tensor.shape, dtype=tensor.dtype)
    if tensor.is_meta:
        return None
    if tensor.is_nested:
        return tensor.values()
    if tensor.layout is torch.strided and not tensor.is_quantized:
        return tensor.resolve_conj().resolve_neg() if tensor.is_complex() else tensor
    try:
        return tensor.to_dense()
    except (RuntimeError, NotImplementedError):
        return None


def _complex(tensor: Tensor, shape: tuple[int, ...], dtype: str, max_entries: int) -> Value:
    norm, finite = _number(tensor.abs().norm()), bool(tensor.isfinite().all())
    few = tensor.numel() <= max_entries
    pairs = tuple((one.real, one.imag) for one in tensor.reshape(-1).tolist()) if few else None
    return Value(shape, dtype, None, norm=norm, finite=finite, pairs=pairs)


def _whole(tensor: Tensor, shape: tuple[int, ...], dtype: str) -> Value:
    entries: tuple[Number, ...] = tuple(tensor.reshape(-1).tolist())
    numbers = entries if tensor.is_floating_point() else [float(entry) for entry in entries]
    norm = math.hypot(*numbers)
    if numbers and math.isfinite(norm):  # then all of them are
        return Value(shape, dtype, entries, min(numbers), max(numbers), norm, True)
    known = [number for number in numbers if not math.isnan(number)]
    return Value(
        shape,
        dtype,
        entries,
        minimum=min(known, default=None),
        maximum=max(known, default=None),
        norm=norm if numbers else None,
        finite=all(map(math.isfinite, numbers)),
    )


def _summary(tensor: Tensor, shape: tuple[int, ...], dtype: str) -> Value:
    if not tensor.is_floating_point():
        tensor = tensor.to(torch.float64)
    least, most = (bound.item() for bound in torch.aminmax(tensor))
    norm = _norm(tensor, max(-least, most))
    if math.isfinite(norm):
        return Value(shape, dtype, None, least, most, norm, True)
    known = tensor[~tensor.isnan()]
    finite = bool(tensor.isfinite().all())
    bounds = torch.aminmax(known) if known.numel() else (tensor.reshape(-1)[0],) * 2
    return Value(shape, dtype, None, _number(bounds[0]), _number(bounds[1]), norm, finite)


def _norm(tensor: Tensor, largest: float) -> float:
    """The 2-norm in double precision.

    Of many single ones, short rows first, as fast as they can be read: to sum them all up in single precision is off in
    the fifth digit, to turn each into a double takes five times as long."""
    flat = _flat(tensor) if tensor.dtype is torch.float32 and tensor.numel() >= MANY else None
    if flat is None or not SAFE < largest < 1 / SAFE:  # also where something is nan
        return _number(torch.linalg.vector_norm(tensor, dtype=torch.float64))
    whole = flat.numel() - flat.numel() % ROW
    rows = torch.linalg.vector_norm(flat[:whole].view(-1, ROW), dim=1)
    parts = (torch.linalg.vector_norm(part, dtype=torch.float64) for part in (rows, flat[whole:]))
    return math.hypot(*map(_number, parts))


def _flat(tensor: Tensor) -> Tensor | None:
    """The numbers in a row, in any order, where that takes no copy."""
    if tensor.is_contiguous():
        return tensor.view(-1)
    turned = tensor.t() if tensor.dim() == 2 else tensor
    return turned.view(-1) if turned.is_contiguous() else None


def _number(tensor: Tensor) -> float:
    return float(tensor)
