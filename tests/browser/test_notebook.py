"""A result in the cell of a notebook: what a notebook inserts plays in a page of its own, with no network.

Jupyter Lab itself is not installed here; it puts the same text into the page.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

import vizgraph


def test_the_frame_plays_offline(browser: Browser, tmp_path: Path) -> None:
    shown = vizgraph.visualize("y = x1*x2*x3", values={"x1": 1, "x2": 2, "x3": 3}, gradient=0.1)
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!doctype html><meta charset='utf-8'><div>{shown._repr_html_()}</div>", encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(cell.as_uri())
    inside = page.frame_locator("iframe")
    player = inside.locator("[data-vizgraph-player]")
    expect(player).to_be_visible()
    inside.get_by_role("button", name="Last step").click()
    expect(inside.locator('[data-node="x1"] [data-role="gradient"]')).to_have_text("0.6")
    context.close()
    assert said == []
