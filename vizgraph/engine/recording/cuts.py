"""Notice where code that is watched ends a history: detach, no_grad, whole numbers, copies, numbers taken out of torch.

Autograd keeps nothing of what has no history. Here every step without one leaves a shadow: the steps before it, the
functions whose history it ended, and the functions that used its result. No tensor and no graph is kept alive: of a
graph behind a cut only the numbers are kept that autograd gave its functions.
"""

from __future__ import annotations

import re
import weakref
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph.engine.recording.entries import tensors_in
from vizgraph.engine.recording.places import Place
from vizgraph.engine.recording.walk import Function, has_history, is_leaf

TAKES: Final = frozenset("item tolist numpy __float__ __int__ __array__ __index__".split())
DETACHES: Final = frozenset("detach detach_ data".split())
COPIES: Final = frozenset("tensor as_tensor asarray".split())
LIKE: Final = re.compile(r"(zeros|ones|full|empty|rand|randn|randint)_like|new_\w+")
SAMPLE: Final = re.compile(r"\.sample\([^()]*\)$")
MOST: Final = 4096  # shadows: what is watched for hours does not fill the memory


@dataclass(frozen=True, slots=True)
class Shadow:
    """A step without history: why it has none, where it stands, which functions and shadows it was made of."""

    reason: str
    place: Place | None
    module: str | None
    block: Place | None  # of the no_grad
    sources: tuple[int, ...]
    inputs: tuple[int, ...]
    takes: bool = False  # a number left torch: nobody knows who uses it

    def why(self) -> str:
        return "sample" if self.reason == "no_grad" and self.place and SAMPLE.search(self.place.text) else self.reason


