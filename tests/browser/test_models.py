"""The models of the shelf in a real browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.player import IDLE, go, last_step, play_to_the_end, player

TRIES = 6  # a busy machine may stop a job for its time


def opened(visit: Visit, id: str) -> Page:
    """The page with a model that is drawn."""
    page = visit(f"?model={id}")
    drawn = page.locator("[data-vizgraph-player]:not([hidden])")
    for _ in range(TRIES):
        drawn.or_(page.locator(".st-key-trouble")).first.wait_for(timeout=60_000)
        if drawn.count():
            break
        page.reload()
        page.wait_for_selector(IDLE, timeout=60_000)
    return page


def test_tiny_gpt_opens_and_plays_to_the_end(visit: Visit) -> None:
    page = opened(visit, "tiny_gpt")
    expect(player(page).locator("g.vg-group")).to_have_count(2)
    leaf = player(page).locator('[data-node="model_tokens_weight"] [data-role="gradient"]')
    expect(leaf).to_have_text("None")
    play_to_the_end(page)
    expect(leaf).to_contain_text("8×16")
    expect(page.get_by_role("radio", name="Tiny GPT")).to_be_checked()


def test_a_block_of_tiny_gpt_opens_down_to_its_attention(visit: Visit) -> None:
    page = opened(visit, "tiny_gpt")
    before = last_step(page)
    for title in ("model.blocks.1", "model.blocks.1.attention"):
        group = player(page).locator("g.vg-group").filter(has_text=title.rpartition(".blocks")[2]).last
        id = group.get_attribute("data-node")
        group.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f'[data-inside="{id}"]')).to_be_visible(timeout=60_000)
    assert last_step(page) > before + 20
    softmax = player(page).locator('[data-node^="softmax"] [data-role="gradient"]').last
    go(page, last_step(page))
    expect(softmax).to_contain_text("2×10×10")
