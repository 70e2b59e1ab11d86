"""Meet an error as a student would: read it, see its node, press the button, go on."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.player import IDLE, go, gradient, last_step, player

Visit = Callable[..., Page]

HEAD = "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\n"


def functions(page: Page) -> str:
    page.wait_for_selector(IDLE)  # the fields follow the graph
    return page.get_by_label("Functions", exact=True).input_value()


def test_a_vector_without_v_is_mended_by_one_click(visit: Visit) -> None:
    page = visit("?lesson=no_gradient_argument")
    player(page)
    expect(page.get_by_text(re.compile("^Line 4, column 1"))).to_be_visible()
    expect(page.locator("code", has_text="y.backward(torch.ones_like(y))")).to_be_visible()
    assert (before := player(page).bounding_box())
    page.get_by_role("button", name="Apply this fix to line 4").first.click()
    expect(page.get_by_text(re.compile("^Line 4, column 1"))).to_have_count(0)
    assert functions(page).endswith("y.backward(torch.ones_like(y))\n")
    assert (after := player(page).bounding_box())
    assert (after["x"], after["y"], after["width"]) == (before["x"], before["y"], before["width"])
    go(page, last_step(page))
    expect(gradient(page, "x")).to_contain_text("[0, 2, 4, 6]")


@pytest.mark.parametrize("view", ["math", "engine"])
def test_what_an_error_is_about_is_lit_and_marked_by_a_sign_of_its_own(view: str, visit: Visit) -> None:
    program = f"{HEAD}y = x.exp()\nz = y * 2\ny += 1\nz.sum().backward()\n"
    page = visit(f"?program={quote(program)}&view={view}")
    for node in ("exp_1", "add_1"):
        group = player(page).locator(f'[data-node="{node}"]')
        expect(group).to_have_class(re.compile("is-active"))
        expect(group).to_have_class(re.compile("is-faulty"))
        expect(group.locator(".vg-warning")).to_be_visible()
    expect(player(page).locator('[data-node="mul_1"]')).not_to_have_class(re.compile("is-faulty"))
    expect(player(page)).to_have_attribute("data-step", str(last_step(page)))
    expect(page.get_by_text(re.compile("wrote over it"))).to_be_visible()
    page.get_by_role("button", name="Apply this fix to line 5").click()
    expect(player(page).locator(".vg-warning")).to_have_count(0)
    go(page, last_step(page))
    expect(gradient(page, "x")).to_contain_text("[5.437, 14.78, 40.17]")


def test_a_textbook_line_with_two_readings_offers_both(visit: Visit) -> None:
    page = visit("?program=" + quote("y = 1/2x"))
    buttons = page.get_by_role("button", name="Apply this fix to line 1")
    expect(buttons).to_have_count(2)
    expect(page.locator("code", has_text="y = 1/(2*x)")).to_be_visible()
    buttons.nth(1).click()
    expect(player(page)).to_be_visible()
    assert functions(page).strip() == "y = (1/2)*x"


def test_the_message_lies_in_sight_and_nothing_of_it_is_cut(visit: Visit) -> None:
    program = f"{HEAD}w = torch.ones(2, requires_grad=True)\nw -= 0.1 * w.grad if w.grad is not None else 1\n"
    page = visit(f"?program={quote(program)}", width=1280, height=800)
    cards = page.locator("[class*=st-key-remedy_]")
    expect(cards).to_have_count(1)
    assert (box := cards.bounding_box())
    assert box["y"] + box["height"] <= 800
    overflow = "card => [...card.querySelectorAll('p, pre, button')].some(e => e.scrollWidth > e.clientWidth + 1)"
    assert not cards.evaluate(overflow)
