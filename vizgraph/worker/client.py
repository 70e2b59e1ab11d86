"""Give jobs to the zygote from any thread, and start it anew when it is lost.

Lives in the process of the page or of a Python user and imports nothing heavy.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import threading
import time
from collections import deque
from typing import Any

from vizgraph import limits
from vizgraph.worker import protocol
from vizgraph.worker.attempt import JOB_SECONDS, Attempt, reason_of
from vizgraph.worker.job import Job
from vizgraph.worker.process import Process
from vizgraph.worker.sentences import Reason

# A zygote that forks keeps the deadline itself, that of derived stages at both tries; this one is for the zygote.
STUCK_SECONDS = JOB_SECONDS + 2 * limits.DERIVATION_WALL_SECONDS + 3.0

STAGES = "vizgraph.pipeline:stages"
_BEFORE = "vizgraph.engine.eager:stay_eager"  # what the line's own process does first
JOBS_PER_PROCESS = 500  # without fork: what jobs leave behind (layouts are never freed, that crashes) ends with it


class Zygote:
    """A process that has torch, sympy and Graphviz loaded and runs jobs in children that may die.

    ``stages`` names the function that answers a job, ``fork=False`` runs jobs in
    the process itself, as on a system without fork. All methods may be called
    from any thread; one zygote is enough for all sessions of a page.
    """

    def __init__(self, *, stages: str = STAGES, fork: bool = True) -> None:
        before = ["--before", _BEFORE] if stages == STAGES else []
        self._arguments = ["--stages", stages, *before, *([] if fork and hasattr(os, "fork") else ["--no-fork"])]
        self._lock = threading.RLock()
        self._settled = threading.Condition(self._lock)
        self._numbers = itertools.count(1)
        self._process: Process | None = None
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._timers: dict[int, threading.Timer] = {}
        self._latest: dict[str, Job] = {}
        self._overdue: Job | None = None
        self._closed = False
        atexit.register(self.close)

    def start(self) -> Zygote:
        """Start the process if there is none, and return at once."""
        with self._lock:
            if self._process is None and not self._closed:
                try:
                    self._process = Process(self._arguments, self._heard, self._ended)
                except OSError:
                    self._refuse_all("start")
        return self

    @property
    def ready(self) -> bool:
        """Whether a job would run at once."""
        process = self._process
        return process is not None and process.ready

    @property
    def forks(self) -> bool:
        """Whether jobs run in forked children."""
        process = self._process
        return process is not None and process.forks

    @property
    def pid(self) -> int | None:
        """The zygote's process, None where there is none."""
        process = self._process
        return process.pid if process else None

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Wait until the zygote is ready or has failed to start; say whether it is ready."""
        with self._settled:
            self._settled.wait_for(lambda: self._process is None or self._process.ready, timeout)
            return self.ready

    def submit(self, job: dict[str, Any], *, session: str | None = None) -> Job:
        """Queue a job; of one session only the latest job counts, an earlier one is stopped.

        Raises TypeError or ValueError for what is no job, RuntimeError after `close`.
        """
        job = protocol.read_job(json.dumps(job).encode())  # what can't be sent is the caller's mistake: said here
        with self._lock:
            if self._closed:
                raise RuntimeError("this zygote was closed")
            entry = Job(next(self._numbers), job, session, self._cancel)
            if session is not None:
                earlier = self._latest.get(session)
                if earlier is not None:
                    self._cancel(earlier)
                self._latest[session] = entry
            self._waiting.append(entry)
            self.start()
            self._pump()
        return entry

    def ask(self, job: dict[str, Any], *, session: str | None = None) -> dict[str, Any]:
        """Run a job and return its stages by name."""
        return self.submit(job, session=session).result()

    def close(self) -> None:
        """End the zygote and every job."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
            self._refuse_all("gone")
        atexit.unregister(self.close)
        if process is not None:
            process.close()

    def __enter__(self) -> Zygote:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- sending ------------------------------------------------------------

    def _pump(self) -> None:
        """Send waiting jobs as far as there is room."""
        process = self._process
        if process is None or not process.ready:
            return
        if not process.forks and process.served >= JOBS_PER_PROCESS and not self._running:
            self._process = None
            process.kill()
            self.start()
            return
        room = limits.JOBS_AT_ONCE if process.forks else 1
        while self._waiting and len(self._running) < room:
            entry = self._waiting.popleft()
            entry.attempt.started = time.monotonic()
            self._running[entry.number] = entry
            self._watch(entry, process)
            process.say(protocol.line(entry.number, protocol.JOB, json.dumps(entry.attempt.job).encode()))

    def _watch(self, entry: Job, process: Process) -> None:
        """Kill the process when this job is overdue."""
        self._unwatch(entry)
        end = entry.attempt.started + STUCK_SECONDS if process.forks else entry.attempt.deadline()
        timer = threading.Timer(end - time.monotonic(), self._give_up, (entry, process))
        timer.daemon = True
        self._timers[entry.number] = timer
        timer.start()

    def _unwatch(self, entry: Job) -> None:
        timer = self._timers.pop(entry.number, None)
        if timer is not None:
            timer.cancel()

    def _give_up(self, entry: Job, process: Process) -> None:
        with self._lock:
            if process is self._process and entry.number in self._timers:
                self._overdue = entry
                process.kill()

    def _cancel(self, entry: Job) -> None:
        with self._lock:
            if entry.done:
                return
            entry.finish("replaced")
            if entry in self._waiting:
                self._waiting.remove(entry)
                self._forget(entry)
            elif self._process is not None and self._process.forks:
                self._process.say(protocol.line(entry.number, protocol.CANCEL))
            # without fork it runs to its end: starting anew would take longer

    # --- hearing ------------------------------------------------------------

    def _heard(self, process: Process, number: int, word: str, payload: bytes) -> None:
        with self._lock:
            if process is not self._process:
                return
            if word == protocol.READY:
                process.forks = bool(json.loads(payload)["forks"])
                process.ready = True
                self._settled.notify_all()
            elif number in self._running:
                self._heard_of(self._running[number], process, word, payload)
            self._pump()

    def _heard_of(self, entry: Job, process: Process, word: str, payload: bytes) -> None:
        if word == protocol.END:
            process.served += 1
            self._finish(entry)
        elif word == protocol.RAN:
            entry.attempt.ran = time.monotonic()
            self._watch(entry, process)
        elif word == protocol.LOST:
            self._lose(entry, reason_of(payload))
        else:
            entry.deliver(word, payload)

    def _ended(self, process: Process) -> None:
        """Give the jobs of a dead process to a new one, each once."""
        with self._lock:
            if process is not self._process:
                return
            self._process = None
            overdue, self._overdue = self._overdue, None
            if not process.ready:
                self._refuse_all("start")
            for entry in reversed(list(self._running.values())):
                if process.forks:
                    self._resend(entry)
                else:
                    self._lose(entry, "time" if entry is overdue else "crash")
            if self._waiting or process.served:
                self.start()
            self._settled.notify_all()

    # --- the fate of a job --------------------------------------------------

    def _resend(self, entry: Job) -> None:
        """The zygote died, and most likely not of this job: try it once more."""
        missing = entry.attempt.missing()
        if entry.resent or not missing:
            self._finish(entry, "gone" if missing else None)
        else:
            entry.resent = True
            self._try_again(entry, Attempt({**entry.attempt.job, "want": missing}, started=0.0))

    def _lose(self, entry: Job, reason: Reason) -> None:
        """Without fork: the job itself was killed, has crashed or gave up."""
        told, again = entry.attempt.lose(reason, time.monotonic())
        for word, data in told:
            entry.deliver(word, protocol.dump(data))
        if again is None:
            self._finish(entry)
        else:
            self._try_again(entry, again)

    def _try_again(self, entry: Job, attempt: Attempt) -> None:
        if entry.done:
            self._forget(entry)
        else:
            self._unwatch(entry)
            del self._running[entry.number]
            entry.attempt = attempt
            self._waiting.appendleft(entry)

    def _finish(self, entry: Job, reason: Reason | None = None) -> None:
        self._forget(entry)
        entry.finish(reason)

    def _forget(self, entry: Job) -> None:
        self._unwatch(entry)
        self._running.pop(entry.number, None)
        if entry.session is not None and self._latest.get(entry.session) is entry:
            del self._latest[entry.session]

    def _refuse_all(self, reason: Reason) -> None:
        for entry in [*self._running.values(), *self._waiting]:
            self._finish(entry, reason)
        self._waiting.clear()
