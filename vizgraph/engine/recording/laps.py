"""Choose the turns of a long loop that are recorded; the others run all the same, only untold.

A training loop of 1,000 epochs is drawn by its first and its last passes. How many there will be is known from the
length of a ``for`` loop; of a ``while`` loop, or one that is left early, only a second run can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from torch import Tensor

from vizgraph import limits
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.silent import SilentRecorder, SilentSession
from vizgraph.model import Span, Value

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class QuietRecorder(SilentRecorder):
    """Keeps nothing, but remembers what becomes of the tensors that the recorder behind it knows."""

    def __init__(self, real: Recorder) -> None:
        super().__init__()
        self.real = real

    def became_leaf(self, tensor: Tensor) -> None:
        if self.real.knows(tensor):
            self.real.became_leaf(tensor)

    def outdated(self, tensor: Tensor) -> None:
        self.real.outdated(tensor)

    def alias(self, tensor: Tensor, owner: Tensor) -> None:
        self.real.outdated(owner)  # whoever writes through the alias will not be seen


class QuietSession(SilentSession):
    """Counts the passes that run, and keeps none of them."""

    def __init__(self, recorder: Recorder, real: Session) -> None:
        super().__init__(recorder)
        self.real = real
        self._retained = real._retained

    def count(self) -> None:
        self.real.count()

    def gradient(self, leaf: Tensor | None) -> Value | None:
        return None

    def rewrite(self, leaf: Tensor, before: Value | None, how: str, span: Span | None) -> None:
        pass


class Loop:
    """One loop of the program while it runs: each of its turns is recorded, or it is not."""

    __slots__ = ("_before", "_interpreter", "_kept", "_length", "_quiet", "_start", "_turns")

    def __init__(self, interpreter: Interpreter, length: int | None) -> None:
        self._interpreter, self._length = interpreter, length
        self._turns, self._start = 0, interpreter.session.passed
        self._kept = len(interpreter.recorder.entries)
        self._quiet: QuietSession | None = None
        self._before: list[tuple[Tensor, Value | None]] = []

    def begin_turn(self) -> None:
        """Decide about the turn that begins."""
        session = self._quiet.real if self._quiet else self._interpreter.session
        if session.passed > self._start and not (self._quiet is None and isinstance(session, SilentSession)):
            middle = self._is_middle(session)
            if middle and self._quiet is None:
                self._hush(session)
            elif not middle and self._quiet is not None:
                self._resume(self._quiet)
        elif self._quiet is None and self._is_without_gradients(session):
            self._hush(session)
        elif self._quiet is not None and self._turns + 1 == self._length:
            self._resume(self._quiet)
        self._turns += 1

    def end(self) -> None:
        """The loop is over, or was left: whatever follows is recorded again."""
        if self._quiet is not None:
            self._quiet.real.left_at = self._quiet.real.passed
            self._resume(self._quiet)

    def _is_without_gradients(self, session: Session) -> bool:
        """Whether a loop only computes numbers, and more of them than are recorded: its last turn tells them all."""
        if self._turns != FIRST or self._length is None or isinstance(session, SilentSession):
            return False
        entries = session.recorder.entries[self._kept :]
        many = len(entries) // self._turns * self._length > limits.OPERATIONS // 2
        return many and all(entry.kind == "constant" for entry in entries)

    def _is_middle(self, session: Session) -> bool:
        """Whether this turn is neither among the first nor among the last that call backward."""
        done = session.passed - self._start
        each = -(-done // self._turns)
        if session.total is not None:  # a second run knows how many passes there are
            return done >= FIRST and session.total - session.passed > each + LAST
        if self._length is None:
            return len(session.recordings) >= limits.PASSES
        left = self._length - self._turns
        if done < FIRST or left * each <= max(each, LAST):
            return False
        return self._quiet is not None or self._is_long(session, done + left * each)

    def _is_long(self, session: Session, passes: int) -> bool:
        """Whether a loop of so many passes, or of so many operations, is drawn by its ends only."""
        kept = (len(session.recorder.entries) - self._kept) // self._turns * (self._length or 1)
        return passes > limits.PASSES or (passes > 2 * (FIRST + LAST) and kept > limits.OPERATIONS_OF_LOOP)

    def _hush(self, session: Session) -> None:
        i = self._interpreter
        self._before = [(leaf, session.gradient(leaf)) for leaf, _ in i.recorder.leaves()]
        quiet = QuietRecorder(i.recorder)
        self._quiet = i.session = QuietSession(quiet, session)
        i.recorder = quiet

    def _resume(self, quiet: QuietSession) -> None:
        """Go on recording; what the untold passes did to each ``.grad`` is told as one change."""
        i, session = self._interpreter, quiet.real
        i.session, i.recorder, self._quiet = session, session.recorder, None
        session.hooked = session.hooked or quiet.hooked
        for leaf, before in self._before:
            session.rewrite(leaf, before, "more passes, which are not drawn", None)
        self._before = []
        i.name_leaves()


FIRST: Final = limits.PASSES_AT_ENDS
LAST: Final = limits.PASSES_AT_ENDS


def notes(session: Session) -> list[str]:
    """Return what to say about passes that are not drawn, nothing where all of them are."""
    if not session.passed > len(session.recordings):
        return []
    spans: list[list[int]] = []
    for number in (recording.number for recording in session.recordings):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    drawn = [f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last in spans]
    shown = ", ".join(drawn[:-1]) + f" and {drawn[-1]}" if len(drawn) > 1 else "".join(drawn)
    return [
        f"Backward ran {session.passed:,} times; drawn are the passes {shown}. "
        "The others ran, too: every printed number and every .grad is that of all of them."
    ]
