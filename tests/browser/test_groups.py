"""The groups of a large graph in a real browser: a page from a file, with no server."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import vizgraph
from tests.browser.watch import OpenFile
from tests.large import chain, gpt2

MILLISECONDS = 300
BLOCK = "g.vg-node.vg-group"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output, model = gpt2()
    return vizgraph.trace(output, names=model).save(tmp_path_factory.mktemp("gpt2") / "gpt2.html")


@pytest.fixture
def page(open_file: OpenFile, file: Path) -> Page:
    return open_file(file)


def steps(page: Page) -> int:
    return int(page.get_attribute("[data-vizgraph-player]", "data-steps") or "")


def block(page: Page, title: str) -> str:
    found = page.locator(BLOCK).filter(has_text=title)
    return found.first.get_attribute("data-node") or ""


def toggle(page: Page, group: str, key: str = "Enter") -> None:
    page.focus(f'[data-node="{group}"]')
    page.keyboard.press(key)


def test_a_group_opens_and_closes_in_place_with_its_beats(page: Page) -> None:
    before, nodes = steps(page), page.locator("[data-node]").count()
    group = block(page, "h.11")
    toggle(page, group)
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside).to_be_visible()
    assert steps(page) > before + 10
    frame = page.locator(f'[data-node="{group}"] .vg-box').bounding_box()
    held = inside.bounding_box()
    assert frame
    assert held
    assert frame["x"] <= held["x"]
    assert frame["y"] <= held["y"]
    assert held["x"] + held["width"] <= frame["x"] + frame["width"] + 1
    assert held["y"] + held["height"] <= frame["y"] + frame["height"] + 1
    title = page.locator(f'[data-node="{group}"] > .vg-name').bounding_box()
    sign = page.locator(f'[data-node="{group}"] > .vg-plus').bounding_box()
    assert title
    assert sign
    assert 0 < sign["x"] - title["x"] - title["width"] < 24  # the sign that closes it stands behind its title
    toggle(page, group)
    expect(inside).to_have_count(0)
    assert (steps(page), page.locator("[data-node]").count()) == (before, nodes)


def test_no_boxes_overlap_when_two_groups_are_open(page: Page) -> None:
    for title in ("h.3", "h.4"):
        group = block(page, title)
        toggle(page, group)
        expect(page.locator(f'[data-inside="{group}"]')).to_be_visible()
    places = page.evaluate(
        """() => [...document.querySelectorAll("[data-node]:not(.is-open) > .vg-box")].map((box) => {
          const { x, y, width, height } = box.getBoundingClientRect(); return [x, y, width, height]; })"""
    )
    assert len(places) > 50
    for i, (x, y, width, height) in enumerate(places):
        for a, b, wide, high in places[:i]:
            assert x >= a + wide - 0.5 or a >= x + width - 0.5 or y >= b + high - 0.5 or b >= y + height - 0.5


def test_the_end_holds_the_gradient_of_a_leaf_inside(page: Page) -> None:
    group = block(page, "h.7")
    toggle(page, group)
    leaf = page.locator('[data-node="h_7_ln_1_weight"] [data-role="gradient"]')
    expect(leaf).to_have_text("None")
    page.keyboard.press("End")
    expect(leaf).not_to_have_text("None")
    expect(page.locator('[data-node="h_7_ln_1_weight"]')).to_be_visible()


def test_opening_takes_no_longer_than_a_blink(page: Page) -> None:
    """Of five, the quickest, by the time that the browser's processor took: it does other work, too."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1e3 * next(one["value"] for one in metrics if one["name"] == "ProcessTime")

    group = block(page, "h.5")
    inside = page.locator(f'[data-inside="{group}"]')
    taken = []
    for _ in range(5):
        before = spent()
        toggle(page, group)
        expect(inside).to_be_visible()
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        taken.append(spent() - before)
        toggle(page, group)
        expect(inside).to_have_count(0)
    assert min(taken) <= MILLISECONDS


