"""Let hooks of several gradients together rest in a pass of ours: torch refuses them where leaves are handed over.

``torch.autograd.graph.register_multi_grad_hook`` asks the engine which of its tensors the pass will reach, and of a
leaf the engine answers only in a pass that writes ``.grad``. Such a hook only looks on, so it is not missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from torch import Tensor

INNER: Final = "register_multi_grad_hook.<locals>.get_inner_hook.<locals>.inner_hook"


@contextmanager
def at_rest(leaves: Sequence[Tensor]) -> Iterator[None]:
    """What such hooks on these leaves wait for is empty in the block, and afterwards as it was."""
    resting = [parts for leaf in leaves for hook in _hooks(leaf) if (parts := _parts(hook)) is not None]
    awaited = [(parts[0], list(parts[0])) for parts in resting]
    begun = [(part, dict(part)) for _, *others in resting for part in others]
    for functions, _ in awaited:
        functions.clear()
    try:
        yield
    finally:
        for functions, before in awaited:
            functions[:] = functions or before  # two leaves of one hook have the same list
        for part, was in begun:
            for key in part.keys() - was.keys():
                del part[key]


def _hooks(leaf: Tensor) -> Sequence[Any]:
    return list((leaf._backward_hooks or {}).values())


def _parts(hook: Any) -> tuple[list[Any], dict[int, Any], dict[int, Any]] | None:
    """The functions that it waits for, and what it has counted and gathered in each pass."""
    if getattr(hook, "__qualname__", "") != INNER:
        return None
    held = {name: cell.cell_contents for name, cell in zip(hook.__code__.co_freevars, hook.__closure__, strict=True)}
    awaited, count, buffer = (held.get(name) for name in ("grad_fns", "count", "buffer"))
    if isinstance(awaited, list) and isinstance(count, dict) and isinstance(buffer, dict):
        return awaited, count, buffer
    return None
