"""Time the next good job after each way in which a child can be lost, and the zygote itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

from bench import table
from vizgraph.worker.client import Zygote

GOOD = {"source": "y = x1*x2*x3", "values": {"x1": 1, "x2": 2, "x3": 3}, "want": ["form", "player"]}
TIMES = 5


def stages(job: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The stages of the page, after what ``job["fault"]`` says."""
    from vizgraph import pipeline

    match job.get("fault"):
        case "endless loop":
            while True:
                pass
        case "segmentation fault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "10 GB":
            [bytes(2**26) for _ in range(160)]
    yield from pipeline.stages(job)


def main() -> None:
    with Zygote(stages="bench.recovery:stages") as zygote:
        zygote.wait_ready(60)
        for fault in ("endless loop", "segmentation fault", "10 GB"):
            refused, after = [], []
            for _ in range(TIMES):
                refused.append(table.once(lambda fault=fault: lost(zygote, fault)))
                after.append(table.once(lambda: good(zygote)))
            table.row(f"recovery: next job after {fault}", table.ms(sorted(after)[TIMES // 2]),
                      f"refused after {table.ms(sorted(refused)[TIMES // 2])}")  # fmt: skip
        pid = zygote.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        table.row("recovery: next job after the zygote itself was killed", table.ms(table.once(lambda: good(zygote))))


def lost(zygote: Zygote, fault: str) -> None:
    if "refused" not in zygote.ask({**GOOD, "fault": fault}):
        raise SystemExit(f"the fault did not happen: {fault}")


def good(zygote: Zygote) -> None:
    if "player" not in zygote.ask(GOOD):
        raise SystemExit("the job after a fault went wrong")


if __name__ == "__main__":
    main()
