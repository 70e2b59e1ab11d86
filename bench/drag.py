"""Count the frames while v is dragged in the seed lesson, and what one costs the page's thread in every lesson."""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page

import vizgraph
from bench import served, table
from bench.frames import IDLE
from vizgraph.lessons import Lesson, lesson, lessons

LESSON = "unknown_outer_function_math"
FRAMES = 120  # in which a hand moves
TRACED = ["devtools.timeline", "disabled-by-default-devtools.timeline"]

# Frames in which the number on the last leaf was another one than in the frame before, and all frames.
COUNT = """() => {
    const text = document.querySelector("[data-node='x1'] [data-role='gradient']");
    let start = 0, frames = 0, changes = 0, before = text.textContent, longest = 0, last = 0;
    const count = now => {
        if (window.dragged) { window.counted = {rate: 1000 * frames / (now - start), changes, longest}; return; }
        if (start) { frames += 1; longest = Math.max(longest, now - last); }
        start ||= now;
        last = now;
        if (text.textContent !== before) { before = text.textContent; changes += 1; }
        requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
}"""

# A hand that moves the mouse by 4 pixels, one step of the number, in every frame for two seconds.
DRAG = """entry => new Promise(done => {
    const box = entry.getBoundingClientRect();
    const send = (kind, dx) => entry.dispatchEvent(new PointerEvent(kind, {
        bubbles: true, composed: true, cancelable: true, pointerId: 1, button: 0, isPrimary: true,
        clientX: box.x + 5 + dx, clientY: box.y + 5,
    }));
    entry.setPointerCapture = () => {};
    send("pointerdown", 0);
    let step = 0;
    const move = () => {
        send("pointermove", 4 * ++step);
        if (step < 120) return requestAnimationFrame(move);
        send("pointerup", 4 * step);
        window.dragged = true;
        requestAnimationFrame(() => requestAnimationFrame(done));
    };
    requestAnimationFrame(move);
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, served.browser() as page:
        page.goto("about:blank")
        idle = page.evaluate(IDLE)
        show(page, lesson(LESSON), Path(folder))
        page.evaluate(COUNT)
        page.locator(".vg-entry.can-drag").first.evaluate(DRAG)
        page.wait_for_function("window.counted")
        counted = page.evaluate("window.counted")
        costs = {one.id: cost for one in lessons() if (cost := cost_of(page, one, Path(folder))) is not None}
    table.row(
        f"drag: frames while v moves, {counted['changes']} new numbers in {FRAMES} steps",
        f"{counted['rate']:.0f} /s",
        f"idle page {idle:.0f} /s, longest frame {counted['longest']:.0f} ms",
        "60 /s",
    )
    slowest = max(costs, key=costs.__getitem__)
    table.row(
        f"drag: a frame's time of the page's thread, {len(costs)} lessons",
        table.ms(statistics.median(costs.values())),
        f"most {table.ms(costs[slowest])} ({slowest})",
        "<= 5 ms",
    )


def show(page: Page, one: Lesson | None, folder: Path) -> None:
    """A lesson's stand-alone page at its last step."""
    assert one is not None
    picture = vizgraph.visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)
    file = Path(folder, f"{one.id}.html")
    file.write_text(picture.html(), encoding="utf-8")
    page.goto("about:blank")
    page.goto(file.as_uri())
    served.player(page).locator("button[aria-label='Last step']").click()


def cost_of(page: Page, one: Lesson, folder: Path) -> float | None:
    """Milliseconds of processor time that a frame of a drag takes: scripts, layout and painting, whatever else the
    machine does. None where there is no v to be dragged."""
    show(page, one, folder)
    entries = page.locator(".vg-entry.can-drag")
    if not entries.count():
        return None
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=TRACED)
    entries.first.evaluate(DRAG)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        event["tdur"]
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in threads and "tdur" in event
    ]
    return sum(tasks) / 1000 / FRAMES


if __name__ == "__main__":
    main()