DRAWING = """() => {
  const { dataset } = document.querySelector("[data-vizgraph-player]");
  const svg = document.querySelector("svg.vg-drawing");
  const size = ["viewBox", "width", "height", "data-scale"].map((name) => svg.getAttribute(name));
  return [dataset.step, dataset.steps, size, svg.innerHTML];
}"""


def test_closing_a_group_leaves_the_drawing_as_it_was_before_it_was_opened(page: Page) -> None:
    outer = block(page, "h.6")
    page.focus(f'[data-node="{outer}"]')
    page.keyboard.press("End")
    before = page.evaluate(DRAWING)
    toggle(page, outer)
    expect(page.locator(f'[data-inside="{outer}"]')).to_be_visible()
    inner = page.locator(f'[data-inside="{outer}"] g.vg-group').first.get_attribute("data-node") or ""
    toggle(page, inner)
    expect(page.locator(f'[data-inside="{inner}"]')).to_be_visible()
    assert page.evaluate(DRAWING) != before
    toggle(page, outer)
    expect(page.locator("[data-inside]")).to_have_count(0)
    assert page.evaluate(DRAWING) == before


def test_closing_in_the_midst_of_an_inside_shows_the_beat_of_the_whole_group(page: Page) -> None:
    group = block(page, "h.6")
    toggle(page, group)
    expect(page.locator(f'[data-inside="{group}"]')).to_be_visible()
    lit = page.locator(f'[data-inside="{group}"] > .vg-node.is-active').first
    for _ in range(steps(page)):
        if lit.count():
            break
        page.keyboard.press("ArrowRight")
    expect(lit).to_be_visible()
    toggle(page, group)
    expect(page.locator("[data-inside]")).to_have_count(0)
    expect(page.locator(f'[data-node="{group}"]')).to_have_class(re.compile("is-active"))


def test_the_colours_of_sizes_reach_into_an_opened_group(page: Page) -> None:
    page.get_by_label("Colour").select_option("gradient")
    page.keyboard.press("End")
    group = block(page, "h.2")
    toggle(page, group)
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside.locator('.vg-node[data-heat="some"]').first).to_be_visible()
    assert inside.locator('.vg-leaf[data-heat="unknown"]').count() == 0
    unknown = inside.locator('.vg-node[data-heat="unknown"]:not(.vg-stub)')
    assert unknown.count() < inside.locator(".vg-node").count() / 4


PRESS = """(ids) => {
  for (const id of ids) {
    const group = document.querySelector(`[data-node="${id}"]`);
    group?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }
}"""


def test_a_group_that_is_closed_while_one_inside_of_it_opens_takes_that_with_it(page: Page) -> None:
    outer = block(page, "h.6")
    before = page.evaluate(DRAWING)
    toggle(page, outer)
    inner = page.locator(f'[data-inside="{outer}"] g.vg-group').first.get_attribute("data-node") or ""
    page.evaluate(PRESS, [inner, outer])  # at once: what is inside is still being unpacked
    expect(page.locator("[data-inside]")).to_have_count(0)
    toggle(page, outer)  # and the player goes on
    expect(page.locator(f'[data-inside="{outer}"]')).to_be_visible()
    toggle(page, outer)
    expect(page.locator("[data-inside]")).to_have_count(0)
    assert page.evaluate(DRAWING)[1:3] == before[1:3]


# What was opened is closed until nothing more comes; then the drawing must be what it was.
CLOSED = """(before) => {
  for (const group of document.querySelectorAll("g.vg-group.is-open"))
    group.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const svg = document.querySelector("svg.vg-drawing");
  return svg.querySelectorAll("[data-node], [data-edge]").length === before && !svg.querySelector("[data-inside]");
}"""

