"""Look into an autograd function: what it saved, what it is a view of, where its contributions are summed."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, cast

import torch
from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph.engine.recording.freeze import dtype_name, shape_of
from vizgraph.engine.recording.walk import Function, Shaped, class_name, dtype_text, is_leaf, operation_of
from vizgraph.model import Inside, Result, Saved, Summed

RELU: Final = "relu"
EXAMPLES: Final = 32  # fewer say little about a unit: some are off by chance
COPY_SLICES: Final = "CopySlices"
# what shares the memory of its first input
VIEWS: Final = frozenset(
    "alias as_strided diagonal expand movedim narrow permute real imag select slice split "
    "split_with_sizes squeeze swapaxes t transpose unbind unfold unsqueeze view view_as_real "
    "view_as_complex chunk".split()
)
# operations on entries, whose inputs are broadcast: a contribution is summed to the shape of its input
BROADCAST: Final = frozenset(
    "add sub rsub mul div pow where maximum minimum fmax fmin lerp addcmul addcdiv atan2 hypot fmod remainder "
    "logaddexp logaddexp2 copysign xlogy special_xlog1py masked_fill".split()
)

NOTHING: Final = Inside()


def inside(
    function: Function,
    results: Mapping[Function, Sequence[Shaped | None]],
    slice_of: tuple[str, str | None] | None,
    base: str | None,
    version: int | None,
    retains: bool,
) -> Inside | None:
    """What there is to tell beyond name, shape and inputs; None where there is nothing. ``results`` are everybody's."""
    if is_leaf(function):
        return None
    own = results[function]
    found = Inside(
        results=tuple(_results(own)) if len(own) > 1 else (),
        saved=tuple(_saved(function)),
        summed=tuple(_summed(function, own, results)) if operation_of(function) in BROADCAST else (),
        custom=isinstance(function, BackwardCFunction),
        writes=slice_of[0] if slice_of else None,
        wraps=slice_of[1] if slice_of else None,
        version=version or None,
        base=base,
        retains=retains,
        dead=_dead(function) if operation_of(function) == RELU else (),
    )
    return None if found == NOTHING else found


def _dead(function: Function) -> tuple[int, ...]:
    """The units of a relu that are 0 for every one of many examples: a channel of a picture, else of the last axis."""
    try:
        result = function._saved_result if function._raw_saved_result.unpack_hook is None else None
    except RuntimeError:  # freed, or overwritten since
        return ()
    if result is None or type(result) is not Tensor or result.layout is not torch.strided or result.is_nested:
        return ()
    if result.is_meta or result.dim() < 2:
        return ()
    axis = 1 if result.dim() > 3 else result.dim() - 1
    if result.shape[axis] == 0 or result.numel() // result.shape[axis] < EXAMPLES:
        return ()
    alive = (result != 0).movedim(axis, 0).flatten(1).any(1)
    return tuple((~alive).nonzero().flatten().tolist())


def base_of(function: Function, known: Mapping[Function, str]) -> str | None:
    """The node whose memory a view shares."""
    source = function
    while source is not None and operation_of(source) in VIEWS and source.next_functions:
        source = source.next_functions[0][0]
    return known.get(source) if source is not function else None


def _results(own: Sequence[Shaped | None]) -> Iterator[Result | None]:
    for one in own:
        yield Result(one[0], dtype_text(one[1]) or "") if one else None


def _summed(
    function: Function, own: Sequence[Shaped | None], results: Mapping[Function, Sequence[Shaped | None]]
) -> Iterator[Summed]:
    for slot, (source, result) in enumerate(function.next_functions):
        theirs = results[source][result] if source is not None else None
        if own and own[0] and theirs and own[0][0] != theirs[0]:
            yield Summed(slot, own[0][0], theirs[0])


def raw_saved(function: Function) -> Iterator[Any]:
    """What a function saved, as it was saved: nothing is unpacked."""
    for name in _names(cast(Hashable, type(function))):
        try:
            raw = getattr(function, f"_raw_saved_{name}")
        except RuntimeError:  # it is freed
            continue
        yield from (one for one in (raw if isinstance(raw, tuple) else (raw,)) if one is not None)


@functools.cache
def _names(kind: Hashable) -> tuple[str, ...]:
    prefix = "_raw_saved_"
    return tuple(name.removeprefix(prefix) for name in sorted(dir(kind)) if name.startswith(prefix))


def _saved(function: Function) -> Iterator[Saved]:
    """Every saved tensor; one that a hook of the user packed is not unpacked."""
    for name in _names(cast(Hashable, type(function))):
        try:
            raw = getattr(function, f"_raw_saved_{name}")
        except RuntimeError as error:
            yield _lost(name, error)
            continue
        several = isinstance(raw, tuple)
        for place, one in enumerate(raw if several else (raw,)):
            if one is not None:
                yield from _one(function, f"{name}[{place}]" if several else name, one)


def _one(function: Function, name: str, raw: Any) -> Iterator[Saved]:
    try:
        if raw.unpack_hook is not None:
            yield Saved(name, "packed")
            return
        tensor, state = raw.data, _state(function, name)
        if tensor is not None:
            plain = tensor.layout is torch.strided and not tensor.is_nested
            size = tensor.numel() * tensor.element_size() if plain else None
            yield Saved(name, state, shape_of(tensor), dtype_name(tensor), size, tensor._version)
        elif state == "freed":
            yield Saved(name, state)
    except RuntimeError as error:
        yield _lost(name, error)


def _state(function: Function, name: str) -> Literal["kept", "freed", "changed"]:
    """Whether it can still be unpacked: torch refuses what is freed, and what somebody wrote to since."""
    try:
        _ = (
            function.saved_tensors
            if name.startswith("tensors[")
            else getattr(function, f"_saved_{name.partition('[')[0]}")
        )
    except RuntimeError as error:
        return "changed" if "modified by an inplace" in str(error) else "freed"
    return "kept"


def _lost(name: str, error: RuntimeError) -> Saved:
    return Saved(name, "changed" if "modified by an inplace" in str(error) else "freed")


def is_write(function: Function) -> bool:
    return class_name(function) == COPY_SLICES
