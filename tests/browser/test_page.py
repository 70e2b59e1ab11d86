"""Visit the page as a student would: type, play, pick, go back, share the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.player import IDLE, go, gradient, last_step, numbers, play_to_the_end, player
from vizgraph.lessons import Lesson, groups, lesson, lessons, theme

Visit = Callable[..., Page]

FIRST = "unknown_outer_function_math"
FOUR_DIGITS = 6e-4  # numbers are shown with four significant digits


def title(id: str) -> str:
    found = lesson(id)
    assert found is not None
    return found.title


def radio(page: Page, id: str) -> Locator:
    """A lesson in the gallery, whose theme is opened first."""
    found = lesson(id)
    assert found is not None
    heading = page.get_by_test_id("stSidebar").locator("summary", has_text=theme(found.group))
    if heading.evaluate("summary => !summary.parentElement.open"):
        heading.click()
    return page.get_by_role("radio", name=found.title)


def choose(page: Page, id: str) -> None:
    radio(page, id).click()


def functions(page: Page) -> Locator:
    return page.get_by_label("Functions", exact=True)


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def type_program(page: Page, text: str) -> None:
    functions(page).fill(text)
    functions(page).press("Control+Enter")


def type_into(page: Page, name: str, text: str) -> None:
    """Type into a field once the page has come to rest, as a person would."""
    page.wait_for_selector(IDLE)
    field(page, name).fill(text)
    expect(field(page, name)).to_have_value(text)
    field(page, name).press("Enter")


def expect_address(page: Page, **wanted: str) -> None:
    expect(page).to_have_url(re.compile(r"\?"))
    page.wait_for_function(
        "wanted => { const q = new URLSearchParams(location.search); "
        "return Object.entries(wanted).every(([name, text]) => q.get(name) === text); }",
        arg=wanted,
    )


def flat(found: Any) -> list[float]:
    return [entry for part in found for entry in flat(part)] if isinstance(found, list) else [float(found)]


# --- lessons ----------------------------------------------------------------------


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons() if "grads" in one.expect])
def test_a_lesson_plays_to_the_end_and_its_leaves_show_the_published_gradients(one: Lesson, visit: Visit) -> None:
    page = visit(f"?lesson={one.id}", reduced_motion="reduce")
    play_to_the_end(page)
    for leaf, expected in one.expect["grads"].items():
        text, entries = gradient(page, leaf).text_content() or "", flat(expected)
        if "…" in text:  # too many for the node: "2×2, smallest … largest"
            text, entries = text.partition(",")[2], [min(entries), max(entries)]
        assert numbers(text) == pytest.approx(entries, rel=FOUR_DIGITS), leaf


def test_the_lesson_without_v_shows_torchs_error_at_its_line(visit: Visit) -> None:
    page = visit("?lesson=no_gradient_argument")
    said = page.locator(".st-key-trouble").get_by_text(re.compile("^Line 4, column 1"))
    expect(said).to_contain_text("grad can be implicitly created only for scalar outputs")
    expect(page.locator(".st-key-trouble code", has_text="y.backward()")).to_be_visible()


def test_one_click_opens_a_lesson_and_the_address_names_it(visit: Visit) -> None:
    page = visit()
    player(page)
    choose(page, "gates")
    expect(gradient(page, "z")).to_be_attached()
    expect(functions(page)).to_have_value("q = x + y\nf = q * z\n")
    expect_address(page, lesson="gates")
    expect(radio(page, "gates")).to_be_checked()
    expect(page.get_by_role("radio", name=title(FIRST))).not_to_be_checked()


def test_a_program_of_ones_own_is_no_lesson_any_more(visit: Visit) -> None:
    page = visit("?lesson=gates")
    player(page)
    expect(radio(page, "gates")).to_be_checked()
    type_program(page, "q = x + y\nf = q * x\n")
    expect(gradient(page, "x")).to_be_attached()
    expect(radio(page, "gates")).not_to_be_checked()


def test_every_lesson_is_in_the_gallery_under_its_theme(visit: Visit) -> None:
    page = visit()
    player(page)
    for group, members in groups().items():
        expect(radio(page, members[0].id)).to_be_visible()
        offered = page.get_by_role("radiogroup", name=theme(group), exact=True)
        assert offered.get_by_role("radio").all_inner_texts() == [one.title for one in members]


def test_the_browsers_back_button_goes_back_to_the_lesson_before(visit: Visit) -> None:
    page = visit("?lesson=gates")
    player(page)
    choose(page, "two_paths")
    expect(gradient(page, "b")).to_be_attached()
    expect_address(page, lesson="two_paths")
    page.go_back()
    expect(functions(page)).to_have_value("q = x + y\nf = q * z\n")
    expect(gradient(page, "z")).to_be_attached()
    page.go_forward()
    expect(functions(page)).to_have_value("c = a + b\nd = b + 1\ne = c * d\n")
    expect_address(page, lesson="two_paths")


@pytest.mark.parametrize("milliseconds", [150, 250, 290, 320, 400])
def test_a_lesson_chosen_right_after_a_step_is_not_undone_by_it(milliseconds: int, visit: Visit) -> None:
    """The player tells its step 300 ms later, on a request that may still carry the fields of the lesson before."""
    page = visit("?lesson=gates")
    player(page)
    radio(page, "two_paths").evaluate(
        """(radio, milliseconds) => {
            const player = [...document.querySelectorAll("*")].map(e => e.shadowRoot?.querySelector(
                "[data-vizgraph-player]")).find(Boolean);
            player.querySelector("button[aria-label='Last step']").click();
            setTimeout(() => radio.click(), milliseconds);
        }""",
        milliseconds,
    )
    expect(gradient(page, "b")).to_be_attached()
    expect_address(page, lesson="two_paths")
    page.wait_for_selector(IDLE)
    expect(functions(page)).to_have_value("c = a + b\nd = b + 1\ne = c * d\n")
    expect(radio(page, "two_paths")).to_be_checked()


# --- typing -----------------------------------------------------------------------


def test_a_typed_function_gets_fields_and_a_graph_of_its_own(visit: Visit) -> None:
    page = visit()
    player(page)
    type_program(page, "y = p*q + p")
    expect(gradient(page, "p")).to_be_attached()
    type_into(page, "p", "3")
    type_into(page, "q", "5")
    type_into(page, "Upstream gradient", "2")
    expect_address(page, program="y = p*q + p", values="p~3~q~5", v="2")
    go(page, last_step(page))
    expect(gradient(page, "p")).to_contain_text("12")
    expect(gradient(page, "q")).to_contain_text("6")


def test_values_change_under_the_player_and_its_step_stays(visit: Visit) -> None:
    page = visit("?lesson=gates")
    go(page, last_step(page))
    mark = "element => { element.dataset.mark = 'the same element'; }"
    player(page).evaluate(mark)
    type_into(page, "z", "10")
    expect(gradient(page, "x")).to_contain_text("10")
    expect(player(page)).to_have_attribute("data-step", str(last_step(page)))
    expect(player(page)).to_have_attribute("data-mark", "the same element")


def test_new_programs_and_errors_never_remount_the_player(visit: Visit) -> None:
    page = visit()
    player(page).evaluate("element => { element.dataset.mark = 'the same element'; }")
    type_program(page, "y = torch.tensor([1., 2.]) * k")
    expect(gradient(page, "k")).to_be_attached()
    type_program(page, "y = = k")
    expect(page.get_by_text(re.compile("^Line 1, column"))).to_be_visible()
    choose(page, "unknown_outer_function")
    expect(gradient(page, "x1")).to_be_attached()
    choose(page, "no_gradient_argument")
    expect(page.get_by_text(re.compile("^Line 4, column"))).to_be_visible()
    choose(page, "gates")
    expect(gradient(page, "z")).to_be_attached()
    expect(player(page)).to_have_attribute("data-mark", "the same element")


def test_a_typing_error_shows_line_and_column_and_the_last_graph_still_plays(visit: Visit) -> None:
    page = visit()
    player(page)
    type_program(page, "y1 = x1*x2*x3\ny2 = x1 + * x2")
    message = page.get_by_text(re.compile(r"^Line 2, column \d+:"))
    expect(message).to_be_visible()
    expect(page.locator("code", has_text="y2 = x1 + * x2")).to_be_visible()
    play_to_the_end(page)
    expect(gradient(page, "x1")).to_contain_text("1.1")
    type_program(page, "y1 = x1*x2*x3")
    expect(message).to_have_count(0)


def test_an_error_moves_nothing_on_the_page(visit: Visit) -> None:
    page = visit()
    assert (before := player(page).bounding_box())
    type_program(page, "y1 = x1*x2*x3\ny2 = x1 + * x2")
    expect(page.get_by_text(re.compile(r"^Line 2, column \d+:"))).to_be_visible()
    assert player(page).bounding_box() == before


def test_a_slider_moves_its_value(visit: Visit) -> None:
    page = visit()
    player(page)
    page.get_by_role("slider", name="Slider for x1").focus()
    page.keyboard.press("ArrowRight")
    expect(field(page, "x1")).to_have_value("1.1")
    expect_address(page, values="x1~1.1")


def test_a_switched_off_leaf_gets_no_gradient(visit: Visit) -> None:
    page = visit("?lesson=gates")
    expect(gradient(page, "z")).to_be_attached()
    page.locator("label", has=page.get_by_role("switch", name="requires_grad of z")).click()
    expect_address(page, requires_grad="x~y")
    expect(player(page).locator('[data-node="x"] [data-role="gradient"]')).to_be_attached()
    expect(gradient(page, "z")).to_have_count(0)


def test_presets_of_the_upstream_gradient(visit: Visit) -> None:
    page = visit()
    player(page)
    page.get_by_role("radio", name="ones", exact=True).click()
    expect(field(page, "Upstream gradient of y3")).to_have_value("1")
    go(page, last_step(page))
    expect(gradient(page, "x1")).to_contain_text("8")
    page.get_by_role("radio", name="one-hot", exact=True).click()
    expect(field(page, "Upstream gradient of y3")).to_have_value("0")
    expect(gradient(page, "x1")).to_contain_text("6")


def test_markup_that_is_typed_stays_text(visit: Visit) -> None:
    page = visit()
    player(page)
    type_program(page, "y = x1 + <img src=x onerror=document.title='owned'> **b** :red[c]")
    expect(page.get_by_text(re.compile("^Line 1, column"))).to_be_visible()
    expect(page.locator("code", has_text="<img src=x")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert "owned" not in page.title()


def test_an_endless_loop_ends_in_a_sentence_and_the_next_program_runs(visit: Visit) -> None:
    page = visit()
    player(page)
    type_program(page, "y = x1\nwhile True:\n    y = y * 1")
    expect(page.locator(".st-key-trouble")).to_be_visible()
    expect(player(page)).to_be_visible()
    type_program(page, "y = x1 * 7")
    expect(player(page)).to_contain_text("x1 * 7")
    go(page, last_step(page))
    expect(gradient(page, "x1")).to_contain_text("7")


# --- the player on the page -------------------------------------------------------


def test_keys_play_while_the_player_has_the_focus(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    player(page).locator(".vg-graph").focus()
    page.keyboard.press("ArrowRight")
    expect(player(page)).to_have_attribute("data-step", "1")
    page.keyboard.press("End")
    expect(player(page)).to_have_attribute("data-step", str(last_step(page)))
    page.keyboard.press("ArrowLeft")
    expect(player(page)).to_have_attribute("data-step", str(last_step(page) - 1))
    page.keyboard.press("Home")
    expect(player(page)).to_have_attribute("data-step", "0")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-playing", "true")
    page.keyboard.press("Space")
    expect(player(page)).to_have_attribute("data-playing", "false")


def test_nothing_plays_by_itself(visit: Visit) -> None:
    page = visit()
    expect(player(page)).to_have_attribute("data-playing", "false")
    expect(player(page)).to_have_attribute("data-step", "0")


def test_letters_typed_in_the_player_are_no_shortcuts_of_streamlit(visit: Visit) -> None:
    page = visit()
    player(page).locator(".vg-graph").focus()
    page.keyboard.press("c")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_picked_node_shows_its_card(visit: Visit) -> None:
    page = visit()
    player(page).locator('[data-node="x1"]').click()
    card = player(page).locator(".vg-card")
    expect(card).to_be_visible()
    expect(card).to_contain_text("x1")
    expect(card).to_contain_text("leaf")


def test_zoom_makes_the_drawing_larger_and_fit_pressed_twice_shows_all_of_it(visit: Visit) -> None:
    page = visit("?lesson=sigmoid_neuron")
    leaf, graph = player(page).locator('[data-node="w0"]'), player(page).locator(".vg-graph")
    assert (before := leaf.bounding_box())
    for _ in range(3):
        player(page).get_by_role("button", name="Zoom in").click()
    assert (larger := leaf.bounding_box())
    assert larger["width"] > before["width"] * 1.5
    player(page).get_by_role("button", name="Fit").click(click_count=2, delay=300)
    inside = """nodes => { const box = nodes[0].closest(".vg-graph").getBoundingClientRect();
        return nodes.every(node => { const { left, right } = node.getBoundingClientRect();
                                     return left >= box.left && right <= box.right; }); }"""
    assert graph.locator("[data-node]").evaluate_all(inside)


def test_the_engine_view_has_the_engines_nodes(visit: Visit) -> None:
    page = visit("?lesson=unknown_outer_function")
    player(page).get_by_role("button", name="Engine view").click()
    expect(player(page)).to_contain_text("CopySlices")
    expect_address(page, view="engine")


def test_reduced_motion_cuts_instead_of_moving(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    moving = player(page).evaluate(
        """player => { player.querySelector("button[aria-label='Next step']").click();
                       return player.dataset.moving; }"""
    )
    assert moving != "true"


# --- the address ------------------------------------------------------------------


def test_a_reload_brings_back_program_values_v_step_and_view(visit: Visit) -> None:
    page = visit()
    player(page)
    type_program(page, "u = a*b\nw = a + b")
    type_into(page, "a", "4")
    type_into(page, "Upstream gradient of w", "0.5")
    expect_address(page, v="u~1~w~0.5")
    player(page).get_by_role("button", name="Engine view").click()
    go(page, 3)
    expect_address(page, step="3", view="engine")
    page.reload()
    expect(player(page)).to_have_attribute("data-step", "3")
    expect(player(page)).to_have_attribute("data-view", "engine")
    expect(functions(page)).to_have_value("u = a*b\nw = a + b")
    expect(field(page, "a")).to_have_value("4")
    expect(field(page, "Upstream gradient of w")).to_have_value("0.5")


def test_the_step_is_in_the_address_even_when_it_is_the_same_as_in_the_program_before(visit: Visit) -> None:
    page = visit("?lesson=gates")
    go(page, 3)
    expect_address(page, lesson="gates", step="3")
    choose(page, "two_paths")
    expect(gradient(page, "b")).to_be_attached()
    expect(player(page)).to_have_attribute("data-step", "0")
    page.wait_for_function("() => !location.search.includes('step')")
    go(page, 3)
    expect_address(page, lesson="two_paths", step="3")


def test_nonsense_in_the_address_is_left_out_with_a_note(visit: Visit) -> None:
    page = visit("?lesson=%3Cscript%3E&step=9e9&values=x1~2&v=%00&projector=2&view=none")
    player(page)
    expect(field(page, "x1")).to_have_value("2")
    expect(page.get_by_text("left out: lesson, v, step, view, projector")).to_be_visible()


# --- light, dark, projector -------------------------------------------------------


def test_the_projector_switch_changes_the_page_and_the_address(visit: Visit) -> None:
    page = visit(width=1920, height=1080)
    player(page)
    page.locator("label", has=page.get_by_role("switch", name="Projector")).click()
    expect_address(page, projector="1")
    expect(player(page)).to_have_class(re.compile("is-projector"))
    page.locator("label", has=page.get_by_role("switch", name="Projector")).click()
    expect(player(page)).not_to_have_class(re.compile("is-projector"))


def test_the_page_follows_the_dark_theme(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    expect(player(page)).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in lessons()])
def test_functions_values_and_graph_are_in_sight_without_scrolling(one: Lesson, visit: Visit) -> None:
    page = visit(f"?lesson={one.id}", width=1280, height=800)
    controls = player(page).locator(".vg-controls")  # what was found may stand below them
    parts = [functions(page), controls, *page.locator(".st-key-values, .st-key-upstream").all()]
    for part in parts:
        assert (box := part.bounding_box())
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


BESIDE = """other => {
    const typed = document.querySelector(".st-key-desk").firstElementChild.getBoundingClientRect();
    return typed.left === 0 && document.querySelector(other).getBoundingClientRect().left >= typed.right - 30;
}"""  # it slides, and its last 28 pixels are empty


def test_at_the_projector_what_is_typed_comes_with_the_focus_and_the_graph_makes_room(visit: Visit) -> None:
    page = visit(f"?lesson={FIRST}&projector=1", width=1920, height=1080)
    wide = box_of(player(page))
    assert wide["width"] > 1750
    functions(page).focus()
    page.wait_for_function(BESIDE, arg=".st-key-main")
    assert box_of(player(page))["width"] < wide["width"] - 600


def test_at_the_projector_an_error_stands_beside_the_program_that_made_it(visit: Visit) -> None:
    page = visit("?lesson=no_gradient_argument&projector=1", width=1920, height=1080)
    expect(page.locator(".st-key-trouble")).to_be_visible()
    page.wait_for_function(BESIDE, arg=".st-key-trouble")


@pytest.mark.parametrize("query", ["?lesson=two_paths", "?lesson=two_paths&lang=zh"])
def test_on_a_phone_the_graph_stands_above_what_is_typed_and_nothing_is_beside_the_screen(
    query: str, visit: Visit
) -> None:
    page = visit(query, width=390, height=844)
    typed = page.locator(".st-key-functions")
    assert box_of(player(page))["y"] + box_of(player(page))["height"] <= box_of(typed)["y"]
    for part in (player(page), typed):
        assert box_of(part)["x"] >= 0
        assert 340 < box_of(part)["width"] <= 390
    for switch in page.locator(".st-key-head p:visible").all():
        assert box_of(switch)["x"] + box_of(switch)["width"] <= 390
    title, languages = page.get_by_role("heading", name="vizgraph"), page.get_by_role("radio", name="English")
    assert box_of(title)["x"] + box_of(title)["width"] <= box_of(languages)["x"]


def box_of(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return dict(found)


def test_the_player_fits_the_projector(visit: Visit) -> None:
    page = visit("?lesson=unknown_outer_function&projector=1", width=1920, height=1080)
    assert (box := player(page).bounding_box())
    assert box["y"] + box["height"] <= 1080
