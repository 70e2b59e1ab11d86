"""Record one backward pass of the engine: what arrives at every function and what it hands on.

A hook on every function sees, in the engine's own order, the accumulated
upstream gradient and the contribution of each slot. Nothing is recomputed, and
nothing is kept but plain values: a gradient lives no longer than the engine needs it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from torch import Tensor

from vizgraph.engine.recording.walk import Function
from vizgraph.model import Value

Freeze: TypeAlias = Callable[[Tensor], Value]
Hear: TypeAlias = Callable[[Function, Sequence[Tensor | None], Sequence[Tensor | None]], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One function that ran: ``upstream`` per result, ``contributions`` per slot, as the engine held them."""

    function: Function
    upstream: tuple[Value | None, ...]
    contributions: tuple[Value | None, ...]


@dataclass(slots=True)
class Listener:
    """Freezes what the hooks hear.

    What one edge delivers alone is the very tensor that arrives: ``_sent`` keeps it until then, so that
    it is frozen once. Where a second one meets it, the engine adds them, and there is a new tensor.
    """

    freeze: Freeze
    events: list[Event] = field(default_factory=list)
    _sent: dict[tuple[Function, int], tuple[Tensor, Value] | None] = field(default_factory=dict)

    def hear(
        self, function: Function, contributions: Sequence[Tensor | None], upstream: Sequence[Tensor | None]
    ) -> None:
        arrived = tuple(self._arrived(function, result, tensor) for result, tensor in enumerate(upstream))
        delivered: list[Value | None] = []
        sources = function.next_functions
        for slot, tensor in enumerate(contributions):
            value = None
            if tensor is not None:
                same = next((v for t, v in zip(upstream, arrived, strict=True) if t is tensor), None)
                value = same or self.freeze(tensor)
                source = sources[slot] if slot < len(sources) else (None, 0)
                if source[0] is not None:
                    self._sent[source] = None if source in self._sent else (tensor, value)
            delivered.append(value)
        self.events.append(Event(function, arrived, tuple(delivered)))

    def arrived(self, function: Function, tensor: Tensor | None) -> Value | None:
        """What a leaf was handed over at the end of the pass."""
        return self._arrived(function, 0, tensor)

    def _arrived(self, function: Function, result: int, tensor: Tensor | None) -> Value | None:
        sent = self._sent.pop((function, result), None)
        if tensor is None:
            return None
        return sent[1] if sent is not None and sent[0] is tensor else self.freeze(tensor)


def record(functions: Sequence[Function], backward: Callable[[], None], hear: Hear) -> None:
    """Run ``backward`` and let ``hear`` know of each function as it runs: contributions and upstream."""

    def listen(function: Function) -> Callable[..., None]:
        def hook(contributions: tuple[Tensor | None, ...], upstream: tuple[Tensor | None, ...]) -> None:
            hear(function, contributions, upstream)

        return hook

    handles = [function.register_hook(listen(function)) for function in functions]
    try:
        with no_collection():
            backward()
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def no_collection() -> Iterator[None]:
    """Pause Python's garbage collector: above 10,000 functions it doubles the cost of recording."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
