"""Hold what has arrived of one job, for whoever waits for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from vizgraph.worker.attempt import Attempt
from vizgraph.worker.sentences import Reason, refusal


class Job:
    """A submitted job. Any thread may read its stages, as they come or later.

    The last stage is ``refused`` where the program was refused or stopped; a
    ``failed`` stage names one that is missing while the others stand.
    """

    def __init__(self, number: int, job: dict[str, Any], session: str | None, cancel: Callable[[Job], None]) -> None:
        self.number = number
        self.session = session
        self.asked = job
        self.attempt = Attempt(job, started=0.0)
        self.resent = False  # its zygote died once already
        self.replaced = False  # stopped for a newer one of its session
        self._cancel = cancel
        self._arrived: list[tuple[str, bytes]] = []
        self._finished = False
        self._changed = threading.Condition()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return self.stages()

    def stages(self) -> Iterator[tuple[str, Any]]:
        """Yield ``(stage name, data)`` as they arrive."""
        seen = 0
        while True:
            with self._changed:
                while not self._finished and len(self._arrived) == seen:
                    self._changed.wait()
                if len(self._arrived) == seen:
                    return
                name, payload = self._arrived[seen]
            seen += 1
            yield name, json.loads(payload)

    def result(self) -> dict[str, Any]:
        """Wait for the end and return the stages by name; ``failed`` holds the missing ones by name."""
        stages: dict[str, Any] = {}
        for name, data in self.stages():
            if name == "failed":
                stages.setdefault(name, {})[data["stage"]] = data
            else:
                stages[name] = data
        return stages

    @property
    def done(self) -> bool:
        """Whether everything has arrived."""
        return self._finished

    def wait(self, seconds: float) -> bool:
        """Wait that long at the most for the end; say whether it has come."""
        with self._changed:
            return self._changed.wait_for(lambda: self._finished, seconds)

    def cancel(self) -> None:
        """Stop it: nobody wants the answer."""
        self._cancel(self)

    # --- for the client -----------------------------------------------------

    def deliver(self, name: str, payload: bytes) -> None:
        """Add a stage; what comes after the end is dropped."""
        with self._changed:
            if not self._finished:
                self._arrived.append((name, payload))
                self.attempt.deliver(name, time.monotonic())
                self._changed.notify_all()

    def finish(self, reason: Reason | None = None) -> None:
        """End the stages, with a refusal where the job could not be done."""
        with self._changed:
            if reason is not None and not self._finished:
                self._arrived.append(("refused", json.dumps(refusal(reason)).encode()))
                self.replaced = reason == "replaced"
            self._finished = True
            self._changed.notify_all()
