"""Count the frames while one step moves in a graph of 500 nodes, beside a page on which nothing moves."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import vizgraph
from bench import served, table

PROGRAM = "y = x\nfor i in range(166):\n    y = sin(y) * 1.01 + 0.1\n"  # 498 operations
STEPS = 20

IDLE = """() => new Promise(done => {
    let start = 0, frames = 0;
    const count = now => {
        start ||= now;
        if (now - start > 1000) return done(1000 * frames / (now - start));
        frames += 1;
        requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
})"""

# One press of Next, frames counted while the player says that it moves; null where that beat moves nothing.
MOVING = """player => new Promise(done => {
    let pressed = 0, start = 0, frames = 0;
    player.querySelector("button[aria-label='Next step']").click();
    const count = now => {
        pressed ||= now;
        const moves = player.dataset.moving === "true";
        if (moves && start) frames += 1;
        else if (moves) start = now;
        else if (start) return done(1000 * frames / (now - start));
        else if (now - pressed > 500) return done(null);
        requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
})"""


def main() -> None:
    picture = vizgraph.visualize(PROGRAM, values={"x": 0.5})
    nodes = len(picture.to_dict()["views"]["math"]["nodes"])
    with tempfile.TemporaryDirectory() as folder, served.browser() as page:
        file = Path(folder, "large.html")
        file.write_text(picture.html(), encoding="utf-8")
        page.goto("about:blank")
        idle = page.evaluate(IDLE)
        page.goto(file.as_uri())
        player = served.player(page)
        rates = [rate for _ in range(STEPS) if (rate := player.evaluate(MOVING))]
    table.row(
        f"frames: one step moves, {nodes} nodes",
        f"{statistics.median(rates):.0f} /s",
        f"idle page {idle:.0f} /s, worst step {min(rates):.0f} /s",
        "60 /s",
    )


if __name__ == "__main__":
    main()
