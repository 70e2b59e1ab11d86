"""Count the frames while v is dragged in the seed lesson, beside a page on which nothing moves."""

from __future__ import annotations

import tempfile
from pathlib import Path

import vizgraph
from bench import served, table
from bench.frames import IDLE
from vizgraph.lessons import lesson

LESSON = "unknown_outer_function_math"

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
    one = lesson(LESSON)
    assert one is not None
    picture = vizgraph.visualize(one.program, values=one.values, gradient=one.gradient)
    with tempfile.TemporaryDirectory() as folder, served.browser() as page:
        file = Path(folder, "seed.html")
        file.write_text(picture.html(), encoding="utf-8")
        page.goto("about:blank")
        idle = page.evaluate(IDLE)
        page.goto(file.as_uri())
        player = served.player(page)
        player.locator("button[aria-label='Last step']").click()
        page.evaluate(COUNT)
        player.locator(".vg-entry").first.evaluate(DRAG)
        page.wait_for_function("window.counted")
        counted = page.evaluate("window.counted")
    table.row(
        f"drag: frames while v moves, {counted['changes']} new numbers in 120 steps",
        f"{counted['rate']:.0f} /s",
        f"idle page {idle:.0f} /s, longest frame {counted['longest']:.0f} ms",
        "60 /s",
    )


if __name__ == "__main__":
    main()