WRONG = """() => {
  const { dataset } = document.querySelector("[data-vizgraph-player]");
  const svg = document.querySelector("svg.vg-drawing");
  const all = (selector, name) => [...svg.querySelectorAll(selector)].map((one) => one.getAttribute(name)).sort();
  const [open, inside] = [all(".vg-group.is-open", "data-node"), all("[data-inside]", "data-inside")];
  const ids = all("[data-node]", "data-node");
  const slider = document.querySelector(".vg-slider");
  return [
    String(open) !== String(inside) && "an open group has its inside",
    new Set(ids).size !== ids.length && "every id is there once",
    (Number(dataset.step) > Number(dataset.steps)) && "the step is one of the steps",
    (slider.value !== dataset.step || slider.max !== dataset.steps) && "the slider stands at the step",
    /NaN|undefined|Infinity/.test(svg.outerHTML) && "every place is a number",
  ].filter(Boolean);
}"""


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_pressed_in_whatever_order_the_player_stays_whole(page: Page, seed: int) -> None:
    choose = random.Random(seed)
    before = page.locator("svg.vg-drawing").locator("[data-node], [data-edge]").count()
    for _ in range(40):
        act = choose.randrange(4)
        if act == 0:
            page.focus(".vg-graph")
            page.keyboard.press(choose.choice(["ArrowRight", "ArrowLeft", "Home", "End"]))
        elif act == 1:
            page.get_by_label("Colour").select_option(choose.choice(["none", "gradient", "forward", "share"]))
        else:
            groups = page.eval_on_selector_all("g.vg-group", "(all) => all.map((one) => one.dataset.node)")
            page.evaluate(PRESS, choose.sample(groups, min(len(groups), choose.choice([1, 1, 2, 5]))))
        assert page.evaluate(WRONG) == []
    page.wait_for_function(CLOSED, arg=before)
    assert page.evaluate(WRONG) == []


def test_the_share_of_a_leaf_goes_on_inside_of_an_opened_group(page: Page) -> None:
    page.get_by_label("Colour").select_option("share")
    page.keyboard.press("End")
    group = block(page, "h.2")
    toggle(page, group)
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside.locator('.vg-node[data-heat="some"]:not(.vg-stub)').first).to_be_visible()
    expect(inside.locator('.vg-stub[data-heat="some"]').first).to_be_visible()


def test_a_group_whose_inside_is_not_in_the_file_shows_no_plus_and_says_what_to_do(
    open_file: OpenFile, tmp_path: Path
) -> None:
    output, names = chain(2_500)
    shown = vizgraph.trace(output, names=names)
    page = open_file(shown.save(tmp_path / "chain.html"))
    outer = block(page, "part 9 of")
    toggle(page, outer)
    inner = page.locator(f'[data-inside="{outer}"] > g.vg-group').first
    expect(inner).to_have_class(re.compile("is-sealed"))
    expect(inner.locator(".vg-plus")).to_be_hidden()
    inner.focus()
    page.keyboard.press("Enter")
    note = page.get_by_role("alert").filter(has_text='.html(opened=["part 9.1"])')
    expect(note).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(note).to_be_hidden()
    again = open_file(shown.save(tmp_path / "opened.html", opened=["part 9.1"]))
    toggle(again, outer)
    toggle(
        again, inner_id := again.locator(f'[data-inside="{outer}"] > g.vg-group').first.get_attribute("data-node") or ""
    )
    expect(again.locator(f'[data-inside="{inner_id}"]')).to_be_visible()


BROKEN = """import torch
from torch import nn

class Step(nn.Module):
    def forward(self, x):
        return torch.sin(x) * torch.cos(x) + x

class Broken(nn.Module):
    def forward(self, x):
        return torch.sqrt(x * 0) * torch.cos(x) + x

x = torch.tensor(1.0, requires_grad=True)
model = nn.Sequential(*[Broken() if number == 20 else Step() for number in range(24)])
y = model(x)
y.backward()
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vizgraph.visualize(BROKEN).save(tmp_path_factory.mktemp("broken") / "broken.html")


@pytest.mark.parametrize("view", ["Math view", "Engine view"])
def test_a_finding_inside_of_a_closed_group_opens_it_and_is_lit(open_file: OpenFile, broken: Path, view: str) -> None:
    page = open_file(broken)
    page.get_by_text(view, exact=True).click()
    group = block(page, "model.20")
    page.get_by_role("region", name="Findings").get_by_role("button").first.click()
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside).to_be_visible()
    expect(inside.locator(".vg-node.is-active").filter(has_text="sqrt").first).to_be_visible()
    expect(page.locator("[data-inside]")).to_have_count(1)
