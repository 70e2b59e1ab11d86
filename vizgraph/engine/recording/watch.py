"""Watch ordinary code while it runs: which line and which module made each autograd function, and its value.

Autograd numbers the functions that a thread makes. A step of torch that began at number 7 and ended at 9 made 7
and 8: nothing needs to be walked, kept alive or compared. A custom function has its number before its forward runs.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from vizgraph import limits
from vizgraph.engine.recording import places
from vizgraph.engine.recording.cuts import Cuts
from vizgraph.engine.recording.entries import tensors_in
from vizgraph.engine.recording.freeze import freeze
from vizgraph.engine.recording.modules import Modules
from vizgraph.engine.recording.own import PASSES, Calls
from vizgraph.engine.recording.places import Place
from vizgraph.engine.recording.release import Landings
from vizgraph.engine.recording.walk import Function, has_history, is_leaf, root_of, walk
from vizgraph.errors import VizgraphError
from vizgraph.model import Value

_next: Final[Callable[[], int]] = torch.autograd._get_sequence_nr  # type: ignore[attr-defined]
SWITCH: Final = torch._C._set_grad_enabled
WRITES: Final = frozenset({Tensor.__setitem__})  # what returns nothing and changes its first operand


@dataclass(frozen=True, slots=True)
class Mark:
    """The functions from number ``first`` to before ``end`` were made at one place."""

    first: int
    end: int
    place: Place | None
    module: str | None
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one function was made, and what it gave there; ``name`` is the variable that took it,
    ``expression`` what is written there, of the last step that the place took.

    ``backward_of`` is the number of the function whose own backward made it, in a pass that creates a graph."""

    place: Place | None
    module: str | None
    name: str | None
    expression: str
    values: tuple[Value, ...]
    backward_of: int | None
    call: str | None
    version: int | None
    results: tuple[tuple[int, Value, str | None], ...] = ()  # of a function with several: number, value, variable
    given: tuple[Value, ...] = ()  # where the result is not finite: the operands without history that are not, either


