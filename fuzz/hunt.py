"""Give batches of inputs to confined children, and attribute what happens to the input that did it."""

from __future__ import annotations

import collections
import gc
import json
import os
import resource
import select
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from fuzz import child
from fuzz.mutate import Jobs
from vizgraph.worker import Zygote, protocol, warm

BATCH: Final = 300  # inputs of one child
WALL: Final = 60.0  # seconds without a word; the two seconds of work end a child long before, however busy the machine
SECONDS: Final = 3.0  # in which the real zygote must answer
TRIED_AGAIN: Final = 100  # of the inputs that the wall stopped
TELL: Final = 60.0  # seconds between two lines about how it goes


class Hunt:
    """One run of the fuzzer."""

    def __init__(self, jobs: Jobs, folder: Path, stages: str = "vizgraph.pipeline:stages") -> None:
        self._jobs, self._folder = jobs, folder
        self.failures: list[str] = []
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.stopped: list[int] = []
        self.imported: set[str] = set()
        self.slowest: tuple[float, int] = (0.0, -1)
        self.slow = 0
        self.done = 0
        self._stages = warm.load(stages)
        warm.warm(self._stages)
        warm.fork_holds(self._stages)
        gc.collect()
        gc.freeze()
        self._canary = Path(tempfile.mkdtemp(prefix="vizgraph-fuzz-"))
        os.chdir(self._canary)
        self._begun, self._told = time.monotonic(), 0.0

    def run(self, first: int, inputs: int | None, end: float) -> None:
        """Go on until that many inputs are done, or the time is over."""
        self._begun = self._told = time.monotonic()
        number = first
        while time.monotonic() < end and (inputs is None or number < first + inputs):
            last = number + BATCH if inputs is None else min(number + BATCH, first + inputs)
            number = self._batch(number, last)
            if time.monotonic() - self._told > TELL:
                self._told = time.monotonic()
                print(self.line(), flush=True)

    def _batch(self, first: int, last: int) -> int:
        """Let a child answer the inputs from ``first`` on; return the first that nobody has tried."""
        report, theirs = os.pipe()
        waits, go = os.pipe()
        pid = os.fork()
        if pid == 0:
            nothing = os.open(os.devnull, os.O_RDWR)
            for standard in (0, 1, 2):
                os.dup2(nothing, standard)
            child.live(range(first, last), self._jobs, self._stages, theirs, waits)
        os.close(theirs)
        os.close(waits)
        number = first
        lines = protocol.Lines()
        before = _holdings(pid)
        hung = False
        while True:
            if not select.select([report], [], [], WALL)[0]:
                hung = True
                break
            piece = os.read(report, protocol.CHUNK)
            for text in lines.feed(piece):
                said = json.loads(text)
                if "end" in said:
                    self._look(pid, first, said, before)
                    os.write(go, b".")
                else:
                    self._heard(said)
                    number = said["n"] + 1
            if not piece:
                break
        os.close(report)
        os.close(go)
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if number < last:
            self._died(number, status, hung)
            number += 1
        self._canaries(first)
        return number

    def _heard(self, said: dict[str, Any]) -> None:
        self.done += 1
        self.outcomes[said["o"]] += 1
        self.slowest = max(self.slowest, (said["s"], said["n"]))
        self.slow += said["s"] > 0.5
        for finding in said["f"]:
            self._keep(said["n"], finding)

    def _died(self, number: int, status: int, hung: bool) -> None:
        self.done += 1
        if hung:
            self._keep(number, f"hang: silent for {WALL:g} seconds")
        elif os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU):
            self.outcomes["stopped by the wall of two seconds"] += 1
            self.stopped.append(number)
        else:
            how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
            self._keep(number, f"crash: the child ended with {how}")

    def _look(self, pid: int, first: int, said: dict[str, Any], before: dict[str, Any] | None) -> None:
        """The child has answered its inputs and waits: what has it got that it had not?"""
        self.imported |= set(said["imported"])
        for finding in said["end"]:
            self._keep(first, f"batch: {finding}")
        after = _holdings(pid)
        if before and after and (after["children"] or after["tasks"] > before["tasks"] or after["sockets"]):
            self._keep(first, f"batch: the child holds {after}, and held {before}")

    def _canaries(self, first: int) -> None:
        for path in self._canary.iterdir():
            self._keep(first, f"escape: the file {path.name} was made")
            path.unlink()

    def _keep(self, number: int, finding: str) -> None:
        self.failures.append(f"{number}: {finding}")
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = {"number": number, "finding": finding, "job": self._jobs.job(number)}
        (self._folder / f"{number}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
        print(f"FAILURE {number}: {finding[:300]}", flush=True)

    def check_stopped(self) -> None:
        """The wall ended these; the real zygote must do so within three seconds, and answer the next one."""
        if not self.stopped:
            return
        with Zygote() as zygote:
            zygote.wait_ready(60)
            for number in self.stopped[:TRIED_AGAIN]:
                begun = time.monotonic()
                said = zygote.ask(self._jobs.job(number))
                took = time.monotonic() - begun
                if took > SECONDS:
                    self._keep(number, f"hang: the zygote answered after {took:.1f} seconds")
                if not said.keys() & {"refused", "failed", "form"}:
                    self._keep(number, f"no answer: {sorted(said)}")

    # --- telling --------------------------------------------------------------

    def line(self) -> str:
        seconds = time.monotonic() - self._begun
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        work = used.ru_utime + used.ru_stime
        return (
            f"{seconds:7.0f} s: {self.done:,} inputs, {self.done / max(seconds, 1e-9):.0f} a second "
            f"({self.done / max(work, 1e-9):.0f} per second of work), {len(self.failures)} failures"
        )

    def summary(self, seed: int) -> str:
        outcomes = "\n".join(f"  {count:9,}  {name}" for name, count in self.outcomes.most_common())
        late = ", ".join(sorted(self.imported)) or "none"
        return (
            f"seed {seed}; {self.line()}\n{outcomes}\n"
            f"  slowest {self.slowest[0]:.2f} s of work (input {self.slowest[1]}), {self.slow:,} above 0.5 s\n"
            f"  modules that were loaded late: {late}\n"
            f"  failures: {len(self.failures)}" + "".join(f"\n    {one[:300]}" for one in self.failures[:50])
        )


def _holdings(pid: int) -> dict[str, Any] | None:
    """Processes, threads and sockets of a process, where the system tells."""
    home = Path(f"/proc/{pid}")
    try:
        tasks = list((home / "task").iterdir())
        children = "".join((task / "children").read_text() for task in tasks).split()
        sockets = sum(str(one.readlink()).startswith("socket:") for one in (home / "fd").iterdir())
    except OSError:
        return None
    return {"children": len(children), "tasks": len(tasks), "sockets": sockets}
