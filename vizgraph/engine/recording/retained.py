"""Give tensors that retain their gradient what they held before a pass that is not theirs.

torch adds to the ``.grad`` of such a tensor in every pass, and autograd does not say which tensors they are:
they are looked for among everything that Python has.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


@contextmanager
def untouched() -> Iterator[list[Tensor]]:
    found = retaining()
    kept = [(tensor, tensor.grad) for tensor in found]
    try:
        yield found
    finally:
        for tensor, grad in kept:
            tensor.grad = grad


def retaining() -> list[Tensor]:
    """Every living tensor that was asked to retain its gradient.

    An object refers to its class: that finds tensors alone. Holding all objects, if only for a moment, breaks
    those that another thread is just building."""
    classes = _classes(Tensor)
    kinds = frozenset(classes)
    found = [one for one in gc.get_referrers(*classes) if type(one) in kinds]
    with torch._C.DisableTorchFunctionSubclass():  # nobody's subclass hears of it
        return [tensor for tensor in found if tensor.retains_grad]


def _classes(kind: type) -> list[type]:
    found = [kind]
    for one in found:  # grows while it is read
        found.extend(set(type.__subclasses__(one)).difference(found))
    return found
