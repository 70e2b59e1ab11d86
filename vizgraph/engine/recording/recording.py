"""Keep one backward pass as it happened: its functions still autograd's, its numbers already frozen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from vizgraph.engine.recording.backward import Event, Listener
from vizgraph.engine.recording.units import Units
from vizgraph.engine.recording.walk import Function, is_leaf, root_of, walk
from vizgraph.model import Jacobian, Matrix, Span, Value


@dataclass(slots=True)
class Recording:
    """One pass; ``before`` holds the ``.grad`` of its leaves as it was before, one for each accumulator."""

    span: Span | None
    roots: list[tuple[Function, int]]
    functions: list[Function]
    seeds: list[Value]
    before: dict[Function, Value | None]
    number: int = 1  # which call of backward it was
    live: bool = False  # it was run for live code, whose hooks are not to run once more
    locals: dict[tuple[Function, int], Matrix] = field(default_factory=dict)
    jacobian: Jacobian | None = None
    units: Units | None = None
    steps: list[tuple[Function, tuple[Value | None, ...], tuple[Value | None, ...]]] = field(default_factory=list)
    hooked: dict[Function, tuple[Value | None, ...]] = field(default_factory=dict)  # before a hook changed them
    placed: Sequence[Tensor] = ()
    writes: dict[Function, tuple[str, str | None]] = field(default_factory=dict)
    failing: Function | None = None
    accumulations: list[tuple[Tensor, Value, Value | None, Value | None]] = field(default_factory=list)

    @classmethod
    def opened(
        cls,
        tensors: Sequence[Tensor],
        seeds: Sequence[Tensor],
        span: Span | None,
        freeze: Callable[[Tensor], Value],
        functions: list[Function] | None = None,
        number: int = 1,
    ) -> Recording:
        """Look at the graph before the pass, which may free it; ``functions`` are what a walk has found already."""
        roots = [root_of(tensor) for tensor in tensors]
        functions = walk(root for root, _ in roots) if functions is None else functions
        grads = {function: function.variable.grad for function in functions if is_leaf(function)}
        before = {function: None if grad is None else freeze(grad) for function, grad in grads.items()}
        return cls(span, roots, functions, [freeze(seed) for seed in seeds], before, number, placed=seeds)

    @property
    def leaves(self) -> list[Tensor]:
        return [function.variable for function in self.before]

    @property
    def begun(self) -> frozenset[Function]:
        """The functions at which it begins."""
        return frozenset(root for root, _ in self.roots)

    def listener(self, freeze: Callable[[Tensor], Value]) -> Listener:
        """One that knows what is placed on the outputs."""
        listener = Listener(freeze)
        for root, seed in zip(self.roots, self.placed, strict=True):
            listener.seed(root, seed)
        return listener

    def keep(self, events: Sequence[Event], freeze: Callable[[Tensor], Value]) -> None:
        """Keep what the engine did, and what became of the ``.grad`` of every leaf that was reached."""
        for event in events:
            self.steps.append((event.function, event.upstream, event.contributions))
            if event.before:
                self.hooked[event.function] = event.before
            arrived = event.upstream[0] if event.upstream else None
            if event.function in self.before and arrived is not None:
                leaf = event.function.variable
                after = None if leaf.grad is None else freeze(leaf.grad)
                self.accumulations.append((leaf, arrived, self.before[event.function], after))


def with_inputs(events: Sequence[Event], arrived: Sequence[Event]) -> list[Event]:
    """Add the events of functions whose gradient was handed over instead of being used: torch runs none for those.

    Each stands right after the last contribution to it: there the engine would run it."""
    ran = {event.function for event in events}
    targets = {event.function for event in arrived}
    last: dict[Function, int] = {}
    for place, event in enumerate(events):
        for source, _ in event.function.next_functions:
            if source in targets:
                last[source] = place
    due: dict[int, list[Event]] = {}
    for event in arrived:
        if event.function not in ran:
            due.setdefault(last.get(event.function, -1), []).append(event)
    told = list(due.get(-1, ()))
    for place, event in enumerate(events):
        told.extend((event, *due.get(place, ())))
    return told
