"""Run the autograd calls of a program and record every backward pass.

A pass is kept as it happened (`Recording`); `assemble` gives it ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge

from vizgraph import limits
from vizgraph.engine.recording.backward import Event, Listener, record
from vizgraph.engine.recording.calling import units_of_calls
from vizgraph.engine.recording.failing import failing
from vizgraph.engine.recording.gathering import at_rest
from vizgraph.engine.recording.jacobian import jacobian, labels
from vizgraph.engine.recording.local import local_jacobians
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.recording import Recording, with_inputs
from vizgraph.engine.recording.units import Units, units
from vizgraph.engine.recording.walk import Function, has_history, is_leaf, root_of
from vizgraph.engine.recording.writes import looked_at
from vizgraph.model import Jacobian, Span, Value


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
        self.hooked = False  # the program has hooks: a pass of ours would run them, so there is none
        self.passed = 0  # calls of backward so far, whether or not they are kept
        self.total: int | None = None  # as many as a first run had
        self.left_at: int | None = None  # the count at which a loop was left in a turn that is not kept
        self._leaves: dict[int, Tensor] = {}
        self._retained: list[Tensor] = []
        self.overridden = False  # of live code: in a pass its subclasses of tensors hear what is done, as ever
        self.retaining: frozenset[Function] = frozenset()  # of live code: whose results retain their gradient
        self._unit_numbers = 0  # that are kept of all passes

    # --- passes ------------------------------------------------------------

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
        listener = recording.listener(self.recorder.freeze)
        try:
            record(recording.functions, call, listener.hear, recording.begun)
        finally:
            self._close(recording, listener.events)
        if create_graph and len(tensors) == 1:
            self._derive(recording, tensors[0], gradients[0])

    def _derive(self, recording: Recording, output: Tensor, seed: Tensor | None) -> None:
        """Tell what each ``.grad`` is that this pass alone made, with a graph of its own."""
        for function, before in recording.before.items():
            made = function.variable.grad
            if before is None and made is not None and has_history(made):
                self.recorder.derived(made, output, function.variable, seed)

    def grad(
        self,
        tensors: Sequence[Tensor],
        inputs: Sequence[Tensor],
        seeds: Sequence[Tensor | None],
        span: Span | None,
        *,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        allow_unused: bool | None = None,
    ) -> tuple[Tensor | None, ...]:
        """Do what torch.autograd.grad does: the pass hands its gradients over and writes no ``.grad``."""
        found: list[Tensor | None] = []

        def call() -> None:
            found.extend(
                torch.autograd.grad(tensors, inputs, seeds, retain_graph, create_graph, allow_unused=allow_unused)
            )

        recording = self._open(tensors, seeds, span)
        if recording is None:
            call()
            return tuple(found)
        listener = recording.listener(self.recorder.freeze)
        targets = [root_of(tensor)[0] for tensor in inputs if has_history(tensor)]
        try:
            inner = [function for function in recording.functions if not is_leaf(function)]
            record(inner, call, listener.hear, recording.begun)
        finally:
            self._close(recording, handed_over(listener, targets, found))
        return tuple(found)

    def hand_over(self, tensors: Sequence[Tensor], seeds: Sequence[Tensor], functions: list[Function]) -> None:
        """Run a pass of live code over its functions: no ``.grad`` is written and the graph is retained."""
        self.count()
        recording = Recording.opened(tensors, seeds, None, self.recorder.freeze, functions, self.passed)
        recording.locals, recording.live = local_jacobians(recording.functions, live=True), True
        recording.units = units_of_calls(tensors, recording)
        found: list[Tensor | None] = []

        def call() -> None:
            leaves: list[Any] = [_handed(function) for function in recording.before]
            with torch._C._EnableTorchFunction() if self.overridden else nullcontext():
                found.extend(torch.autograd.grad(tensors, leaves, seeds, retain_graph=True, allow_unused=True))

        listener = recording.listener(self.recorder.freeze)
        try:
            with at_rest(recording.leaves), looked_at(functions) as recording.writes:
                inner = [function for function in functions if not is_leaf(function)]
                record(inner, call, listener.hear, recording.begun)
        except Exception as error:
            roots = [root for root, _ in recording.roots]
            recording.failing = failing(roots, recording.functions, listener.events, str(error))
            raise
        finally:
            self._close(recording, handed_over(listener, recording.before, found))

    def _open(
        self, tensors: Sequence[Tensor], gradients: Sequence[Tensor | None], span: Span | None
    ) -> Recording | None:
        """Prepare the recording of a call; None where torch will refuse it."""
        if not tensors or not all(isinstance(tensor, Tensor) and has_history(tensor) for tensor in tensors):
            return None
        if len(gradients) != len(tensors):
            return None
        placed = [seed_of(t, g) for t, g in zip(tensors, gradients, strict=True)]
        seeds = [seed for seed in placed if seed is not None]
        if len(seeds) < len(tensors):
            return None
        self.count()
        if self._is_full():
            self.left_at = self.passed
            return None
        recording = Recording.opened(tensors, seeds, span, self.recorder.freeze, number=self.passed)
        recording.locals = local_jacobians(recording.functions)
        if not self.hooked:
            with self._without_traces():
                recording.jacobian = self._jacobian(recording, tensors)
                recording.units = self._units(recording, tensors)
        return recording

    def count(self) -> None:
        """Count a call of backward."""
        self.passed += 1

    def _is_full(self) -> bool:
        """Whether this pass is neither among the first nor the last of more than can be kept."""
        kept = len(self.recordings)
        if self.total is None:
            return kept >= limits.PASSES
        return kept >= limits.PASSES - limits.PASSES_AT_ENDS and self.passed <= self.total - limits.PASSES_AT_ENDS

    def forget_empty(self, first: int) -> None:
        """Drop the passes from number ``first`` on in which nothing ran: torch refused them, the program went on."""
        self.recordings[first:] = [recording for recording in self.recordings[first:] if recording.steps]

    def _close(self, recording: Recording, events: Sequence[Event]) -> None:
        recording.keep(events, self.recorder.freeze)
        self._leaves.update((id(leaf), leaf) for leaf in recording.leaves)
        self.recordings.append(recording)

    def _jacobian(self, recording: Recording, tensors: Sequence[Tensor]) -> Jacobian | None:
        leaves = recording.leaves
        matrix = jacobian(tensors, leaves, recording.functions)
        if matrix is None:
            return None
        rows = tuple(label for tensor in tensors for label in self._labels(tensor))
        return Jacobian(rows, tuple(label for leaf in leaves for label in self._labels(leaf)), matrix)

    def _units(self, recording: Recording, tensors: Sequence[Tensor]) -> Units | None:
        found = units(tensors, recording.functions, limits.LINEAR_NUMBERS - self._unit_numbers)
        self._unit_numbers += found.numbers if found else 0
        return found

    def _labels(self, tensor: Tensor) -> list[str]:
        entry = self.recorder.made(tensor).entry
        return labels(entry.name or entry.expression or "output", tensor)

    # --- .grad ---------------------------------------------------------------

    def gradient(self, leaf: Tensor | None) -> Value | None:
        """Return the ``.grad`` of a leaf now."""
        return None if leaf is None or leaf.grad is None else self.recorder.freeze(leaf.grad)

    def rewriting(self, gradient: Any) -> Tensor | None:
        """Return the leaf whose ``.grad`` this tensor is, if it is one."""
        if isinstance(gradient, Tensor):
            for leaf in self._leaves.values():
                if leaf.grad is not None and (leaf.grad is gradient or leaf.grad.data_ptr() == gradient.data_ptr()):
                    return leaf
        return None

    def rewrite(self, leaf: Tensor, before: Value | None, how: str, span: Span | None) -> None:
        """Keep that the program changed ``leaf.grad`` by itself."""
        after = self.gradient(leaf)
        if before != after:
            self.rewrites.append(Rewrite(leaf, len(self.recordings), how, before, after, span))

    def retain(self, tensor: Tensor) -> None:
        """The program asked a tensor that is no leaf to keep its gradient."""
        self._retained.append(tensor)

    @contextmanager
    def _without_traces(self) -> Iterator[None]:
        """Tensors that retain their gradient do so in every pass: give them back what they had before ours."""
        kept = [(tensor, tensor.grad) for tensor in self._retained]
        try:
            yield
        finally:
            for tensor, grad in kept:
                tensor.grad = grad


def _handed(function: Function) -> Tensor | GradientEdge:
    """A leaf, to torch; one that was frozen since the forward pass only as the place where its gradient arrives."""
    leaf: Tensor = function.variable
    return leaf if leaf.requires_grad else GradientEdge(function, 0)


def handed_over(
    listener: Listener, targets: Iterable[Function], found: Sequence[Tensor | None]
) -> Sequence[Event]:  # fmt: skip
    events = [listener.handed_over(target, tensor) for target, tensor in zip(targets, found, strict=False)]
    return with_inputs(listener.events, [event for event in events if event is not None])


def seed_of(tensor: Tensor, gradient: Tensor | None) -> Tensor | None:
    """The upstream gradient that backward will place; None where torch will refuse it."""
    if gradient is None:
        return torch.ones_like(tensor) if tensor.numel() == 1 and not tensor.is_complex() else None
    return gradient if isinstance(gradient, Tensor) and gradient.shape == tensor.shape else None
