"""The board in a real browser: one selection in four views, by mouse and keyboard; typeset, copied, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.player import go, player
from vizgraph import visualize
from vizgraph.lessons import lesson
from vizgraph.visualization import Visualization

Visit = Callable[..., Page]
SEED = "unknown_outer_function_math"


def picture_of(id: str) -> Visualization:
    one = lesson(id)
    assert one is not None
    return visualize(one.program, values=one.values, requires_grad=one.requires_grad, gradient=one.gradient)


def board(page: Page) -> Locator:
    found = page.locator("[data-vizgraph-board]:not([hidden])")
    found.wait_for()
    return found


def lit(page: Page, kind: str = "data-pick") -> set[str]:
    marks = board(page).locator(f"[{kind}].is-lit").all()
    return {mark.get_attribute(kind) or "" for mark in marks}


def linked(page: Page, kind: str) -> set[str]:
    return {mark.get_attribute(kind) or "" for mark in player(page).locator(f"[{kind}].is-linked").all()}


def pick(page: Page, key: str) -> Locator:
    return board(page).locator(f'[data-pick="{key}"]').first


@pytest.fixture
def offline(browser: Browser, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Open a lesson's stand-alone page; afterwards the console is empty and nothing was asked for."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_it(id: str, width: int = 1280, **options: Any) -> Page:
        file = picture_of(id).save(tmp_path / "lesson.html")
        assert file.stat().st_size < 300_000
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(file.as_uri())
        board(page)  # the data of a page may have to be unpacked first
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert said == []
    assert all(url.startswith("file:") for url in asked)


def test_the_board_arrives_below_the_graph_and_does_not_move_it(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    before = player(page).bounding_box()
    found = board(page)
    assert player(page).bounding_box() == before
    below = found.bounding_box()
    assert before is not None
    assert below is not None
    assert below["y"] >= before["y"] + before["height"]
    assert found.locator("math").count() > 5
    expect(found).to_contain_text("9 of 9 derivatives agree")


def test_another_program_brings_another_board_to_the_same_player(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}")
    board(page)
    player(page).evaluate("player => (window.kept = player)")
    page.get_by_label("Functions", exact=True).fill("q = a*b")
    page.get_by_label("Functions", exact=True).press("Control+Enter")
    expect(board(page)).to_contain_text("2 of 2 derivatives agree")
    assert player(page).evaluate("player => window.kept === player")


def test_a_cell_lights_edges_terms_and_line(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    pick(page, "c2.1").hover()
    assert linked(page, "data-edge") == {"x2__mul_3__0", "mul_3__add_3__1"}
    assert lit(page, "data-line") == {"3"}
    assert {"c2.1", "fadd_3", "g1", "v2"} <= lit(page)
    assert "c0.1" not in lit(page)
    board(page).locator("h2").hover()
    assert linked(page, "data-edge") == set()


def test_an_edge_of_the_graph_lights_cells_terms_and_line(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    go(page, 0)
    player(page).locator('[data-node="mul_3"]').hover()
    assert {"c2.1", "c2.2", "fadd_3"} <= lit(page)
    assert "c0.0" not in lit(page)
    assert lit(page, "data-line") == {"3"}


def test_a_line_of_the_code_lights_its_row(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    board(page).locator('[data-line="2"]').hover()
    assert {"c1.0", "c1.1", "c1.2", "fadd_2"} <= lit(page)
    assert not {"c0.0", "c2.2"} & lit(page)
    assert linked(page, "data-node") >= {"add_1", "add_2"}


def test_the_keyboard_reaches_every_entry(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    cell = board(page).locator('[data-layout="numerator"] [data-pick="c0.0"]').first
    cell.focus()
    assert linked(page, "data-edge") == {"x1__mul_1__0", "mul_1__mul_2__0"}
    page.keyboard.press("ArrowRight")
    assert linked(page, "data-edge") == {"x2__mul_1__1", "mul_1__mul_2__0"}


def test_the_beat_that_plays_lights_all_four(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    beats = picture_of(SEED).timeline.beats
    step = next(i for i, beat in enumerate(beats) if "x2__mul_3__0" in beat.edges)
    go(page, step)
    assert "c2.1" in lit(page)
    assert "c2.2" not in lit(page) or "x3__mul_3__1" in beats[step].edges
    assert "3" in lit(page, "data-line")
    go(page, 0)
    assert lit(page) == set()


def test_numbers_that_follow_v_are_written_anew(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    page.evaluate("document.dispatchEvent(new CustomEvent('vizgraph:numbers', {detail: {v: [1, 0, 0], pass: 0}}))")
    shown = [board(page).locator(f'[data-live="g{j}"]').first.text_content() for j in range(3)]
    assert shown == ["6", "3", "2"]


def test_the_layout_can_be_switched_and_shapes_stand_below(offline: Callable[..., Page]) -> None:
    page = offline("jacobian_of_Ax")
    product = board(page).locator('[data-section="product"]')
    expect(product).to_contain_text("1×2")
    product.get_by_role("button", name="denominator").click()
    expect(product.locator('[data-layout="denominator"]')).to_be_visible()
    expect(product.locator('[data-layout="denominator"]')).to_contain_text("3×2")
    expect(product.locator('[data-layout="numerator"]')).to_be_hidden()
    product.get_by_role("button", name="as torch stores it").click()
    expect(product.locator('[data-layout="torch"]')).to_contain_text("(3,)")


def test_latex_is_copied(visit: Visit) -> None:
    page = visit(f"?lesson={SEED}", permissions=["clipboard-read", "clipboard-write"])
    board(page).locator('[data-section="functions"]').get_by_role("button", name="Copy LaTeX").click()
    expect(board(page).locator('[data-section="functions"]').get_by_role("button", name="Copied")).to_be_visible()
    assert "y_{1} &= x_{1} x_{2} x_{3}" in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_nothing_sticks_out_at_any_width(width: int, offline: Callable[..., Page]) -> None:
    page = offline("matrix_identities", width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for section in board(page).locator("[data-section]").all():
        box = section.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


def test_formulas_are_mathml_and_names_are_text(offline: Callable[..., Page]) -> None:
    page = offline(SEED)
    spaces = page.evaluate(
        "[...new Set([...document.querySelectorAll('.vg-board math, .vg-board math *')].map(e => e.namespaceURI))]"
    )
    assert spaces == ["http://www.w3.org/1998/Math/MathML"]
    heights = page.evaluate(
        "[...document.querySelectorAll('.vg-board mfrac')].map(e => e.getBoundingClientRect().height)"
    )
    assert max(heights) > 30  # a fraction is two lines high where MathML is drawn


def test_many_checks_that_agree_are_one_sentence_and_a_table_to_be_opened(visit: Visit) -> None:
    found = board(visit("?lesson=attention"))
    expect(found.get_by_text("48 of 48 derivatives agree")).to_be_visible()
    rows = found.locator(".vg-checks-table tbody tr")
    expect(rows.first).to_be_hidden()
    found.get_by_text("Show the 48 that agree").click()
    expect(rows.first).to_be_visible()
    expect(rows).to_have_count(48)


def test_on_a_phone_a_check_says_beside_each_number_what_it_is(visit: Visit) -> None:
    row = board(visit("?lesson=gates", width=390, height=844)).locator(".vg-checks-table tbody tr").first
    heads = row.locator("td.vg-number").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content.slice(1, -1))"
    )
    assert heads == ["autograd", "formula (sympy)", "finite difference (float64)", "largest difference"]
    assert (box := row.bounding_box())
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] < 200
