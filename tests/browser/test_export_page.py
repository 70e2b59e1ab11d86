"""The stand-alone page in a real browser: from a file, with no network."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Page, expect
from torch import Tensor

import vizgraph
from tests.browser.watch import OpenFile
from vizgraph import visualize
from vizgraph.player import export
from vizgraph.visualization import Visualization

PAYLOAD = json.loads((Path(__file__).parents[1] / "web" / "payload.json").read_text(encoding="utf-8"))
LAST = len(PAYLOAD["views"]["math"]["beats"]) - 1

Open = Callable[..., Page]


@pytest.fixture
def open_page(open_file: OpenFile, tmp_path: Path) -> Open:
    """Open a payload's page."""

    def open_it(payload: dict[str, Any] = PAYLOAD, **options: Any) -> Page:
        file = tmp_path / "page.html"
        file.write_text(export.page(payload), encoding="utf-8")
        return open_file(file, **options)

    return open_it


def player(page: Page) -> Any:
    return page.locator("[data-vizgraph-player]")


def go(page: Page, step: int) -> None:
    page.get_by_role("slider", name="Step").fill(str(step))
    expect(player(page)).to_have_attribute("data-step", str(step))


def gradient(page: Page, node: str) -> Any:
    return page.locator(f'[data-node="{node}"] [data-role="gradient"]')


def scale(page: Page) -> float:
    return float(page.locator(".vg-graph > svg").get_attribute("data-scale") or 0)


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


# --- playing --------------------------------------------------------------------