class Cuts:
    """The shadows of what is watched."""

    def __init__(self) -> None:
        self._shadows: list[Shadow] = []
        self._of: dict[int, tuple[weakref.ref[Tensor], int]] = {}  # by id: a result without history, and its shadow
        self._used: list[tuple[int, int, int]] = []  # functions from .. to before .. use the shadow ..
        self._leaves: list[weakref.ref[Tensor]] = []  # the leaf at place i has the key -1 - i
        self._keys: dict[int, int] = {}
        self._behind: dict[int, tuple[int, ...]] = {}  # by the number of a function: what its inputs are
        self._block: Place | None = None

    @property
    def seen(self) -> bool:
        """Whether there is a shadow that what comes may use."""
        return bool(self._of)

    def switched(self, enabled: bool, place: Callable[[], Place | None]) -> None:
        """Gradients were switched on or off."""
        self._block = None if enabled else self._block or place()

    def used(self, operands: Sequence[Any], first: int, end: int) -> None:
        """Functions were made; remember which shadows they use."""
        self._used.extend((first, end, shadow) for shadow in self._known(operands))

    def happened(
        self, function: Any, operands: Sequence[Any], result: Any, place: Callable[[], Place | None], module: str | None
    ) -> None:
        """No history was made of some results: keep a shadow, where the operands have one or are shadows themselves."""
        name = getattr(function, "__name__", "")
        if name == "__get__":
            name = getattr(function.__self__, "__name__", "")
        takes = name in TAKES
        results = [] if takes else [one for one in tensors_in(result) if not _goes_on(one, result)]
        if name == "grad" or not (takes or results) or len(self._shadows) >= MOST:
            return
        sources = tuple(self._key(one) for one in tensors_in(operands) if has_history(one))
        inputs = tuple(self._known(operands))
        if sources or inputs:
            block = None if torch.is_grad_enabled() else self._block
            reason = _reason(name, results)
            self._shadows.append(Shadow(reason, place(), module, block, sources, inputs, takes))
            for one in results:
                self._of[id(one)] = weakref.ref(one), len(self._shadows) - 1

    def ended(self, leaf: Tensor, functions: Sequence[Function]) -> Shadow | None:
        """The first step that ended the history of a leaf on its way to these functions; else where its number left."""
        key = self._keys.get(id(leaf))
        if key is None or self._leaves[-1 - key]() is not leaf:
            return None
        numbers = sorted(one._sequence_nr() for one in functions if not is_leaf(one))
        into = {shadow for first, end, shadow in self._used if _meets(numbers, first, end)}
        takes = {place for place, shadow in enumerate(self._shadows) if shadow.takes}
        for starts in (into, takes):
            found = [place for place in self._reached(starts) if key in self._spread(self._shadows[place].sources)]
            if found:
                shadow = self._shadows[min(found)]
                return shadow if starts is into else _taken(shadow)
        return None

    def _reached(self, starts: set[int]) -> set[int]:
        """The shadows that these were made of, over functions in between, too."""
        found: set[int] = set()
        pending = list(starts)
        while pending:
            place = pending.pop()
            if place not in found:
                found.add(place)
                shadow = self._shadows[place]
                pending.extend(shadow.inputs)
                numbers = sorted(key for key in self._spread(shadow.sources) if key >= 0)
                pending.extend(other for first, end, other in self._used if _meets(numbers, first, end))
        return found

    def _spread(self, keys: Sequence[int]) -> set[int]:
        """All functions and leaves behind some."""
        found: set[int] = set()
        pending = list(keys)
        while pending:
            key = pending.pop()
            if key not in found:
                found.add(key)
                pending.extend(self._behind.get(key, ()))
        return found

    def _known(self, operands: Sequence[Any]) -> Iterator[int]:
        for one in tensors_in(operands):
            reference, shadow = self._of.get(id(one), (None, 0))
            if reference is not None and reference() is one:
                yield shadow

    def _key(self, tensor: Tensor) -> int:
        """The number of the function that made a tensor, a negative one of a leaf; what is behind it is learnt."""
        if tensor.grad_fn is None:
            return self._leaf(tensor)
        pending: list[Function] = [tensor.grad_fn]
        while pending:
            function = pending.pop()
            number = function._sequence_nr()
            if number not in self._behind:
                inputs = [source for source, _ in function.next_functions if source is not None]
                self._behind[number] = tuple(
                    self._leaf(one.variable) if is_leaf(one) else one._sequence_nr() for one in inputs
                )
                pending.extend(one for one in inputs if not is_leaf(one))
        return int(tensor.grad_fn._sequence_nr())

    def _leaf(self, tensor: Tensor) -> int:
        key = self._keys.get(id(tensor))
        if key is None or self._leaves[-1 - key]() is not tensor:
            self._leaves.append(weakref.ref(tensor))
            key = self._keys[id(tensor)] = -len(self._leaves)
        return key


def _goes_on(one: Tensor, result: Any) -> bool:
    """Whether a result has a history; of several, one without beside one with it ends by its whole numbers only."""
    if isinstance(result, Tensor) or has_history(one):
        return has_history(one)
    return _has_slope(one) and any(map(has_history, tensors_in(result)))


def _has_slope(one: Tensor) -> bool:
    return one.is_floating_point() or one.is_complex()


def _reason(name: str, results: Sequence[Tensor]) -> str:
    if name in DETACHES:
        return "detach"
    if LIKE.fullmatch(name):
        return "like"
    if results and not any(map(_has_slope, results)):
        return "integer"
    if name in COPIES:
        return "copy"
    if any(one.is_inference() for one in results):
        return "inference"
    return "underived" if torch.is_grad_enabled() else "no_grad"


def _taken(shadow: Shadow) -> Shadow:
    """A number that left torch: nobody knows where it is used."""
    if not shadow.takes:
        return shadow
    return Shadow("taken", shadow.place, shadow.module, None, shadow.sources, shadow.inputs, takes=True)


def _meets(numbers: Sequence[int], first: int, end: int) -> bool:
    place = bisect_left(numbers, first)
    return place < len(numbers) and numbers[place] < end
