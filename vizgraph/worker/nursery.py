"""Fork children, and keep one that has rehearsed.

A fresh child pays for every page that it writes first: half the time of a short
job. So one child is forked while nobody waits for a graph, runs a job of ours with
all its stages, and then waits for a real one.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from vizgraph.worker import child, confine, protocol
from vizgraph.worker.protocol import Data
from vizgraph.worker.warm import Stages

_TRIES = 3  # children that may die in their rehearsal before we do without


@dataclass(frozen=True, slots=True)
class Spare:
    """A child that waits: it reads its job from ``inbox`` and answers on ``pipe``."""

    pid: int
    pipe: int
    inbox: int


class Nursery:
    """Make children of this process, which has everything loaded."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._libc = confine.load_libc()
        self._pid = os.getpid()
        self._spare: Spare | None = None
        self._tries = _TRIES

    def take(self, job: Data) -> tuple[int, int] | None:
        """Return process and pipe of the child that waited and has this job now; None where none is ready."""
        spare = self._spare
        if spare is None or not select.select([spare.pipe], [], [], 0)[0]:
            return None
        self._spare = None
        if _hand(job, spare):
            return spare.pid, spare.pipe
        self._tries -= 1
        bury(spare.pid, spare.pipe)
        return None

    def fork(self, job: Data) -> tuple[int, int]:
        """Return process and pipe of a new child that does this job; OSError where none can be made."""
        pipe, writer = os.pipe()
        pid = self._fork(lambda: child.live(job, self._stages, writer), theirs=(writer,), ours=(pipe,))
        return pid, pipe

    def prepare(self) -> None:
        """Fork the child that waits, if there is none."""
        if self._spare is None and self._tries:
            pipe, writer = os.pipe()
            reader, inbox = os.pipe()
            with contextlib.suppress(OSError):
                pid = self._fork(
                    lambda: child.wait(reader, self._stages, writer), theirs=(reader, writer), ours=(pipe, inbox)
                )
                self._spare = Spare(pid, pipe, inbox)

    def close(self) -> None:
        """End the child that waits."""
        if self._spare is not None:
            os.close(self._spare.inbox)
            bury(self._spare.pid, self._spare.pipe)
            self._spare = None

    def _fork(self, life: Callable[[], NoReturn], *, theirs: tuple[int, ...], ours: tuple[int, ...]) -> int:
        try:
            pid = os.fork()
        except OSError:  # too many processes, or no memory for one more
            for descriptor in (*theirs, *ours):
                os.close(descriptor)
            raise
        if pid == 0:
            confine.end_with(self._pid, self._libc)
            life()
        for descriptor in theirs:
            os.close(descriptor)
        return pid


def bury(pid: int, pipe: int) -> int:
    """Kill a child, wait for it and return how it ended; one that ended already keeps its own status."""
    os.close(pipe)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _hand(job: Data, spare: Spare) -> bool:
    """Give the job to the child that waits, and say whether it lived to take it."""
    try:
        alive = bool(os.read(spare.pipe, protocol.CHUNK))
        if alive:
            protocol.write_all(spare.inbox, json.dumps(job).encode())
    except OSError:
        return False
    finally:
        os.close(spare.inbox)  # the job ends here
    return alive
