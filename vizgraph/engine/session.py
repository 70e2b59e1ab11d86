"""Run the autograd calls of a program and record every backward pass.

A pass is kept as it happened (`Recording`); `assemble` gives it ids.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.backward import Event, record
from vizgraph.engine.gate import TooLarge
from vizgraph.engine.local import local_jacobians
from vizgraph.engine.recorder import Recorder
from vizgraph.engine.walk import Function, is_leaf, root_of, walk
from vizgraph.model import Jacobian, Matrix, Span, Value


@dataclass(slots=True)
class Recording:
    """One pass with its functions still being autograd's, its numbers already frozen."""

    span: Span | None
    roots: list[tuple[Function, int]]
    functions: list[Function]
    seeds: list[Value]
    steps: list[tuple[Function, list[Value | None], list[Value | None]]] = field(default_factory=list)
    locals: dict[tuple[Function, int], Matrix] = field(default_factory=dict)
    accumulations: list[tuple[Tensor, Value, Value | None, Value | None]] = field(default_factory=list)
    jacobian: Jacobian | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The program itself wrote the ``.grad`` of a leaf."""

    leaf: Tensor
    passes: int
    how: str
    before: Value | None
    after: Value | None
    span: Span | None


class Session:
    """The backward side of a run, as it happens."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.recordings: list[Recording] = []
        self.rewrites: list[Rewrite] = []
        self._leaves: list[Tensor] = []
        self._freeze = recorder.freeze

    def backward(
        self,
        tensors: Sequence[Tensor],
        gradients: Sequence[Tensor | None],
        span: Span | None,
        *,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Do what torch.autograd.backward does, raising what it raises, and keep what happened."""

        def call() -> None:
            torch.autograd.backward(
                tensors, gradients, retain_graph=retain_graph, create_graph=create_graph, inputs=inputs
            )

        recording = self._open(tensors, gradients, span)
        if recording is None:
            call()
            return
        leaves = [function.variable for function in recording.functions if is_leaf(function)]
        before = [self.gradient(leaf) for leaf in leaves]
        events: list[Event] = []
        try:
            record(recording.functions, call, events)
        finally:
            self._close(recording, events, leaves, before)

    def gradients(self, tensors: Sequence[Tensor], seeds: Sequence[Tensor]) -> None:
        """Run a pass that hands the leaves' gradients over and writes no ``.grad``; the graph is retained."""
        roots = [root_of(tensor) for tensor in tensors]
        functions = walk(root for root, _ in roots)
        recording = Recording(None, roots, functions, [self._freeze(seed) for seed in seeds])
        recording.locals = local_jacobians(functions)
        accumulators = [function for function in functions if is_leaf(function)]
        leaves = [function.variable for function in accumulators]
        before = [self.gradient(leaf) for leaf in leaves]
        arrived: list[Tensor | None] = []

        def call() -> None:
            arrived.extend(torch.autograd.grad(tensors, leaves, seeds, retain_graph=True, allow_unused=True))

        events: list[Event] = []
        try:
            record([function for function in functions if not is_leaf(function)], call, events)
        finally:
            handed = dict(zip(accumulators, arrived, strict=False))
            self._close(recording, _with_leaves(events, handed), leaves, before)

    def gradient(self, leaf: Tensor | None) -> Value | None:
        """Return the ``.grad`` of a leaf now."""
        return None if leaf is None or leaf.grad is None else self._freeze(leaf.grad)

    def rewriting(self, gradient: Any) -> Tensor | None:
        """Return the leaf whose ``.grad`` this tensor is, if it is one."""
        for leaf in self._leaves if isinstance(gradient, Tensor) else ():
            if leaf.grad is not None and (leaf.grad is gradient or leaf.grad.data_ptr() == gradient.data_ptr()):
                return leaf
        return None

    def rewrite(self, leaf: Tensor, before: Value | None, how: str, span: Span | None) -> None:
        """Keep that the program changed ``leaf.grad`` by itself."""
        after = self.gradient(leaf)
        if before != after:
            self.rewrites.append(Rewrite(leaf, len(self.recordings), how, before, after, span))

    def _open(
        self, tensors: Sequence[Tensor], gradients: Sequence[Tensor | None], span: Span | None
    ) -> Recording | None:
        """Look at the graph before the pass, which may free it; None where torch will refuse the call."""
        if not tensors or not all(tensor.requires_grad for tensor in tensors):
            return None
        if len(self.recordings) >= limits.PASSES:
            raise TooLarge(f"the program calls backward more than {limits.PASSES} times")
        seeds = [_seed(t, g) for t, g in zip(tensors, gradients, strict=True)]
        if any(seed is None for seed in seeds):
            return None
        roots = [root_of(tensor) for tensor in tensors]
        functions = walk(root for root, _ in roots)
        recording = Recording(span, roots, functions, [self._freeze(seed) for seed in seeds if seed is not None])
        recording.locals = local_jacobians(functions)
        recording.jacobian = self._jacobian(tensors, functions)
        return recording

    def _close(
        self, recording: Recording, events: list[Event], leaves: list[Tensor], before: list[Value | None]
    ) -> None:
        frozen: dict[int, Value] = {}  # one tensor is often the upstream here and the contribution there

        def value(tensor: Tensor | None) -> Value | None:
            if tensor is None:
                return None
            if id(tensor) not in frozen:
                frozen[id(tensor)] = self._freeze(tensor)
            return frozen[id(tensor)]

        arrived: dict[Function, Value] = {}
        for event in events:
            upstream = [value(gradient) for gradient in event.upstream]
            recording.steps.append((event.function, upstream, [value(c) for c in event.contributions]))
            if is_leaf(event.function) and upstream and upstream[0] is not None:
                arrived[event.function] = upstream[0]
        functions = [function for function in recording.functions if is_leaf(function)]
        for function, leaf, old in zip(functions, leaves, before, strict=True):
            if function in arrived:
                recording.accumulations.append((leaf, arrived[function], old, self.gradient(leaf)))
        known = {id(leaf) for leaf in self._leaves}
        self._leaves.extend(leaf for leaf in leaves if id(leaf) not in known)
        self.recordings.append(recording)

    def _jacobian(self, tensors: Sequence[Tensor], functions: Sequence[Function]) -> Jacobian | None:
        """Return d(outputs)/d(leaves) by one extra pass of torch's engine per output entry, where it is small."""
        leaves = [function.variable for function in functions if is_leaf(function)]
        if not leaves or any(isinstance(f, torch.autograd.function.BackwardCFunction) for f in functions):
            return None
        rows, columns = sum(t.numel() for t in tensors), sum(leaf.numel() for leaf in leaves)
        if not 0 < rows <= limits.JACOBIAN_ROWS or rows * columns > limits.JACOBIAN_ENTRIES:
            return None
        entries: list[float] = []
        try:
            for unit in _units(tensors):
                gradients = torch.autograd.grad(
                    list(tensors), leaves, unit, retain_graph=True, allow_unused=True, materialize_grads=True
                )
                for gradient in gradients:
                    entries.extend(gradient.reshape(-1).tolist())
        except Exception:  # what is wrong with this graph, the pass itself will say
            return None
        labels = tuple(label for t in tensors for label in self._labels(t))
        names = tuple(label for leaf in leaves for label in self._labels(leaf))
        return Jacobian(labels, names, Matrix(rows, columns, tuple(entries)))

    def _labels(self, tensor: Tensor) -> list[str]:
        entry = self.recorder.made(tensor).entry
        name = entry.name or entry.expression or "output"
        if tensor.dim() == 0:
            return [name]
        return [f"{name}[{', '.join(map(str, index))}]" for index in _indices(tuple(tensor.shape))]


def _with_leaves(events: Sequence[Event], arrived: Mapping[Function, Tensor | None]) -> list[Event]:
    """Add the leaves' own events, each right after its last contribution: there the engine would run it."""
    last: dict[Function, int] = {}
    for place, event in enumerate(events):
        for source, _ in event.function.next_functions:
            if source in arrived:
                last[source] = place
    due: dict[int, list[Event]] = {}
    for function, place in last.items():
        if arrived[function] is not None:
            due.setdefault(place, []).append(Event(function, (arrived[function],), ()))
    alone = [Event(f, (g,), ()) for f, g in arrived.items() if f not in last and g is not None]
    return [*(e for place, event in enumerate(events) for e in (event, *due.get(place, ()))), *alone]


def _seed(tensor: Tensor, gradient: Tensor | None) -> Tensor | None:
    """The upstream gradient that backward will place; None where torch will refuse it."""
    if gradient is None:
        return torch.ones_like(tensor) if tensor.numel() == 1 else None
    return gradient if gradient.shape == tensor.shape else None


def _units(tensors: Sequence[Tensor]) -> list[list[Tensor]]:
    units = []
    for chosen, tensor in enumerate(tensors):
        for row in range(tensor.numel()):
            seeds = [torch.zeros_like(other, memory_format=torch.contiguous_format) for other in tensors]
            seeds[chosen].view(-1)[row] = 1
            units.append([seed.detach() for seed in seeds])
    return units


def _indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    indices: list[tuple[int, ...]] = []
    for flat in range(math.prod(shape)):
        index = []
        for size in reversed(shape):
            flat, place = divmod(flat, size)
            index.append(place)
        indices.append(tuple(reversed(index)))
    return indices
