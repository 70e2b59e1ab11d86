"""Record one backward pass of the engine: what arrives at every function and what it hands on.

A hook on every function sees, in the engine's own order, the accumulated
upstream gradient and the contribution of each slot. Nothing is recomputed, and
nothing is kept but plain values: a gradient lives no longer than the engine needs it.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import torch
from torch import Tensor
from torch.utils.hooks import RemovableHandle

from vizgraph import limits
from vizgraph.engine.recording.walk import Function
from vizgraph.model import Value

Freeze: TypeAlias = Callable[[Tensor], Value]
_number_of_pass: Final[Callable[[], int]] = torch._C._current_graph_task_id
Hear: TypeAlias = Callable[[Function, Sequence[Tensor | None], Sequence[Tensor | None]], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One function that ran: ``upstream`` per result, ``contributions`` per slot, as the engine held them."""

    function: Function
    upstream: tuple[Value | None, ...]
    contributions: tuple[Value | None, ...]
    before: tuple[Value | None, ...] = ()  # a hook changed the gradient: what had arrived


@dataclass(slots=True)
class Listener:
    """Freezes what the hooks hear.

    What one edge delivers alone is the very tensor that arrives: ``_sent`` keeps it until then, so that
    it is frozen once. Where a second one meets it, the engine adds them, and there is a new tensor; a small
    sum is made here too. What arrives and is something else was changed by a hook.
    """

    freeze: Freeze
    events: list[Event] = field(default_factory=list)
    _sent: dict[tuple[Function, int], tuple[Tensor, Value | None] | None] = field(default_factory=dict)

    def hear(
        self, function: Function, contributions: Sequence[Tensor | None], upstream: Sequence[Tensor | None]
    ) -> None:
        sent = [self._sent.pop((function, result), None) for result in range(len(upstream))]
        arrived = tuple(map(self._arrived, sent, upstream))
        before = tuple(map(self._before, sent, arrived))
        delivered: list[Value | None] = [None] * len(contributions)
        sources = function.next_functions
        for slot, tensor in enumerate(contributions):
            if tensor is None:
                continue
            value = None
            for given, known in zip(upstream, arrived, strict=True):
                if given is tensor:
                    value = known
            value = delivered[slot] = value or self.freeze(tensor)
            if slot < len(sources) and sources[slot][0] is not None:
                self._send(sources[slot], tensor, value)
        self.events.append(Event(function, arrived, tuple(delivered), before if any(before) else ()))

    def seed(self, root: tuple[Function, int], tensor: Tensor) -> None:
        """What is placed on an output arrives there, too."""
        self._send(root, tensor, None)

    def handed_over(self, function: Function, tensor: Tensor | None) -> Event | None:
        """The event of a function whose gradient was handed over at the end of the pass."""
        sent = self._sent.pop((function, 0), None)
        arrived = self._arrived(sent, tensor)
        before = self._before(sent, arrived)
        return Event(function, (arrived,), (), (before,) if before else ()) if arrived is not None else None

    def _send(self, place: tuple[Function, int], tensor: Tensor, value: Value | None) -> None:
        if place not in self._sent:
            self._sent[place] = (tensor, value)
            return
        first = self._sent[place]
        self._sent[place] = (first[0].detach() + tensor.detach(), None) if first and _is_small(tensor) else None

    def _arrived(self, sent: tuple[Tensor, Value | None] | None, tensor: Tensor | None) -> Value | None:
        if tensor is None:
            return None
        return sent[1] if sent and sent[1] and sent[0] is tensor else self.freeze(tensor)

    def _before(self, sent: tuple[Tensor, Value | None] | None, arrived: Value | None) -> Value | None:
        """What had arrived before a hook made something else of it; None where nothing did."""
        if sent is None or arrived is None or sent[1] is arrived:
            return None
        value = sent[1] or self.freeze(sent[0])
        return None if repr(value) == repr(arrived) else value  # nan is nan


def _is_small(tensor: Tensor) -> bool:
    return tensor.layout is torch.strided and not tensor.is_nested and tensor.numel() <= limits.ENTRIES


def record(
    functions: Sequence[Function], backward: Callable[[], None], hear: Hear, roots: Collection[Function]
) -> None:
    """Run ``backward`` and let ``hear`` know of each function as it runs: contributions and upstream.

    Another pass may run through the same functions meanwhile, begun by a hook or in another thread. The engine numbers
    its passes, and this one is the first that begins at the ``roots``."""
    ours: int | None = None
    thread = threading.get_ident()

    def listen(function: Function) -> Callable[..., None]:
        begins = function in roots

        def hook(contributions: tuple[Tensor | None, ...], upstream: tuple[Tensor | None, ...]) -> None:
            nonlocal ours
            number = _number_of_pass()
            if begins and ours is None and (threading.get_ident() == thread or not _runs_here(function)):
                ours = number
            if number == ours:
                hear(function, contributions, upstream)

        return hook

    handles: list[RemovableHandle] = []
    try:
        handles.extend(function.register_hook(listen(function)) for function in functions)
        with no_collection():
            backward()
    finally:
        _remove(handles)


def _remove(handles: list[RemovableHandle]) -> None:
    """Take our hooks off again, also when somebody who waits presses Ctrl-C just then."""
    try:
        while handles:
            handles[-1].remove()
            handles.pop()
    finally:
        if handles:
            _remove(handles)


def _runs_here(function: Function) -> bool:
    """Whether the thread that begins a pass runs the function: other devices have threads of their own."""
    return all(metadata.device.type == "cpu" for metadata in function._input_metadata)


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
