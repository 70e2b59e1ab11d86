"""Hear the passes that watched code runs by itself, and find them again in the graph that is traced.

Nothing runs that the code does not run, and nothing of its graph is kept alive: a pass is kept by the numbers that
autograd gives its functions, and by the places of its leaves.
"""

from __future__ import annotations

import inspect
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.recording.backward import record
from vizgraph.engine.recording.freeze import freeze
from vizgraph.engine.recording.places import Place
from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.release import Landings
from vizgraph.engine.recording.session import handed_over, seed_of
from vizgraph.engine.recording.walk import Function, has_history, is_leaf, root_of, walk
from vizgraph.engine.recording.writes import looked_at
from vizgraph.model import Value

# what begins the pass, and with which seeds
PASSES: Final[Mapping[Any, tuple[str, str]]] = {
    Tensor.backward: ("self", "gradient"),
    torch.autograd.backward: ("tensors", "grad_tensors"),
    torch.autograd.grad: ("outputs", "grad_outputs"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording with a number in place of every function and leaf, until a graph has them again."""

    recording: Recording
    leaves: tuple[weakref.ref[Tensor], ...]

    def found(self, functions: Mapping[int, Function]) -> Recording | None:
        """The recording in a graph that holds all of it, else nothing."""
        numbers = [*(number for number, _ in self.recording.roots), *(step[0] for step in self.recording.steps)]
        if any(number not in functions for number in numbers) or any(leaf() is None for leaf in self.leaves):
            return None
        again = _renamed(self.recording, functions.__getitem__, lambda number: functions[number].variable)
        return replace(again, functions=list(functions.values()))


class Calls:
    """The passes of the code so far: of many the last."""

    def __init__(self, max_entries: int, landings: Landings) -> None:
        self._max_entries, self._landings = max_entries, landings
        self._kept: deque[Kept] = deque(maxlen=limits.PASSES)
        self._count = 0

    def run(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any], place: Place | None) -> Any:
        """Do what the code does, and hear it; what torch refuses it refuses as ever."""
        self._count += 1
        try:
            given = inspect.signature(function).bind(*args, **kwargs).arguments
            tensors, seeds = (_listed(given.get(name)) for name in PASSES[function])
            hands_over = function is torch.autograd.grad
            with torch._C.DisableTorchFunctionSubclass():  # nobody's subclass hears that it is looked at
                targets = [root_of(one)[0] for one in _listed(given["inputs"])] if hands_over else []
                recording = self._opened(tensors, seeds, place)
        except Exception:  # what is wrong, torch will say; inside of a transform there is no graph to see
            recording = None
        if recording is None:
            return function(*args, **kwargs)
        heard = [one for one in recording.functions if not (hands_over and is_leaf(one))]
        listener, returned, deaf = recording.listener(self._freeze), [], False

        def hear(*event: Any) -> None:
            nonlocal deaf
            try:
                listener.hear(*event)
            except Exception:  # it is the code's own pass: that goes on
                deaf = True

        with looked_at(heard) as recording.writes:
            record(heard, lambda: returned.append(function(*args, **kwargs)), hear, recording.begun)
        if not deaf:
            with torch._C.DisableTorchFunctionSubclass():
                recording.keep(handed_over(listener, targets, returned[0] or ()), self._freeze)
            self._kept.append(_kept(recording))
        return returned[0]

    def within(self, functions: Sequence[Function]) -> list[Recording]:
        """The passes that ran in this graph and nowhere else, in their order."""
        numbered = {_number(function): function for function in functions} if self._kept else {}
        found = [kept.found(numbered) for kept in self._kept]
        return [recording for recording in found if recording is not None]

    def begins_at(self, tensor: Tensor) -> bool:
        """Whether one of them began at this tensor."""
        root, result = root_of(tensor)
        return any((_number(root), result) in kept.recording.roots for kept in self._kept)

    def _opened(self, tensors: Sequence[Any], given: Sequence[Any], place: Place | None) -> Recording | None:
        """Look at the graph before the pass, which may free it; None where torch will refuse it."""
        placed = [seed for pair in zip_longest(tensors, given) if (seed := seed_of(*pair)) is not None]
        if not all(map(has_history, tensors)) or not 0 < len(tensors) == len(placed):
            return None
        functions = walk(root_of(tensor)[0] for tensor in tensors)
        self._landings.place(functions)
        span = place.span if place is not None else None
        return Recording.opened(tensors, placed, span, self._freeze, functions, self._count)

    def _freeze(self, tensor: Tensor) -> Value:
        return freeze(tensor, self._max_entries)


def _kept(recording: Recording) -> Kept:
    numbers = {id(function.variable): _number(function) for function in recording.before}
    plain = _renamed(recording, _number, lambda leaf: numbers[id(leaf)])
    return Kept(plain, tuple(weakref.ref(leaf) for leaf in recording.leaves))


def _renamed(recording: Recording, name: Callable[[Any], Any], name_leaf: Callable[[Any], Any]) -> Recording:
    """The same with other things in place of functions and leaves, and none of the tensors."""
    return replace(
        recording,
        roots=[(name(root), result) for root, result in recording.roots],
        functions=[],
        before={},
        placed=(),
        steps=[(name(step[0]), *step[1:]) for step in recording.steps],
        hooked={name(function): values for function, values in recording.hooked.items()},
        writes={name(function): write for function, write in recording.writes.items()},
        accumulations=[(name_leaf(done[0]), *done[1:]) for done in recording.accumulations],
    )


def _number(function: Function) -> int:
    """Autograd's number of a function; of a leaf, which has none, the place of the tensor below zero."""
    number: int = -id(function.variable) if is_leaf(function) else function._sequence_nr()
    return number


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return [given] if isinstance(given, Tensor) else list(given)
