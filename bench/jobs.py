"""Time jobs through the warm zygote, lesson by lesson, beside a fork that answers nothing."""

from __future__ import annotations

import statistics
import time
from typing import Any

from bench import table
from vizgraph.lessons import Lesson, lessons
from vizgraph.worker.client import Zygote

PAUSE = 0.2  # seconds: nobody presses Enter faster; back to back, the next child is not rehearsed yet


def job_of(lesson: Lesson) -> dict[str, Any]:
    return {
        "source": lesson.program,
        "values": dict(lesson.values),
        "requires_grad": lesson.requires_grad,
        "gradient": lesson.gradient,
        "want": ["form", "player"],
    }


def main() -> None:
    with Zygote(stages="bench.empty:stages") as empty:
        empty.wait_ready(30)
        floor = table.milliseconds(lambda: empty.ask(job_of(lessons()[0])), times=50, pause=0.02)
    with Zygote() as zygote:
        start = table.once(lambda: zygote.wait_ready(30))
        table.row("zygote: start to warm", table.ms(start), goal="<= 3000 ms")
        medians, derived = [], []
        for lesson in lessons():
            job = job_of(lesson)
            if "player" not in zygote.ask(job):
                raise SystemExit(f"the lesson {lesson.id} has no picture")
            medians.append(table.milliseconds(lambda job=job: zygote.ask(job), pause=PAUSE))
            hurried = table.milliseconds(lambda job=job: zygote.ask(job))
            beside = f"empty job {table.ms(floor)}, back to back {table.ms(hurried)}"
            table.row(f"job: {lesson.id}", table.ms(medians[-1]), beside)
            derived += filter(None, [derivation(zygote, {**job, "want": [*job["want"], "board"]})])
    table.row(
        "job: median of the lessons",
        table.ms(statistics.median(medians)),
        f"slowest {table.ms(max(medians))}",
        "<= 30 ms",
    )
    median, slowest = statistics.median(derived), f"slowest lesson {table.ms(max(derived))}"
    table.row("derivation after the graph: median of the lessons", table.ms(median), slowest, "<= 150 ms")


def derivation(zygote: Zygote, job: dict[str, Any], times: int = 7) -> float | None:
    """The median time from the drawing's arrival to the board's; None where there is nothing to derive."""
    waited = []
    for _ in range(times):
        time.sleep(PAUSE)
        arrived = {name: (time.perf_counter(), data) for name, data in zygote.submit(job)}
        if not arrived["board"][1]["sections"]:
            return None
        waited.append(1e3 * (arrived["board"][0] - arrived["player"][0]))
    return statistics.median(waited)


if __name__ == "__main__":
    main()
