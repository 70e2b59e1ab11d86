"""Find out which slice a CopySlices writes: it does not say, but its backward takes that slice of a gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vizgraph.engine.recording.inside import is_write
from vizgraph.engine.recording.walk import Function

# what every CopySlices does around the backward of the operation that it wraps
AROUND: Final = frozenset("new_empty_strided copy_ as_strided clone empty_strided detach zero_ zeros_like".split())


class _Look(TorchDispatchMode):
    """Sees the kernels that one CopySlices runs."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.slice: str | None = None
        self.kernels: list[str] = []

    def __torch_dispatch__(self, kernel: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = kernel.overloadpacket.__name__
        if name == "as_strided" and self.slice is None:
            base, sizes, strides, offset = (*args, 0)[:4]
            self.slice = written(tuple(base.shape), base.stride(), tuple(sizes), tuple(strides), offset)
        elif name not in AROUND and name not in self.kernels:
            self.kernels.append(name)
        return kernel(*args, **(kwargs or {}))


@contextmanager
def looked_at(functions: Sequence[Function]) -> Iterator[dict[Function, tuple[str, str | None]]]:
    """For every CopySlices that runs in the block: its slice, and the kernels of what it wraps."""
    found: dict[Function, tuple[str, str | None]] = {}
    handles = []
    for function in filter(is_write, functions):
        look = _Look()

        def begin(_: Any, look: _Look = look) -> None:
            look.__enter__()  # type: ignore[no-untyped-call]

        def end(*_: Any, look: _Look = look, function: Function = function) -> None:
            look.__exit__(None, None, None)  # type: ignore[no-untyped-call]
            found[function] = (look.slice or "", ", ".join(look.kernels) or None)

        handles += [function.register_prehook(begin), function.register_hook(end)]
    depth = torch._C._len_torch_dispatch_stack()
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        while torch._C._len_torch_dispatch_stack() > depth:  # one of them failed
            torch._C._pop_torch_dispatch_stack()


def written(
    shape: tuple[int, ...],
    base: tuple[int, ...],
    sizes: tuple[int, ...],
    strides: tuple[int, ...],
    offset: int,
) -> str:
    """The index that takes this slice of a tensor.

    >>> written((3, 4), (4, 1), (2,), (4,), 6)
    '[1:, 2]'
    >>> written((3, 4), (4, 1), (3, 2), (4, 2), 0)
    '[:, ::2]'
    >>> written((2, 2), (2, 1), (4,), (1,), 0)
    '4 entries from 0 on'
    >>> written((3, 3), (3, 1), (3,), (4,), 0)
    '3 entries from 0 on, in steps of 4'
    """
    parts, left = [], list(zip(sizes, strides, strict=True))
    for axis, (size, step) in enumerate(zip(shape, base, strict=True)):
        start, offset = divmod(offset, step) if step else (0, offset)
        taken = next((one for one in left if step and one[1] % step == 0 and _fits(one, start, size, step)), None)
        inner = base[axis + 1] if axis + 1 < len(base) else 0
        if taken is None or (inner and taken[1] < step) or left[0] != taken:
            parts.append(str(start))
            continue
        left.pop(0)
        parts.append(_range(start, taken[0], taken[1] // step, size))
    if left or offset:
        steps = f", in steps of {strides[0]}" if len(strides) == 1 and strides[0] != 1 else ""
        return f"{'×'.join(map(str, sizes)) or 1} entries from {offset} on{steps}"
    return f"[{', '.join(parts)}]"


def _fits(one: tuple[int, int], start: int, size: int, step: int) -> bool:
    return start + (one[0] - 1) * (one[1] // step) < size and one[1] >= step


def _range(start: int, count: int, step: int, size: int) -> str:
    stop = start + (count - 1) * step + 1
    whole = stop >= size or (step > 1 and stop + step > size)
    return f"{start or ''}:{'' if whole else stop}{f':{step}' if step > 1 else ''}"
