"""Run parts of a program without recording them: the insides of torch's own helpers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from torch import Tensor

from vizgraph.engine.recording.entries import Entry, Made, Operand
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.session import Session
from vizgraph.model import Kind, Span, Value

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class SilentRecorder(Recorder):
    """A recorder that keeps nothing: inside torch's transforms tensors have no entries to look at."""

    def freeze(self, tensor: Tensor) -> Value:
        return Value(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), None)

    def operand(self, argument: Any) -> Operand:
        return None

    def finish(self, entry: Entry, result: Any, *, kind: Kind | None = None) -> None:
        pass

    def name(self, tensor: Tensor, name: str) -> None:
        pass

    def became_leaf(self, tensor: Tensor) -> None:
        pass

    def looked_at(self, tensor: Tensor, expression: str, span: Span | None) -> None:
        pass

    def outdated(self, tensor: Tensor) -> None:
        pass

    def alias(self, tensor: Tensor, owner: Tensor) -> None:
        pass

    def made(self, tensor: Tensor) -> Made:
        return Made(self.begin("value", (), {}, "", None), 0)

    def knows(self, tensor: Tensor) -> bool:
        return False


class SilentSession(Session):
    """A session whose passes are only done, not told."""

    def count(self) -> None:
        pass

    def rewriting(self, gradient: Any) -> Tensor | None:
        return None

    def _open(
        self, tensors: Sequence[Tensor], gradients: Sequence[Tensor | None], span: Span | None
    ) -> Recording | None:
        self.count()
        return None


@contextmanager
def inside(i: Interpreter) -> Iterator[None]:
    """Record nothing in this block."""
    recorder, session = i.recorder, i.session
    if not isinstance(recorder, SilentRecorder):
        i.recorder = SilentRecorder()
        i.session = SilentSession(i.recorder)
    try:
        yield
    finally:
        i.recorder, i.session = recorder, session
