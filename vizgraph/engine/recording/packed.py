"""Leave checkpoints as they were: their backward runs a forward again, which may write and may run only once.

A checkpointed batch norm counts every forward in its running statistics, the one of a trace, too; and a selective
checkpoint hands out each tensor that it kept once. What such a forward writes into tensors that were there before is
written back, and what was handed out is kept again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from vizgraph.engine.recording.entries import tensors_in
from vizgraph.engine.recording.inside import raw_saved
from vizgraph.engine.recording.walk import Function

UNTOLD: Final = frozenset({"running_mean", "running_var"})  # written, though the schema of batch norms does not say so


def is_packed(function: Function) -> bool:
    """Whether hooks packed what a function saved: to read it is to run code of the user's, a whole forward perhaps."""
    return any(one.unpack_hook is not None for one in raw_saved(function))


def kinds() -> tuple[type, ...]:
    """What there is of a checkpoint while it waits for its backward: a frame, and what a selective one keeps."""
    loaded = sys.modules.get("torch.utils.checkpoint")
    found = getattr(loaded, "_CheckpointFrame", None), getattr(loaded, "_CachedTorchDispatchMode", None)
    return tuple(kind for kind in found if isinstance(kind, type))


@contextmanager
def kept_again(checkpoints: Sequence[Any]) -> Iterator[None]:
    """Give selective checkpoints again what they hand out in the block."""
    storages = [one.storage for one in checkpoints if hasattr(one, "storage")]
    before = [(storage, {key: dict(entries) for key, entries in storage.items()}) for storage in storages]
    try:
        yield
    finally:
        for storage, entries in before:
            for key, kept in entries.items():
                storage[key].update(kept)


class _Writes(TorchDispatchMode):
    """Sees what is written into memory that was there before, and remembers what it held."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.before: dict[int, tuple[Tensor, int | None, Any]] = {}
        self._new: set[int] = set()

    def __torch_dispatch__(self, kernel: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        described = kernel._schema.arguments if isinstance(kernel, torch._ops.OpOverload) else ()
        for argument, given in zip(described, args, strict=False):
            self._note(argument, given)
        for argument in described[len(args) :]:
            self._note(argument, kwargs.get(argument.name))
        result = kernel(*args, **kwargs)
        old = {_memory(one) for one in tensors_in((*args, *kwargs.values()))}
        self._new.update(place for one in tensors_in(result) if (place := _memory(one)) and place not in old)
        return result

    def _note(self, argument: Any, given: Any) -> None:
        written = argument.alias_info is not None and argument.alias_info.is_write
        for one in tensors_in(given) if written or argument.name in UNTOLD else ():
            place = _memory(one)
            if place and place not in self._new and place not in self.before:
                version = None if one.is_inference() else one._version
                self.before[place] = one, version, one.untyped_storage().clone()  # type: ignore[no-untyped-call]


def _memory(tensor: Tensor) -> int:
    """The place of its memory; 0 where it has none of its own."""
    return tensor.untyped_storage()._cdata if tensor.layout is torch.strided and not tensor.is_nested else 0


@contextmanager
def written_back(functions: Sequence[Function]) -> Iterator[None]:
    """Undo what a forward that is run again in the block writes into tensors that were there before."""
    if not any(map(is_packed, functions)):
        yield
        return
    writes = _Writes()
    try:
        with writes:
            yield
    finally:
        for tensor, version, memory in writes.before.values():
            tensor.untyped_storage().copy_(memory)
            if version is not None:
                torch._C._autograd._unsafe_set_version_counter((tensor,), (version,))
