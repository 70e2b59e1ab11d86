"""A result in the cell of any notebook: it plays with no network, and under the policies that hosts are known to set.

`test_jupyter.py` opens a real Jupyter Lab.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import vizgraph

# What editors set around an output that is shown in a view of theirs: inline scripts and pictures, nothing loaded.
POLICIES = {
    "none": "",
    "an editor's": "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; child-src https: data: blob:",
}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("dark", [False, True])
def test_the_frame_plays_offline_as_dark_as_what_is_around_it(
    browser: Browser, tmp_path: Path, policy: str, dark: bool
) -> None:
    shown = vizgraph.visualize("y = x1*x2*x3", values={"x1": 1, "x2": 2, "x3": 3}, gradient=0.1)
    cell = tmp_path / "cell.html"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICIES[policy]}">'
    head = f"<!doctype html><meta charset='utf-8'>{meta}"
    body = f"<body style='background: {'#000' if dark else '#fff'}'><div>{shown._repr_html_()}</div>"
    cell.write_text(head + body, encoding="utf-8")
    context = browser.new_context(offline=True, color_scheme="light" if dark else "dark")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(cell.as_uri())
    inside = page.frame_locator("iframe")
    player = inside.locator("[data-vizgraph-player]")
    expect(player).to_be_visible()
    expect(player).to_have_attribute("data-theme", "dark" if dark else "light")
    expect(inside.locator(".vg-board")).to_have_attribute("data-theme", "dark" if dark else "light")
    ground = inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert ground == ("rgb(18, 21, 28)" if dark else "rgb(255, 255, 255)")
    inside.get_by_role("button", name="Last step").click()
    expect(inside.locator('[data-node="x1"] [data-role="gradient"]')).to_have_text("0.6")
    context.close()
    assert said == []


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_page_that_paints_no_ground_the_frame_is_as_dark_as_its_writing_needs(
    browser: Browser, tmp_path: Path, dark: bool
) -> None:
    shown = vizgraph.visualize("y = x*x", values={"x": 3})
    cell = tmp_path / "plain.html"
    scheme = "<meta name='color-scheme' content='dark'>" if dark else ""
    cell.write_text(f"<!doctype html><meta charset='utf-8'>{scheme}<div>{shown._repr_html_()}</div>", encoding="utf-8")
    page = browser.new_page(color_scheme="light" if dark else "dark")
    page.goto(cell.as_uri())
    player = page.frame_locator("iframe").locator("[data-vizgraph-player]")
    expect(player).to_have_attribute("data-theme", "dark" if dark else "light")
    page.close()
