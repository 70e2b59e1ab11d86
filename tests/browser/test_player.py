"""The player as Streamlit mounts it: called again with every payload, inside a shadow root, without a policy."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.watch import watched
from vizgraph import web

ROOT = Path(__file__).parents[2]
PAYLOAD = json.loads((ROOT / "tests" / "web" / "payload.json").read_text(encoding="utf-8"))
LAST = len(PAYLOAD["views"]["math"]["beats"]) - 1

PAGE = """<!doctype html><title>player</title>
<div id="host" style="--st-background-color: #0e1117; --st-text-color: #fafafa; --st-font: sans-serif"></div>
<script type="module">
%s
const shadow = document.getElementById("host").attachShadow({ mode: "open" });
const style = document.createElement("style");
style.textContent = %s;
shadow.append(style);
window.told = [];
window.pressed = [];
addEventListener("keydown", (event) => pressed.push(event.key));
window.call = (data) => component({
  parentElement: shadow,
  data,
  setStateValue: (name, value) => told.push([name, value, shadow.querySelector("[data-playing]").dataset.playing]),
});
</script>
"""


@pytest.fixture(scope="module")
def empty_page(browser: Browser) -> Iterator[Page]:
    with watched(browser) as watch:
        page = watch.new_page(height=900)
        page.route(
            "**/*",
            lambda route: route.fulfill(body=PAGE % (web.script(), json.dumps(web.style())), content_type="text/html"),
        )
        yield page


@pytest.fixture
def page(empty_page: Page) -> Page:
    empty_page.goto("http://player.invalid/")
    return empty_page


def call(page: Page, data: dict[str, Any] | None) -> None:
    page.evaluate("data => { window.cleanup = call(data); }", data)


def player(page: Page) -> Any:
    return page.locator("[data-vizgraph-player]")


def go(page: Page, step: int) -> None:
    page.get_by_role("slider", name="Step").fill(str(step))
    expect(player(page)).to_have_attribute("data-step", str(step))


def scale(page: Page) -> float:
    return float(page.locator(".vg-graph > svg").get_attribute("data-scale") or 0)


def with_value(payload: dict[str, Any], text: str, **changes: Any) -> dict[str, Any]:
    """The payload of the same program with another value of x1."""
    changed = copy.deepcopy(payload)
    view = changed["views"]["math"]
    view["svg"] = view["svg"].replace(">2</text>", f">{text}</text>")
    return changed | changes


def test_a_call_shows_the_payload_where_python_wants_it(page: Page) -> None:
    call(page, PAYLOAD | {"step": 3, "view": "engine"})
    expect(player(page)).to_have_attribute("data-step", "3")
    expect(player(page)).to_have_attribute("data-view", "engine")


def test_calls_do_not_add_players(page: Page) -> None:
    call(page, PAYLOAD)
    call(page, PAYLOAD)
    expect(player(page)).to_have_count(1)


def test_without_a_payload_the_last_picture_stays_and_plays(page: Page) -> None:
    call(page, PAYLOAD)
    go(page, 2)
    call(page, None)
    call(page, {"projector": False})
    expect(player(page)).to_have_attribute("data-step", "2")
    go(page, LAST)
    expect(page.locator('[data-node="x1"] [data-role="gradient"]')).to_have_text("2")


def test_before_the_first_payload_there_is_nothing_to_see(page: Page) -> None:
    call(page, None)
    expect(player(page)).to_be_hidden()
    call(page, PAYLOAD)
    expect(player(page)).to_be_visible()


def test_other_values_of_the_same_program_keep_step_and_zoom(page: Page) -> None:
    call(page, PAYLOAD)
    go(page, 3)
    page.get_by_role("button", name="Zoom in").click()
    zoomed = scale(page)
    call(page, with_value(PAYLOAD, "7"))
    expect(page.locator('[data-node="x1"]')).to_contain_text("7")
    expect(player(page)).to_have_attribute("data-step", "3")
    assert scale(page) == zoomed


def test_another_program_starts_afresh(page: Page) -> None:
    call(page, PAYLOAD)
    fitted = scale(page)
    go(page, 3)
    page.get_by_role("button", name="Zoom in").click()
    page.locator('[data-node="x1"]').click()
    call(page, with_value(PAYLOAD, "7", key="another"))
    expect(player(page)).to_have_attribute("data-step", "0")
    expect(page.locator(".vg-card")).to_be_hidden()
    assert scale(page) == fitted


def test_a_step_beyond_the_new_end_becomes_the_end(page: Page) -> None:
    call(page, PAYLOAD)
    go(page, LAST)
    shorter = with_value(PAYLOAD, "7")
    del shorter["views"]["math"]["beats"][4]
    call(page, shorter)
    expect(player(page)).to_have_attribute("data-step", str(LAST - 1))


def test_the_same_payload_again_does_not_stop_the_playing(page: Page) -> None:
    call(page, PAYLOAD)
    page.get_by_role("button", name="Play").click()
    expect(player(page)).to_have_attribute("data-step", "2")
    call(page, PAYLOAD)
    expect(player(page)).to_have_attribute("data-playing", "true")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(player(page)).to_have_attribute("data-step", "3")


AT_ONCE = """steps => {
    const root = document.getElementById("host").shadowRoot, slider = root.querySelector("input.vg-slider");
    for (const step of steps) {
        slider.value = step;
        slider.dispatchEvent(new Event("input"));
    }
    root.querySelector("button[aria-label=Play]").click();
}"""


def test_python_hears_of_a_settled_step_and_never_while_playing(page: Page) -> None:
    call(page, PAYLOAD)
    page.get_by_role("combobox", name="Speed").select_option("2")
    page.evaluate(AT_ONCE, [1, 2, 1])  # a slow machine would let one of them settle
    expect(player(page)).to_have_attribute("data-step", str(LAST))
    page.evaluate(
        "() => new Promise((done) => { const wait = () => told.length ? done() : setTimeout(wait, 20); wait(); })"
    )
    assert page.evaluate("told") == [["step", LAST, "false"]]


def test_python_hears_of_picks_and_of_the_view(page: Page) -> None:
    call(page, PAYLOAD)
    page.locator('[data-node="x1"]').click()
    page.locator('[data-node="x1"]').click()
    page.get_by_role("button", name="Engine view").click()
    heard = [item[:2] for item in page.evaluate("told")]
    assert heard == [["picked", "x1"], ["picked", None], ["view", "engine"]]


def test_python_may_change_the_view(page: Page) -> None:
    call(page, PAYLOAD)
    call(page, PAYLOAD | {"view": "engine"})
    expect(player(page)).to_have_attribute("data-view", "engine")


def test_the_projector_is_a_switch_of_the_same_picture(page: Page) -> None:
    call(page, PAYLOAD)
    ordinary = scale(page)
    go(page, 3)
    call(page, PAYLOAD | {"projector": True})
    expect(player(page)).to_have_class("vg-player is-projector")
    expect(player(page)).to_have_attribute("data-step", "3")
    assert scale(page) > ordinary
    call(page, PAYLOAD | {"projector": False})
    assert scale(page) == ordinary


def test_keys_stay_in_the_player_except_with_a_modifier(page: Page) -> None:
    call(page, PAYLOAD)
    page.locator(".vg-graph").focus()
    for key in ("r", "c", "ArrowRight", "Control+m"):
        page.keyboard.press(key)
    assert page.evaluate("pressed") == ["Control", "m"]


def test_the_clean_up_of_an_overtaken_call_leaves_the_player_alone(page: Page) -> None:
    call(page, PAYLOAD)
    page.evaluate("() => { cleanup(); return new Promise((done) => setTimeout(done)); }")
    expect(player(page)).to_be_visible()


def test_when_its_place_is_gone_the_player_goes(page: Page) -> None:
    call(page, PAYLOAD)
    left = page.evaluate(
        """() => {
            const host = document.getElementById("host");
            host.remove();
            cleanup();
            const found = () => host.shadowRoot.querySelector("[data-vizgraph-player]");
            return new Promise((done) => setTimeout(() => done(found())));
        }"""
    )
    assert left is None


def test_inside_streamlit_the_theme_is_streamlits(page: Page) -> None:
    call(page, PAYLOAD)
    expect(player(page)).to_have_attribute("data-theme", "dark")
    expect(player(page)).to_have_css("background-color", "rgb(14, 17, 23)")


def test_nothing_in_a_drawing_runs_or_loads(page: Page) -> None:
    payload = copy.deepcopy(PAYLOAD)
    view = payload["views"]["math"]
    view["svg"] = view["svg"].replace(
        "</svg>",
        '<script>window.ran = 1</script><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" '
        'onerror="window.ran = 1"/></body></foreignObject><image href="/x.png" onerror="window.ran = 1"/>'
        '<a href="javascript:window.ran=1"><text>a</text></a><animate onbegin="window.ran = 1" attributeName="x"/>'
        '<g class="vg-probe" id="known" onclick="window.ran = 1" onload="window.ran = 1" style="fill:red" x="3"/>'
        "</svg>",
    )
    call(page, payload | {"key": "hostile"})
    page.locator('[data-node="x1"]').click()
    assert page.locator(".vg-graph :is(script, foreignObject, image, img, a, animate)").count() == 0
    assert page.locator(".vg-probe").evaluate("one => one.getAttributeNames()") == ["class", "x"]
    assert page.evaluate("window.ran") is None


def test_a_drawing_that_is_no_svg_breaks_nothing(page: Page) -> None:
    call(page, PAYLOAD)
    broken = copy.deepcopy(PAYLOAD)
    broken["views"]["math"]["svg"] = "<svg><not closed"
    call(page, broken)
    expect(page.get_by_role("status")).to_have_text(PAYLOAD["views"]["math"]["beats"][0]["sentence"])
    call(page, PAYLOAD)
    expect(page.locator('[data-node="x1"]')).to_be_visible()
