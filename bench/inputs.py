"""Time a value that is dragged in the graph: from where the hand rests to the new numbers, painted."""

from __future__ import annotations

import statistics

from playwright.sync_api import Page

from bench import served, table

LESSONS = ("unknown_outer_function_math", "two_paths", "gates")  # their inputs are fields, not lines of a program
TIMES = 9
STEP = 8  # pixels that the hand moves for each new value

# From the last move of the hand to the frame after the one in which another value of the graph is new.
WATCH = """(player, own) => { window.settled = new Promise((done, fail) => {
    let rested = 0;
    setTimeout(() => fail(new Error("no new number was painted")), 20000);
    document.addEventListener("pointermove", event => { rested = event.timeStamp; }, true);
    const read = () => [...player.querySelectorAll("[data-node] .vg-value")].filter(one => !own.contains(one))
        .map(one => one.textContent).join();
    const before = read();
    const look = () => {
        if (!rested || read() === before) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - rested)));
    };
    look();
}); }"""


def main() -> None:
    with served.browser() as page, served.app("app.py") as (address, _):
        painted = {id: statistics.median(times(page, f"{address}?lesson={id}")) for id in LESSONS}
    slowest = max(painted, key=painted.__getitem__)
    table.row(
        "input dragged: from rest to painted, median of three lessons",
        table.ms(statistics.median(painted.values())),
        f"25 of it to know that it rests; slowest {table.ms(painted[slowest])} ({slowest})",
        "<= 100 ms",
    )


def times(page: Page, address: str) -> list[float]:
    page.goto(address)
    player = served.player(page)
    page.wait_for_selector(served.AT_REST)
    node = player.locator("[data-node]:has(.vg-value.can-drag)").first
    box = node.locator(".vg-value").bounding_box()
    if box is None:
        raise SystemExit("bench: there is no value to drag")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    own = node.element_handle()
    found = []
    for number in range(1, TIMES + 1):
        player.evaluate(WATCH, own)
        page.mouse.move(x + STEP * number, y)
        found.append(float(page.evaluate("window.settled")))
    page.mouse.up()
    return found


if __name__ == "__main__":
    main()
