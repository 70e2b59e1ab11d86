"""Give what a pass that is not the program's own would change back as it was, where autograd does not say what it is.

torch adds to the ``.grad`` of a tensor that retains it in every pass, and selective checkpoints work once. Which they
are is found among everything that Python has.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from vizgraph.engine.recording import packed
from vizgraph.engine.recording.entries import is_usable
from vizgraph.engine.recording.walk import Function


@dataclass(frozen=True, slots=True)
class Untouched:
    """The tensors that retain their gradient, and whether anybody has checkpoints that wait for their backward."""

    retaining: tuple[Tensor, ...] = ()
    checkpoints: bool = False


NOTHING: Final = Untouched()


@contextmanager
def untouched() -> Iterator[Untouched]:
    """Look for them, and give what checkpoints kept back after the block; `given_back` does the same for gradients.

    An object refers to its class: that finds these alone. Holding all objects, if only for a moment, breaks
    those that another thread is just building."""
    kinds = frozenset((*_classes(Tensor), *packed.kinds()))
    found = [one for one in gc.get_referrers(*kinds) if type(one) in kinds]
    with torch._C.DisableTorchFunctionSubclass():  # nobody's subclass hears of it
        retaining = tuple(one for one in found if isinstance(one, Tensor) and one.retains_grad and is_usable(one))
    checkpoints = [one for one in found if not isinstance(one, Tensor)]
    with packed.kept_again(checkpoints):
        yield Untouched(retaining, bool(checkpoints))


@contextmanager
def given_back(tensors: Sequence[Tensor], functions: Sequence[Function]) -> Iterator[None]:
    """Give those that these functions made the ``.grad`` that they had: others may be at work in another thread."""
    within = frozenset(functions if tensors else ())
    kept = [(tensor, tensor.grad) for tensor in tensors if tensor.grad_fn in within]
    try:
        yield
    finally:
        for tensor, grad in kept:
            tensor.grad = grad


def _classes(kind: type) -> list[type]:
    found = [kind]
    for one in found:  # grows while it is read
        found.extend(set(type.__subclasses__(one)).difference(found))
    return found
