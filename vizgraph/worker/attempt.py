"""Decide how long a job may take and what becomes of it when its child is lost.

Pure: both the zygote, which forks, and the client of a worker that can't fork
ask it. A job gets at most one second chance, and only for the stages that are
still missing: a drawing is tried again with the layout that can't hang.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from vizgraph import limits
from vizgraph.worker.sentences import REASONS, Reason, failure, refusal

JOB_SECONDS: Final = limits.WALL_SECONDS + 0.4  # the whole job, second chance included
DRAWN: Final = ("drawings", "player")  # stages that need a layout
DERIVED: Final = ("derivation", "board")  # stages that nobody waits for, with a time of their own
DEFAULT_WANT: Final = ("form", "player")
_MARGIN = 0.4  # seconds a second chance needs besides running the program again

Messages = tuple[tuple[str, dict[str, Any]], ...]


@dataclass(slots=True)
class Attempt:
    """A job in hand. ``ran`` is the moment at which the program itself was done, if it was,
    ``drawn`` that from which only derived stages were missing."""

    job: dict[str, Any]
    started: float
    ran: float | None = None
    delivered: list[str] = field(default_factory=list)
    second: bool = False
    drawn: float | None = None
    waited: float = 0.0  # since then, for a processor that was busy with others

    def deliver(self, stage: str, now: float) -> None:
        """Note that a stage has arrived."""
        self.delivered.append(stage)
        if self.drawn is None and stage in DRAWN and set(self.missing()) <= set(DERIVED):
            self.drawn = now

    def missing(self) -> list[str]:
        """The wanted stages that have not arrived; after a refusal nothing else will."""
        if "refused" in self.delivered:
            return []
        return [stage for stage in self.job.get("want", DEFAULT_WANT) if stage not in self.delivered]

    def deadline(self) -> float:
        """The moment at which the child is killed.

        A program that runs on has the whole time. Once it has run, what is left is
        shared: the drawing must leave enough for a second chance, where that can work.
        """
        if self.drawn is not None:
            return self.drawn + min(limits.DERIVATION_SECONDS + self.waited, limits.DERIVATION_WALL_SECONDS)
        if self.second:
            return self.started + JOB_SECONDS
        if self.ran is not None:
            running = self.ran - self.started
            share = JOB_SECONDS - _MARGIN - 2 * running
            if share > running + _MARGIN:
                return self.started + min(share, limits.WALL_SECONDS)
        return self.started + limits.WALL_SECONDS

    def extend(self, now: float, used: float | None) -> None:
        """Leave derived stages what they lack of their second: ``used`` of a processor's time is all that they had."""
        if self.drawn is not None and used is not None:
            self.waited = max(self.waited, now - self.drawn - used)

    def lose(self, reason: Reason, now: float) -> tuple[Messages, Attempt | None]:
        """Return what to tell the user, and the attempt at the rest if there is one."""
        missing = self.missing()
        if self.ran is None and not self.delivered:
            return (("refused", refusal(reason)),), None
        if not missing:
            return (), None
        if self.drawn is not None and missing[0] == "board" and self.job.get("derive") != "numbers":
            return (), replace(self._again(missing, derive="numbers"), drawn=now, waited=0.0)
        if self.second or now >= self.started + JOB_SECONDS - _MARGIN / 2:
            return tuple(("failed", failure(stage, reason)) for stage in missing), None
        if missing[0] in DRAWN and reason != "size":
            return (), self._again(missing, layout="rows")
        told = (("failed", failure(missing[0], reason)),)
        return told, self._again(missing[1:]) if missing[1:] else None

    def _again(self, want: list[str], **changes: str) -> Attempt:
        return replace(self, job={**self.job, **changes, "want": want}, second=True)


def reason_of(payload: bytes) -> Reason:
    """Return the reason that a child gave for giving up; a child may be broken in any way."""
    return next((reason for reason in REASONS if payload == b'"%s"' % reason.encode("ascii")), "crash")
