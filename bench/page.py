"""Time the page in a browser: load, and from Enter to the painted graph, beside the same page with an empty job."""

from __future__ import annotations

import ast
import json
import re
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page

from bench import floor, served, table
from bench.jobs import job_of
from vizgraph.lessons import Lesson, lessons
from vizgraph.worker.client import Zygote

TIMES = 5

# From the key press to the frame after the one in which the new name stands in the drawing.
WATCH = """(player, name) => { window.painted = new Promise((done, fail) => {
    let pressed = 0;
    setTimeout(() => fail(new Error(`${name} was never painted`)), 20000);
    document.addEventListener("keydown", event => { if (event.key === "Enter") pressed = event.timeStamp; }, true);
    const look = () => {
        if (player.querySelector("svg")?.textContent.includes(name))
            requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
        else requestAnimationFrame(look);
    };
    look();
}); }"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, served.browser() as page, served.app("app.py") as (address, _):
        table.row("page: first load, until the first graph", table.ms(loading(page, address)), "zygote still cold")
        load = statistics.median(loading(page, address) for _ in range(TIMES))
        table.row("page: load", table.ms(load), "warm", "<= 3000 ms")
        answers = Path(folder, "answers.json")
        answers.write_text(json.dumps(real_answers()))
        with floor.answering_from(answers), served.app("bench/floor_app.py") as (empty, _):
            painted = {lesson.id: compared(page, address, empty, lesson) for lesson in lessons()}
    whole, floors = (statistics.median(times) for times in zip(*painted.values(), strict=True))
    beside = f"empty job {table.ms(floors)}, slowest {table.ms(max(painted.values())[0])}"
    table.row("Enter to painted: median of the lessons", table.ms(whole), beside, "<= 150 ms")


def compared(page: Page, address: str, empty: str, lesson: Lesson) -> tuple[float, float]:
    """The median times of a lesson on the page, and on the same page with an empty job, one after the other."""
    floored = statistics.median(times(page, empty, lesson))
    painted = statistics.median(times(page, address, lesson))
    table.row(f"Enter to painted: {lesson.id}", table.ms(painted), f"empty job {table.ms(floored)}", "<= 150 ms")
    return painted, floored


def real_answers() -> dict[str, str]:
    with Zygote() as zygote:
        zygote.wait_ready(30)
        jobs = ({**job_of(lesson), "source": renamed(lesson, 0)} for lesson in lessons())
        return {floor.key_of(job["source"]): json.dumps(zygote.ask(job)) for job in jobs}


def times(page: Page, address: str, lesson: Lesson) -> list[float]:
    page.goto(f"{address}?lesson={lesson.id}")
    player = served.player(page)
    functions = page.get_by_label("Functions")
    return [enter(page, functions, player, renamed(lesson, turn), f"q{turn}") for turn in range(1, TIMES + 1)]


def enter(page: Page, functions: Locator, player: Locator, program: str, name: str) -> float:
    """Milliseconds from the key to the painted graph, for a page at rest: the board of the last one has come."""
    page.wait_for_selector(served.AT_REST)
    functions.fill(program)
    player.evaluate(WATCH, name)
    functions.press("Control+Enter")
    return float(page.evaluate("window.painted"))


def loading(page: Page, address: str) -> float:
    page.goto("about:blank")

    def load() -> None:
        page.goto(address, wait_until="commit")
        served.player(page)

    return table.once(load)


def renamed(lesson: Lesson, turn: int) -> str:
    """The program with another name for its first leaf, or else its output: a change that the drawing shows."""
    targets = [node.targets[0] for node in ast.walk(ast.parse(lesson.program)) if isinstance(node, ast.Assign)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    name = names[0] if "import torch" in lesson.program else names[-1]
    return re.sub(rf"\b{name}\b", f"{name}{floor.MARK}{turn}", lesson.program)


if __name__ == "__main__":
    main()
