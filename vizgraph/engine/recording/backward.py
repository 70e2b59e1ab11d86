"""Record one backward pass of the engine: what arrives at every function and what it hands on.

A hook on every function sees, in the engine's own order, the accumulated
upstream gradient and the contribution of each slot. Nothing is recomputed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from torch import Tensor

from vizgraph.engine.recording.walk import Function


@dataclass(frozen=True, slots=True)
class Event:
    """One function that ran: ``upstream`` per result, ``contributions`` per slot, as the engine held them."""

    function: Function
    upstream: tuple[Tensor | None, ...]
    contributions: tuple[Tensor | None, ...]


def record(functions: Sequence[Function], backward: Callable[[], None], events: list[Event]) -> None:
    """Run ``backward`` and append an event for each function as it runs; an error leaves the events so far."""

    def listen(function: Function) -> Callable[..., None]:
        def hook(contributions: tuple[Tensor | None, ...], upstream: tuple[Tensor | None, ...]) -> None:
            events.append(Event(function, upstream, contributions))

        return hook

    handles = [function.register_hook(listen(function)) for function in functions]
    try:
        with _no_collection():
            backward()
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause Python's garbage collector: above 10,000 functions it doubles the cost of recording."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
