"""Fork one child per job, keep its deadline, and pass on what it says.

One loop and one thread: nothing here waits for anything but the selector.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from collections import deque
from dataclasses import dataclass, field

from vizgraph.worker import nursery, processor, protocol
from vizgraph.worker.attempt import Attempt, reason_of
from vizgraph.worker.sentences import Reason, refusal
from vizgraph.worker.warm import Stages


@dataclass(slots=True, eq=False)
class Child:
    """A child with a job: ``begun`` once it has it for sure, ``ended`` once there is nothing more to tell of it,
    ``killed`` until it is gone; ``reason`` is why it gave up, if it said so."""

    number: int
    attempt: Attempt
    pid: int
    pipe: int
    begun: bool
    lines: protocol.Lines = field(default_factory=protocol.Lines)
    said: int = 0
    ended: bool = False
    killed: bool = False
    reason: Reason | None = None
    used: float | None = None  # seconds of a processor before only derived stages were missing


class Server:
    """Serve the jobs that arrive on ``source`` and answer on ``sink``."""

    def __init__(self, stages: Stages, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink
        self._lines = protocol.Lines()
        self._outgoing: deque[memoryview] = deque()
        self._children: dict[int, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._nursery = nursery.Nursery(stages)

    def serve(self) -> None:
        """Serve until the client is gone, then end the children."""
        os.set_blocking(self._sink, False)
        self._selector.register(self._source, selectors.EVENT_READ)
        with contextlib.suppress(BrokenPipeError, EOFError):
            while True:
                if not self._outgoing and all(map(_is_patient, self._children.values())):
                    self._nursery.prepare()
                for key, _ in self._selector.select(self._patience()):
                    self._attend(key.fd)
                self._keep_deadlines()
        self._nursery.close()
        for left in list(self._children.values()):
            self._bury(left)

    def _attend(self, descriptor: int) -> None:
        if descriptor == self._source:
            self._listen()
        elif descriptor == self._sink:
            self._flush()
        elif descriptor in self._children:
            self._hear(self._children[descriptor])

    # --- the client ---------------------------------------------------------

    def _listen(self) -> None:
        piece = os.read(self._source, protocol.CHUNK)
        if not piece:
            raise EOFError
        for text in self._lines.feed(piece):
            try:
                self._obey(*protocol.read(text))
            except (ValueError, RecursionError):
                continue  # no message of ours: there is nobody to answer

    def _obey(self, number: int, word: str, payload: bytes) -> None:
        if word == protocol.JOB:
            self._begin(number, Attempt(protocol.read_job(payload), time.monotonic()))
        elif word == protocol.CANCEL:
            for known in list(self._children.values()):
                if known.number == number and not known.ended:
                    self._kill(known)
                    known.ended = True
                    self._say(number, protocol.END)

    def _say(self, number: int, word: str, payload: bytes = b"null") -> None:
        if not self._outgoing:
            self._selector.register(self._sink, selectors.EVENT_WRITE)
        self._outgoing.append(memoryview(protocol.line(number, word, payload)))

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._outgoing:
                first = self._outgoing[0]
                rest = first[os.write(self._sink, first) :]
                if rest:
                    self._outgoing[0] = rest
                else:
                    self._outgoing.popleft()
        if not self._outgoing:
            self._selector.unregister(self._sink)

    # --- the children -------------------------------------------------------

    def _begin(self, number: int, attempt: Attempt) -> None:
        waited = self._nursery.take(attempt.job)
        if waited is not None:
            self._follow(Child(number, attempt, *waited, begun=False))
        else:
            self._fork(number, attempt)

    def _fork(self, number: int, attempt: Attempt) -> None:
        try:
            self._follow(Child(number, attempt, *self._nursery.fork(attempt.job), begun=True))
        except OSError:
            self._say(number, "refused", protocol.dump(refusal("gone")))
            self._say(number, protocol.END)

    def _follow(self, known: Child) -> None:
        if known.attempt.drawn is not None:
            known.used = processor.seconds_of(known.pid)
        self._children[known.pipe] = known
        self._selector.register(known.pipe, selectors.EVENT_READ)

    def _hear(self, known: Child) -> None:
        piece = os.read(known.pipe, protocol.CHUNK)
        known.said += len(piece)
        try:
            for text in known.lines.feed(piece):
                self._heed(known, *protocol.read_said(text))
        except ValueError:
            self._kill(known)  # it says what no child of ours says
            self._lose(known, "crash")
        if not piece:
            self._lose(known, self._bury(known))
        elif known.said > protocol.ANSWER:
            self._kill(known)
            self._lose(known, "size")

    def _heed(self, known: Child, word: str, payload: bytes) -> None:
        if word == protocol.BEGUN:
            known.begun = True
        elif word == protocol.RAN:
            known.attempt.ran = time.monotonic()
        elif word == protocol.LOST:
            known.reason = reason_of(payload)
        elif word == protocol.NOTE:
            protocol.print_note(payload)
        elif word == protocol.END:
            known.ended = True
            self._say(known.number, word)
        elif not known.ended:
            known.attempt.deliver(word, time.monotonic())
            if known.attempt.drawn is not None and known.used is None:
                known.used = processor.seconds_of(known.pid)
            self._say(known.number, word, payload)

    def _lose(self, known: Child, reason: Reason) -> None:
        """Give the job of a child that is gone, or will be, a second chance if it has one."""
        if known.ended:
            return
        known.ended = True
        if not known.begun and reason == "crash":  # it died while it waited: that says nothing about the job
            self._fork(known.number, known.attempt)
            return
        told, again = known.attempt.lose(reason, time.monotonic())
        for word, data in told:
            self._say(known.number, word, protocol.dump(data))
        if again is None:
            self._say(known.number, protocol.END)
        else:
            self._begin(known.number, again)

    def _kill(self, known: Child) -> None:
        """Kill a child without waiting for it: its pipe tells when it is gone."""
        known.killed = True
        os.kill(known.pid, signal.SIGKILL)

    def _bury(self, known: Child) -> Reason:
        """Forget a child that is gone and say why it went."""
        del self._children[known.pipe]
        self._selector.unregister(known.pipe)
        status = nursery.bury(known.pid, known.pipe)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return "time"
        return known.reason or "crash"

    def _keep_deadlines(self) -> None:
        now = time.monotonic()
        for known in self._living():
            if now >= known.attempt.deadline():
                known.attempt.extend(now, self._spent(known))
            if now >= known.attempt.deadline():
                self._kill(known)
                self._lose(known, "time")

    def _spent(self, known: Child) -> float | None:
        """Seconds of a processor for the derived stages."""
        now = processor.seconds_of(known.pid)
        return now - known.used if now is not None and known.used is not None else None

    def _patience(self) -> float | None:
        """Seconds until the next deadline, None where there is none."""
        deadlines = [known.attempt.deadline() for known in self._living()]
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _living(self) -> list[Child]:
        return [known for known in self._children.values() if not known.killed]


def _is_patient(known: Child) -> bool:
    """Whether nobody waits for what a child still does, so that the next one may be made beside it."""
    return known.killed or known.ended or known.attempt.drawn is not None