class Watch(TorchFunctionMode):
    """Everything that the code inside of a ``with`` block makes in this thread."""

    def __init__(self, model: nn.Module | None = None, max_entries: int = limits.ENTRIES) -> None:
        super().__init__()
        if not (model is None or isinstance(model, nn.Module)):
            raise VizgraphError(
                f"record can not watch {type(model).__name__}",
                hint="give the module that is called, or nothing: record()",
            )
        self.max_entries = max_entries
        self.modules = Modules(model)
        self._marks: list[Mark] = []
        self._values: dict[int, list[tuple[int, Value]]] = {}  # of each function, with the number of the result
        self._versions: dict[int, int] = {}
        self._given: dict[int, tuple[Value, ...]] = {}
        self._second: list[tuple[int, int, int]] = []  # first and end number, and of which function's backward
        self._landings = Landings()
        self.passes = Calls(max_entries, self._landings)  # that the code runs by itself
        self.cuts = Cuts()
        self._last = 0

    def __enter__(self) -> Watch:
        self.modules.listen()
        self._last = _next()
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        self.modules.stop()

    def __torch_function__(
        self, function: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        if torch.compiler.is_compiling() or torch._C._is_tracing():  # they would take what we do for the program
            return function(*args, **(kwargs or {}))
        first = _next()
        if first > self._last:
            self._mark(self._last, first, places.application(sys._getframe(1)))
        with self._second_layer(function, args, kwargs or {}):
            if function in PASSES:
                result = self.passes.run(function, args, kwargs or {}, places.place(sys._getframe(1)))
            else:
                result = function(*args, **(kwargs or {}))
        self._last = _next()
        if self._last > first:
            self._mark(first, self._last, places.place(sys._getframe(1)), getattr(function, "__name__", None))
            with torch._C.DisableTorchFunctionSubclass():  # nobody's subclass hears that it is looked at
                self._keep(args[0] if function in WRITES else result, first, (*args, *(kwargs or {}).values()))
            self._last = _next()
        elif function is SWITCH:
            self.cuts.switched(bool(args[0]), lambda: places.place(sys._getframe(1)))
        if self._last == first or self.cuts.seen or isinstance(result, tuple):
            self._shade(function, (*args, *(kwargs or {}).values()), result, first)
        return result

    def _shade(self, function: Any, operands: Sequence[Any], result: Any, first: int) -> None:
        """Tell the cuts what was done; nobody's subclass hears of it, and what is no plain tensor has none."""
        frame = sys._getframe(2)
        with torch._C.DisableTorchFunctionSubclass(), suppress(AttributeError, RuntimeError, NotImplementedError):
            if self._last > first:
                self.cuts.used(operands, first, self._last)
            if self._last == first or isinstance(result, tuple):
                self.cuts.happened(function, operands, result, lambda: places.place(frame), self.modules.path)

    def origin(self, function: Function) -> Origin | None:
        """Where a function was made; None for one that was made outside of the block."""
        if is_leaf(function) or not self._marks:
            return None
        number = function._sequence_nr()
        found = bisect_right(self._marks, number, key=lambda mark: mark.first) - 1
        mark = self._marks[found]
        if found < 0 or number >= mark.end:
            return None
        kept = self._values.get(number, ())
        values = tuple(value for _, value in kept)
        is_result = len(values) == 1 or (not values and number == mark.end - 1)
        place = self._last_at(found) if is_result else None
        name, expression = (place.variable, place.text) if place is not None else (None, "")
        version, backward_of = self._versions.get(number), self._backward_of(number)
        given = self._given.get(number, ())
        results = self._named(mark, number, kept) if len(function._input_metadata) > 1 else ()
        return Origin(
            mark.place, mark.module, name, expression, values, backward_of, mark.call, version, results, given
        )

    def _named(
        self, mark: Mark, number: int, kept: Sequence[tuple[int, Value]]
    ) -> tuple[tuple[int, Value, str | None], ...]:
        """The results of a function with several, with the variables that took them, where each has one."""
        names = mark.place.variables if mark.place is not None and number == mark.end - 1 else ()
        return tuple((result, value, names[result] if result < len(names) else None) for result, value in kept)

    def _backward_of(self, number: int) -> int | None:
        found = bisect_right(self._second, number, key=lambda made: made[0]) - 1
        return self._second[found][2] if found >= 0 and number < self._second[found][1] else None

    @contextmanager
    def _second_layer(self, function: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[None]:
        """Hear, in a pass that creates a graph, which function's backward makes which functions of it."""
        if function not in PASSES or not kwargs.get("create_graph"):
            yield
            return
        last = _next()

        def listen(one: Function) -> Callable[..., None]:
            def hook(*_: Any) -> None:
                nonlocal last
                end = _next()
                if end > last:
                    self._second.append((last, end, one._sequence_nr()))
                last = end

            return hook

        functions = self._behind(args[0])
        handles = [one.register_hook(listen(one)) for one in functions if not is_leaf(one)]
        last = _next()
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _behind(self, tensors: Any) -> list[Function]:
        """The graph behind some tensors; inside of a transform there is none that can be seen."""
        try:
            with torch._C.DisableTorchFunctionSubclass():
                functions = walk([root_of(tensor)[0] for tensor in tensors_in(tensors) if has_history(tensor)])
        except (AttributeError, RuntimeError):
            return []
        self._landings.place(functions)
        return functions

    def _mark(self, first: int, end: int, place: Place | None, call: str | None = None) -> None:
        self._marks.append(Mark(first, end, place, self.modules.path, call))

    def _last_at(self, found: int) -> Place | None:
        """The place of a mark, for the last of the steps that were taken there: that gave the value of the line."""
        place = self._marks[found].place
        following = self._marks[found + 1].place if found + 1 < len(self._marks) else None
        return None if place == following else place

    def _keep(self, result: Any, first: int, operands: Any) -> None:
        """Freeze what was made just now: it may be overwritten by the next step."""
        for tensor in tensors_in(result):
            function = tensor.grad_fn
            if function is not None and function._sequence_nr() >= first:
                number = function._sequence_nr()
                self._landings.reach(function)
                value = freeze(tensor, self.max_entries)
                self._values.setdefault(number, []).append((tensor.output_nr, value))
                if not value.finite:
                    given = (freeze(one, self.max_entries) for one in tensors_in(operands) if not one.requires_grad)
                    self._given[number] = tuple(one for one in given if not one.finite)
                if tensor._version:
                    self._versions[number] = tensor._version