def test_it_waits_at_the_forward_pass_with_nothing_dimmed(open_page: Open) -> None:
    page = open_page()
    expect(player(page)).to_have_attribute("data-step", "0")
    expect(player(page)).to_have_attribute("data-steps", str(LAST))
    expect(player(page)).to_have_attribute("data-playing", "false")
    expect(page.get_by_role("status")).to_have_text(PAYLOAD["views"]["math"]["beats"][0]["sentence"])
    expect(page.locator(".is-dim")).to_have_count(0)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_play_ends_with_the_gradients_on_the_leaves(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("combobox", name="Speed").select_option("2")
    page.get_by_role("button", name="Play").click()
    expect(player(page)).to_have_attribute("data-playing", "true")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(player(page)).to_have_attribute("data-playing", "false")
    expect(player(page)).to_have_attribute("data-step", str(LAST))
    expect(gradient(page, "x1")).to_have_text("2")
    expect(gradient(page, "x2")).to_have_text("1")


def test_play_at_the_end_begins_again(open_page: Open) -> None:
    page = open_page()
    go(page, LAST)
    page.get_by_role("button", name="Play").click()
    expect(player(page)).to_have_attribute("data-step", "0")
    expect(player(page)).to_have_attribute("data-step", "1")
    page.get_by_role("button", name="Pause").click()
    expect(player(page)).to_have_attribute("data-playing", "false")


def test_the_numbers_of_a_step_appear_when_its_move_has_arrived(open_page: Open) -> None:
    page = open_page()
    go(page, 1)
    before, label = page.evaluate(
        """() => {
            document.querySelector('[aria-label="Next step"]').click();
            const root = document.querySelector("[data-vizgraph-player]");
            const text = document.querySelector('[data-node="mul_1"] [data-role="gradient"]').textContent;
            return [[root.dataset.step, root.dataset.moving, text],
                    [...document.querySelectorAll(".vg-traveller text")].map((text) => text.textContent)];
        }"""
    )
    assert before == ["2", "true", ""]
    assert label == ["0.5", "0.5"]
    expect(player(page)).to_have_attribute("data-moving", "false")
    expect(gradient(page, "mul_1")).to_have_text("0.5")
    expect(page.locator(".vg-traveller")).to_have_count(0)


def test_a_number_travels_from_the_consumer_to_the_input(open_page: Open) -> None:
    page = open_page()
    go(page, 1)
    path = page.evaluate(
        """() => new Promise((resolve) => {
            const heights = [];
            document.querySelector('[aria-label="Next step"]').click();
            const look = () => {
                const traveller = document.querySelector(".vg-traveller");
                if (!traveller) return resolve(heights);
                const { y, height } = traveller.getBoundingClientRect();
                heights.push(y + height / 2);
                requestAnimationFrame(look);
            };
            look();
        })"""
    )
    assert path[0] == pytest.approx(box(page, '[data-node="add_1"]')["y"], abs=12)
    assert path[-1] == pytest.approx(box(page, '[data-node="mul_1"]')["bottom"], abs=12)
    assert path == sorted(path, reverse=True)


def test_reduced_motion_cuts_instead_of_moving(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    go(page, 1)
    state = page.evaluate(
        """() => {
            document.querySelector('[aria-label="Next step"]').click();
            return [document.querySelector("[data-vizgraph-player]").dataset.moving,
                    document.querySelector('[data-node="mul_1"] [data-role="gradient"]').textContent];
        }"""
    )
    assert state == ["false", "0.5"]


def test_only_the_active_part_is_lit(open_page: Open) -> None:
    page = open_page()
    go(page, 3)
    lit = page.locator(".is-active").evaluate_all("all => all.map(g => g.dataset.node ?? g.dataset.edge)")
    assert sorted(lit) == ["mul_1", "x1_mul_1_0", "x2_mul_1_1"]
    expect(page.locator(".is-dim")).to_have_count(5)
    go(page, LAST)
    expect(page.locator(".is-dim, .is-active")).to_have_count(0)


def test_a_step_looks_the_same_from_before_and_from_after(open_page: Open) -> None:
    page = open_page()
    drawing = page.locator(".vg-graph > svg")
    go(page, 3)
    before = drawing.evaluate("svg => svg.outerHTML")
    go(page, LAST)
    go(page, 3)
    assert drawing.evaluate("svg => svg.outerHTML") == before


def test_nothing_jumps_from_step_to_step(open_page: Open) -> None:
    page = open_page(width=700)
    places = set()
    for step in range(LAST + 1):
        go(page, step)
        places.add(box(page, ".vg-controls")["y"])
    assert len(places) == 1


# --- keys, slider, views ----------------------------------------------------------


def test_keys_step_while_the_player_has_focus(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    page.locator(".vg-graph").focus()
    for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", LAST), ("Home", 0)):
        page.keyboard.press(key)
        expect(player(page)).to_have_attribute("data-step", str(step))
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-playing", "true")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-playing", "false")


def test_keys_of_the_slider_count_once(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    slider = page.get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(player(page)).to_have_attribute("data-step", "1")
    assert slider.get_attribute("aria-valuetext") == f"Step 1 of {LAST}"
    expect(page.locator(".vg-counter")).to_have_text(f"Step 1 of {LAST}")


def test_the_keyboard_is_not_lost_at_the_last_step(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    page.get_by_role("button", name="Last step").click()
    page.keyboard.press("Home")
    expect(player(page)).to_have_attribute("data-step", "0")


def test_keys_zoom_and_fit(open_page: Open) -> None:
    page = open_page()
    fitted = scale(page)
    page.locator(".vg-graph").focus()
    page.keyboard.press("+")
    assert scale(page) == pytest.approx(fitted * 1.25)
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert scale(page) == pytest.approx(fitted / 1.25)
    page.keyboard.press("0")
    assert scale(page) == fitted


def test_the_other_view_tells_the_same_moment(open_page: Open) -> None:
    page = open_page()
    go(page, 3)
    page.get_by_role("button", name="Engine view").click()
    expect(player(page)).to_have_attribute("data-view", "engine")
    expect(player(page)).to_have_attribute("data-step", "3")
    expect(page.get_by_role("button", name="Engine view")).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-node="MulBackward0_1"]')).to_be_visible()
    expect(page.locator('[data-node="mul_1"]')).to_have_count(0)


# --- zoom and pan -----------------------------------------------------------------


def test_ctrl_and_wheel_zoom_at_the_pointer(open_page: Open) -> None:
    page = open_page()
    node = box(page, '[data-node="x1"] .vg-box')
    x, y = node["x"] + 10, node["y"] + 10
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    zoomed = box(page, '[data-node="x1"] .vg-box')
    factor = zoomed["width"] / node["width"]
    assert factor > 1.1
    assert (zoomed["x"] + 10 * factor, zoomed["y"] + 10 * factor) == pytest.approx((x, y), abs=1)


def test_the_bare_wheel_scrolls_the_page_until_the_graph_was_clicked(open_page: Open) -> None:
    page = open_page(height=500)
    fitted = scale(page)
    graph = box(page, ".vg-graph")
    page.mouse.move(graph["x"] + 20, graph["y"] + 20)
    page.evaluate(
        "() => { window.scrolled = new Promise((done) => addEventListener('scroll', done, { once: true })); }"
    )
    page.mouse.wheel(0, 60)
    page.evaluate("() => window.scrolled.then(() => true)")
    assert scale(page) == fitted
    page.mouse.click(graph["x"] + 20, graph["y"] + 60)
    page.mouse.wheel(0, -60)
    expect(page.locator(".vg-graph > svg")).not_to_have_attribute("data-scale", str(fitted))
    assert scale(page) > fitted


def test_dragging_moves_the_picture_and_picks_nothing(open_page: Open) -> None:
    page = open_page()
    node = box(page, '[data-node="x1"] .vg-box')
    page.mouse.move(node["x"] + 20, node["y"] + 20)
    page.mouse.down()
    page.mouse.move(node["x"] + 80, node["y"] + 50, steps=4)
    page.mouse.up()
    moved = box(page, '[data-node="x1"] .vg-box')
    assert (moved["x"] - node["x"], moved["y"] - node["y"]) == pytest.approx((60, 30), abs=0.5)
    expect(page.locator(".vg-card")).to_be_hidden()
    page.locator(".vg-graph").dblclick(position={"x": 5, "y": 5})
    assert box(page, '[data-node="x1"] .vg-box') == pytest.approx(node, abs=0.5)


# --- cards ------------------------------------------------------------------------


def rows(page: Page) -> dict[str, str]:
    labels = page.locator(".vg-card dt").all_text_contents()
    return dict(zip(labels, page.locator(".vg-card dd").all_text_contents(), strict=True))


def test_a_click_shows_the_card_beside_the_graph_and_another_hides_it(open_page: Open) -> None:
    page = open_page()
    page.locator('[data-node="x1"]').click()
    expect(page.locator(".vg-card h3")).to_have_text("x1")
    assert box(page, ".vg-graph")["right"] < box(page, ".vg-card")["x"]
    page.locator('[data-node="x1"]').click()
    expect(page.locator(".vg-card")).to_be_hidden()


def test_where_there_is_little_room_the_card_is_below(open_page: Open) -> None:
    page = open_page(width=640)
    page.locator('[data-node="x1"]').click()
    assert box(page, ".vg-graph")["bottom"] < box(page, ".vg-card")["y"]


def test_a_card_knows_only_what_has_arrived(open_page: Open) -> None:
    page = open_page()
    page.locator('[data-node="x1"]').click()
    assert rows(page) == {
        "kind": "leaf",
        "value": "2",
        "gradient": "not yet",
        "from add_1": "not yet",
        "from mul_1": "not yet",
    }
    go(page, 3)
    assert rows(page)["from add_1"] == "0.5"
    assert rows(page)["gradient"] == "not yet"
    go(page, LAST)
    assert rows(page)["gradient"] == "2"


def test_an_edge_has_a_card(open_page: Open) -> None:
    page = open_page()
    go(page, 3)
    page.locator('[data-edge="x1_mul_1_0"] text').click()
    expect(page.locator(".vg-card h3")).to_have_text("x1 → y")
    assert rows(page) == {"local Jacobian": "3", "contribution": "1.5"}


def test_enter_opens_a_card_and_escape_closes_it(open_page: Open) -> None:
    page = open_page()
    page.locator('[data-node="mul_1"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".vg-card h3")).to_have_text("y")
    page.keyboard.press("Escape")
    expect(page.locator(".vg-card")).to_be_hidden()


# --- looks ------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 21, 28)")])
def test_it_is_light_or_dark_as_the_reader_prefers(open_page: Open, scheme: str, ground: str) -> None:
    page = open_page(color_scheme=scheme)
    expect(player(page)).to_have_attribute("data-theme", scheme)
    expect(player(page)).to_have_css("background-color", ground)


def test_no_text_is_below_24_pixels_at_a_projector(open_page: Open) -> None:
    page = open_page(width=1920, height=1080, anchor="#projector")
    go(page, 3)
    page.locator('[data-node="x1"]').click()
    sizes = page.evaluate(
        """() => {
            const shown = [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility() &&
                [...one.childNodes].some((inner) => inner.nodeType === 3 && inner.data.trim()));
            const scale = Number(document.querySelector(".vg-graph > svg").dataset.scale);
            const zoom = (one) => one.namespaceURI.endsWith("svg") ? scale : 1;
            return shown.map((one) => [one.textContent, parseFloat(getComputedStyle(one).fontSize) * zoom(one)]);
        }"""
    )
    assert len(sizes) > 15
    assert [(text, size) for text, size in sizes if size < 23.99] == []


def chain(length: int) -> dict[str, Any]:
    """A payload whose drawing is much wider than any screen: a row of nodes, and a beat for every edge."""
    nodes = "".join(
        f'<g class="vg-node vg-operation" data-node="n{i}" transform="translate({i * 160} 20)">'
        f'<rect class="vg-box" width="90" height="50"/><text class="vg-name" x="10" y="25">n{i}</text>'
        f'<text data-role="gradient" x="80" y="44" text-anchor="end"></text></g>'
        for i in range(length)
    )
    edges = "".join(
        f'<g class="vg-edge" data-edge="e{i}" data-source="n{i}" data-target="n{i + 1}">'
        f'<path class="vg-line" d="M{i * 160 + 90} 45C{i * 160 + 110} 45 {i * 160 + 140} 45 {i * 160 + 160} 45"/></g>'
        for i in range(length - 1)
    )
    width = length * 160
    steps = [
        {"kind": "multiply", "sentence": f"n{i}", "formula": "", "nodes": [f"n{i}", f"n{i + 1}"], "edges": [f"e{i}"],
         "moves": [f"e{i}"], "gradients": {f"n{i}": "1"}, "contributions": {f"e{i}": "1"}}
        for i in reversed(range(length - 1))
    ]  # fmt: skip
    root = f'<svg xmlns="http://www.w3.org/2000/svg" class="vg-drawing" viewBox="0 0 {width} 90">'
    view = {
        "svg": f"{root}{edges}{nodes}</svg>",
        "width": width,
        "height": 90,
        "beats": [{"kind": "start", "sentence": "", "formula": ""}, *steps],
        "nodes": {},
        "edges": {},
    }
    return {**PAYLOAD, "key": "chain", "views": {"math": view}}


@pytest.mark.parametrize("anchor", ["", "#projector"])
def test_what_is_lit_is_in_sight(open_page: Open, anchor: str) -> None:
    page = open_page(chain(60), reduced_motion="reduce", anchor=anchor)
    graph = box(page, ".vg-graph")
    for step in (1, 2, 20, 40, 59):
        go(page, step)
        for lit in page.locator(".vg-node.is-active").all():
            where = lit.bounding_box()
            assert where is not None
            assert graph["x"] <= where["x"]
            assert where["x"] + where["width"] <= graph["right"]


def test_the_tab_key_brings_what_it_reaches_into_sight(open_page: Open) -> None:
    page = open_page(chain(20), reduced_motion="reduce")
    graph = box(page, ".vg-graph")
    page.locator(".vg-graph").focus()
    page.keyboard.press("Tab")
    first = box(page, ":focus")
    assert page.locator(":focus").get_attribute("data-node") == "n0"
    assert (graph["x"] <= first["x"], first["right"] <= graph["right"]) == (True, True)


# --- strangers' text --------------------------------------------------------------


def test_what_strangers_wrote_is_text(open_page: Open) -> None:
    bad = "<img src=x onerror='window.ran = 1'></script><script>window.ran = 1</script>\u2028&amp;"
    payload = copy.deepcopy(PAYLOAD)
    view = payload["views"]["math"]
    view["beats"][0] |= {"sentence": bad, "formula": bad, "gradients": {"x1": bad}}
    view["nodes"]["x1"] = {"title": bad, "rows": [[bad, bad]]}
    page = open_page(payload | {"title": bad, "source": bad})
    page.locator('[data-node="x1"]').click()
    for place in (page.get_by_role("status"), page.locator(".vg-card h3"), gradient(page, "x1")):
        assert place.text_content() == bad
    assert page.locator("h1").text_content() == f"vizgraph{bad}"
    assert page.locator("main :is(img, script)").count() == 0
    assert page.evaluate("window.ran") is None


def test_the_program_stands_below_with_the_line_of_the_step_lit(open_page: Open) -> None:
    page = open_page(PAYLOAD | {"source": "y = x1*x2\nz = y + x1\n"})
    expect(page.locator("main li")).to_have_text(["y = x1*x2", "z = y + x1"])
    go(page, 2)
    expect(page.locator("main li.is-active")).to_have_text("z = y + x1")


# --- what autograd holds --------------------------------------------------------


def traced() -> Visualization:
    """Live code with a hook, a written slice, a view, two results and a function that passes nothing on."""
    x, lost = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), torch.ones(2, requires_grad=True)
    with vizgraph.record() as recording:
        hidden = x * torch.tensor([0.5, -1.0], requires_grad=True)
        hidden.register_hook(lambda gradient: gradient * 10)
        first, second = hidden.unbind()
        table = torch.zeros(2, 2) + x.sum() * 0
        table[0] = first
        table[1].mul_(second)
        loss = table.t()[0].sum() + second.sum() + Absent.apply(lost).sum()
    return recording.trace(loss)


class Absent(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> None:
        return None


def test_what_autograd_holds_of_a_node_stands_inside_of_its_box_and_covers_nothing(open_page: Open) -> None:
    page = open_page(traced().payload("engine"))
    page.get_by_role("button", name="Last step").click()
    notes = page.locator(".vg-note")
    assert {"writes [0, :]", "hook", "custom"} <= set(" · ".join(notes.all_text_contents()).split(" · "))
    overlaps = page.evaluate("""() => {
      const found = [];
      const box = (one) => one.getBoundingClientRect();
      const apart = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
      const meet = (a, b) => !apart(a, b) && !apart(b, a);
      for (const node of document.querySelectorAll(".vg-node")) {
        const around = box(node.querySelector(".vg-box"));
        const texts = [...node.querySelectorAll("text")].filter((one) => one.textContent);
        for (const text of texts) {
          const own = box(text);
          const across = own.left < around.left || own.right > around.right;
          if (across || own.top < around.top - 2 || own.bottom > around.bottom + 2)
            found.push(`${text.textContent} leaves ${node.dataset.node}`);
        }
      }
      for (const result of document.querySelectorAll(".vg-result"))
        for (const other of document.querySelectorAll(".vg-chip, .vg-box"))
          if (meet(box(result), box(other))) found.push(`${result.textContent} covers ${other.getAttribute("class")}`);
      return found;
    }""")
    assert overlaps == []
    assert sorted(page.locator(".vg-result").all_text_contents()) == ["[0]", "[1]", "[1]"]


def test_a_hook_is_a_step_that_says_what_it_made(open_page: Open) -> None:
    picture = traced()
    page = open_page(picture.payload("engine"))
    beats = picture.timelines["engine"].beats
    hook = next(number for number, beat in enumerate(beats) if beat.kind == "hook")
    (node,) = beats[hook].nodes
    for step, arrived in ((hook - 1, "[[1, 0], [1, 1]]"), (hook, "[[10, 0], [10, 10]]")):
        go(page, step)
        expect(gradient(page, node)).to_have_text(arrived)
    expect(page.get_by_role("status")).to_contain_text("A hook of the program makes [[10, 0], [10, 10]]")
    none = next(beat.edges[0] for beat in beats if beat.kind == "none")
    go(page, len(beats) - 1)
    expect(page.locator(f'[data-edge="{none}"] [data-role="contribution"]')).to_have_text("None")


# --- on a phone -------------------------------------------------------------------


WHERE = """import torch
a = torch.tensor([0.0, 1.0, 4.0], requires_grad=True)
b = torch.where(a > 0, torch.sqrt(a), torch.zeros(3))
loss = b.sum()
loss.backward()
"""


def test_on_a_phone_the_map_hides_no_node_and_no_v_where_there_is_room_beside_them(
    open_file: OpenFile, tmp_path: Path
) -> None:
    page = open_file(visualize(WHERE).save(tmp_path / "where.html"), width=390, height=844, reduced_motion="reduce")
    small = page.locator(".vg-map")
    expect(small).to_be_visible()
    for step in range(int(player(page).get_attribute("data-steps") or 0) + 1):
        go(page, step)
        hidden = small.evaluate(
            """map => {
                const { left, right, top, bottom } = map.getBoundingClientRect();
                const boxes = document.querySelectorAll("[data-node] .vg-box, .vg-seed .vg-box");
                return [...boxes].map(box => box.getBoundingClientRect())
                    .filter(box => box.left < right && box.right > left && box.top < bottom && box.bottom > top).length;
            }"""
        )
        assert hidden == 0, step


def test_live_code_says_nothing_of_a_derivation_that_it_has_not(open_file: OpenFile, tmp_path: Path) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    page = open_file(vizgraph.trace((x * x).sum(), names={"x": x}).save(tmp_path / "live.html"))
    assert page.locator("#board").inner_text() == ""


def test_a_finding_brings_its_graph_into_sight_on_a_small_page(open_file: OpenFile, tmp_path: Path) -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    file = vizgraph.trace((x * 2).sqrt().sum(), names={"x": x}).save(tmp_path / "found.html")
    page = open_file(file, width=390, height=720)
    page.locator(".vg-finding-button").first.click()
    expect(page.locator(".vg-node.is-active").first).to_be_in_viewport(ratio=1)
