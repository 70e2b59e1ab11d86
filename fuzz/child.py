"""Answer many inputs in one confined child, telling after each what became of it."""

from __future__ import annotations

import gc
import json
import os
import signal
import time
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from fuzz import judge, watch
from fuzz.mutate import Jobs
from vizgraph import limits
from vizgraph.worker import child, confine, protocol
from vizgraph.worker.warm import Stages

SWEEP: Final = 40  # inputs between two looks at what can be thrown away
FINDINGS: Final = 3  # of one input: the first tell enough
GOOD: Final = {"source": "y = x*x", "values": {"x": 3}, "requires_grad": None, "gradient": None, "want": ["run"]}


def live(numbers: Iterable[int], source: Jobs, stages: Stages, report: int, go: int) -> NoReturn:
    """Be the child: answer the inputs, say how it went, wait to be looked at, and end."""
    try:
        gc.disable()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        confine.keep_only(report, go)
        jobs = list(numbers)
        confine.confine(confine.data_in_use(), jobs=len(jobs) + 10)
        before = watch.tables()
        watch.listen()
        for place, number in enumerate(jobs):
            _say(report, _tried(number, source, stages))
            if place % SWEEP == SWEEP - 1:
                gc.collect()
        _say(report, {"end": _changes(before, stages), "imported": sorted(set(watch.imported))})
        os.read(go, 1)
    finally:
        os._exit(0)


def answer(job: dict[str, Any], stages: Stages) -> dict[str, bytes]:
    """What a child of the zygote would say about a job, stage by stage."""
    said: dict[str, bytes] = {}
    child.answer(job, stages, lambda word, payload: said.__setitem__(word, payload))
    said.pop(protocol.END, None)
    said.pop(protocol.RAN, None)
    return said


def _tried(number: int, source: Jobs, stages: Stages) -> dict[str, Any]:
    job = source.job(number)
    job = json.loads(json.dumps(job))  # as it would arrive
    before = watch.state()
    signal.setitimer(signal.ITIMER_PROF, limits.WALL_SECONDS)  # seconds of work: the machine may have others to do
    begun = time.process_time()
    said = answer(job, stages)
    took = time.process_time() - begun
    signal.setitimer(signal.ITIMER_PROF, 0)
    found = [f"escape: {event}" for event in watch.take()] + list(judge.faults(job, said))
    after = watch.state()
    if after != before:
        found.append(f"state changed: {before} became {after}")
    return {"n": number, "o": judge.outcome(said), "s": round(took, 4), "f": list(dict.fromkeys(found))[:FINDINGS]}


def _changes(before: dict[str, Any], stages: Stages) -> list[str]:
    """What holds for the whole batch: the tables are what they were, and a good program is answered."""
    after = watch.tables()
    found = [f"the table {name} was changed" for name in before if after.get(name) != before[name]]
    leaves = json.loads(answer(dict(GOOD), stages).get("run", b'{"leaves": []}'))["leaves"]
    if [leaf["grad"]["entries"] for leaf in leaves] != [[6.0]]:
        found.append("a good program is not answered any more")
    return found


def _say(report: int, data: dict[str, Any]) -> None:
    protocol.write_all(report, json.dumps(data).encode() + b"\n")
