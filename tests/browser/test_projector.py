"""Read every text from the last row of a lecture hall: at a projector none is under 24 px, in any state of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

import vizgraph
from tests.browser.player import IDLE, PATIENCE, go, last_step, player
from tests.browser.watch import OpenFile
from vizgraph.lessons import lesson

Visit = Callable[..., Page]
SEED = "unknown_outer_function_math"
SCREEN = {"width": 1920, "height": 1080}

# Every text and every filled field that can be seen, with its height in px; of an SVG, as it is drawn on the screen.
SIZES = """() => {
    const found = [];
    const visit = root => {
        for (const element of root.querySelectorAll("*")) {
            if (element.shadowRoot) visit(element.shadowRoot);
            const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
            const field = ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) && element.type !== "range";
            if (!own && !(field && (element.value || element.placeholder))) continue;
            if (["STYLE", "SCRIPT", "NOSCRIPT", "TITLE", "OPTION"].includes(element.tagName)) continue;
            const box = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            if (box.width < 3 || box.height < 3 || style.visibility === "hidden") continue;
            const size = parseFloat(style.fontSize) * (element.ownerSVGElement ? element.getScreenCTM().a : 1);
            found.push([size, (element.value || element.textContent).slice(0, 80)]);
        }
    };
    visit(document);
    return found;
}"""


def sizes(page: Page) -> list[tuple[float, str]]:
    return [(size, text) for size, text in page.evaluate(SIZES)]


def expect_large(page: Page, *among: str) -> None:
    """No text is under 24 px, and each of these is one of the texts that were measured."""
    found = sizes(page)
    assert [(round(size, 1), text) for size, text in found if size < 23.99] == []
    for wanted in among:
        assert any(wanted in text for _, text in found), wanted


def whole(page: Page) -> Page:
    """The page with everything that comes one after the other: the style, the graph, the board below it, and rest."""
    page.wait_for_function("() => getComputedStyle(document.documentElement).fontSize === '28px'", timeout=PATIENCE)
    player(page).locator("[data-node]").first.wait_for()
    board(page).wait_for()
    for part in (player(page), board(page)):
        expect(part).to_contain_class("is-projector")
    page.wait_for_selector(IDLE)
    return page


def board(page: Page) -> Locator:
    return page.locator("[data-vizgraph-board]:not([hidden])")


def found(page: Page) -> Locator:
    return player(page).get_by_role("region", name="Findings")


@pytest.fixture(params=["", "&embed=true"], ids=["page", "embedded"])
def project(request: pytest.FixtureRequest, visit: Visit) -> Callable[[str], Page]:
    """Open the page for a projector, as it is and inside of another page, and wait until it is whole."""
    return lambda query: whole(visit(f"?{query}&projector=1{request.param}", reduced_motion="reduce", **SCREEN))


Project = Callable[[str], Page]


def test_a_lesson_as_it_opens(project: Project) -> None:
    expect_large(project("lesson=unknown_outer_function"), "CopySlices", "Checks")


def test_a_lesson_with_a_mistake_and_what_was_found(project: Project) -> None:
    page = project("lesson=no_gradient_argument")
    expect(page.locator(".st-key-trouble")).to_be_visible()
    expect(found(page)).to_be_visible()
    expect_large(page, "Findings", "grad can be implicitly created")


def test_a_node_that_is_picked_and_its_card(project: Project) -> None:
    page = project(f"lesson={SEED}")
    go(page, last_step(page))
    player(page).locator('[data-node="x1"]').click()
    expect(player(page).locator(".vg-card dt").first).to_be_visible()
    expect_large(page, "requires_grad")


def test_the_panel_of_v_with_the_jacobian_and_an_outer_function(project: Project) -> None:
    page = project(f"lesson={SEED}")
    player(page).get_by_role("button", name="Play with v").click()
    typed = player(page).get_by_role("textbox", name="Outer function")
    typed.fill("y1*y2 + y3")
    typed.press("Enter")
    expect(player(page).locator(".vg-ghost svg")).to_be_visible()
    expect_large(page, "y1*y2 + y3")


def test_an_entry_of_v_while_it_is_typed(project: Project) -> None:
    page = project(f"lesson={SEED}")
    player(page).locator(".vg-entry").first.dblclick()
    expect(player(page).locator(".vg-entry-input")).to_be_visible()
    expect_large(page)


def test_a_lesson_of_vectors_with_every_section_of_its_board_open(project: Project) -> None:
    page = project("lesson=jacobian_of_Ax")
    for section in board(page).locator("details").all():
        section.evaluate("section => { section.open = true; }")
    expect_large(page, "autograd")


def test_a_model_of_the_shelf_coloured_by_size_with_its_search_and_its_map(project: Project) -> None:
    page = project("model=tiny_gpt")
    player(page).get_by_role("combobox", name="Colour").select_option("gradient")
    expect(player(page).locator(".vg-drawing.is-heated")).to_be_visible()
    player(page).locator("g.vg-group").last.press("Enter")
    expect(player(page).locator("[data-inside]").first).to_be_visible()
    expect_large(page)


@pytest.mark.parametrize("id", [SEED, "no_gradient_argument", "jacobian_of_Ax"])
def test_a_page_that_stands_alone(id: str, open_file: OpenFile, tmp_path: Path) -> None:
    one = lesson(id)
    assert one is not None
    options: dict[str, Any] = {"values": one.values, "requires_grad": one.requires_grad, "gradient": one.gradient}
    file = vizgraph.visualize(one.program, **options).save(tmp_path / "lesson.html")
    page = open_file(file, anchor="#projector", reduced_motion="reduce", **SCREEN)
    go(page, last_step(page))
    player(page).locator("[data-node]").first.click()
    expect(player(page).locator(".vg-card dt").first).to_be_visible()
    expect(board(page)).to_be_visible()
    expect_large(page, one.program.splitlines()[0][:80])


@pytest.mark.parametrize(
    "id", [SEED, "non_scalar", "cut_in_two", "pipeline_stage", "broadcasting", "no_gradient_argument"]
)
def test_the_whole_graph_is_seen_with_its_words_and_controls(id: str, visit: Visit) -> None:
    page = whole(visit(f"?lesson={id}&projector=1", reduced_motion="reduce", **SCREEN))
    expect(player(page).locator(".vg-graph")).to_have_attribute("data-more", "")
    controls = player(page).locator(".vg-controls").bounding_box()
    assert controls is not None
    assert controls["y"] + controls["height"] <= SCREEN["height"]
    expect_large(page)


def test_of_a_graph_that_is_larger_the_node_that_numbers_reach_is_seen_with_them(visit: Visit) -> None:
    page = whole(visit("?lesson=perceptron_step&projector=1", reduced_motion="reduce", **SCREEN))
    for step in range(1, last_step(page)):
        go(page, step)
        assert reached(page) == []


def reached(page: Page) -> list[str]:
    """The nodes that the numbers of this step reach, and the numbers, which are not wholly in sight."""
    return list(
        player(page).evaluate(
            """player => {
                const box = player.querySelector(".vg-graph").getBoundingClientRect();
                const edges = [...player.querySelectorAll("[data-edge].is-active:not(.is-still)")];
                const node = id => player.querySelector(`[data-node="${id}"] .vg-box`);
                const parts = edges.flatMap(edge => [[edge.dataset.source, node(edge.dataset.source)],
                                                     [edge.dataset.edge, edge.querySelector(".vg-chip")]]);
                return parts.filter(([, part]) => {
                    const { left, right, top, bottom } = part.getBoundingClientRect();
                    return left < box.left || right > box.right || top < box.top || bottom > box.bottom;
                }).map(([name]) => name);
            }"""
        )
    )
