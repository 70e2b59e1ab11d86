"""Time the opening and the closing of a group of GPT-2 in the browser, beside the painting of its inside alone."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import vizgraph
from bench import served, table
from tests.large import gpt2

TIMES = 7
TITLE = "h.5"

PAINTED = "const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));"

# Press Enter on the group; milliseconds until its inside has come, or gone, and is painted.
TOGGLE = f"""async (id) => {{
    {PAINTED}
    const group = document.querySelector(`[data-node="${{id}}"]`);
    const isOpen = () => document.querySelector(`[data-inside="${{id}}"]`) !== null;
    const [was, start] = [isOpen(), performance.now()];
    group.focus();
    group.dispatchEvent(new KeyboardEvent("keydown", {{ key: "Enter", bubbles: true }}));
    while (isOpen() === was) await new Promise((done) => setTimeout(done));
    await painted();
    return performance.now() - start;
}}"""

# The least that opening could cost: the elements of the inside are put into the drawing and painted.
FLOOR = f"""async (id) => {{
    {PAINTED}
    const copy = document.querySelector(`[data-inside="${{id}}"]`).cloneNode(true);
    const start = performance.now();
    document.querySelector("svg.vg-drawing").append(copy);
    await painted();
    const taken = performance.now() - start;
    copy.remove();
    return taken;
}}"""


def main() -> None:
    output, names = gpt2()
    with tempfile.TemporaryDirectory() as folder, served.browser() as page:
        page.goto(vizgraph.trace(output, names=names).save(Path(folder, "gpt2.html")).as_uri())
        served.player(page)
        id = page.locator("g.vg-group").filter(has_text=TITLE).first.get_attribute("data-node")
        opening, closing, floor = [], [], []
        for _ in range(TIMES):
            opening.append(page.evaluate(TOGGLE, id))
            floor.append(page.evaluate(FLOOR, id))
            closing.append(page.evaluate(TOGGLE, id))
    least = f"its elements alone {statistics.median(floor):.0f} ms"
    for what, taken in (("opens", opening), ("closes", closing)):
        worst = f"{least}, slowest {max(taken):.0f} ms"
        table.row(f"group of GPT-2 {what} in place", table.ms(statistics.median(taken)), worst, "<= 300 ms")


if __name__ == "__main__":
    main()
