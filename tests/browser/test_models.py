"""The models of the shelf in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.player import IDLE, go, last_step, play_to_the_end, player

TRIES = 6  # a busy machine may stop a job for its time


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A large program on a busy machine takes its time; every state that is waited for comes in the end."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


def opened(visit: Visit, query: str) -> Page:
    """The page with a program that is drawn."""
    page = visit(query)
    page.set_default_timeout(60_000)
    drawn = page.locator("[data-vizgraph-player]:not([hidden])")
    for _ in range(TRIES):
        drawn.or_(page.locator(".st-key-trouble")).first.wait_for(timeout=60_000)
        if drawn.count():
            break
        page.reload()
        page.wait_for_selector(IDLE, timeout=60_000)
    return page


def test_tiny_gpt_opens_and_plays_to_the_end(visit: Visit) -> None:
    page = opened(visit, "?model=tiny_gpt")
    expect(player(page).locator("g.vg-group")).to_have_count(2)
    leaf = player(page).locator('[data-node="model_tokens_weight"] [data-role="gradient"]')
    expect(leaf).to_have_text("None")
    play_to_the_end(page)
    expect(leaf).to_contain_text("8×16")
    expect(page.get_by_role("radio", name="Tiny GPT")).to_be_checked()


def test_a_block_of_tiny_gpt_opens_down_to_its_attention(visit: Visit) -> None:
    page = opened(visit, "?model=tiny_gpt")
    before = last_step(page)
    press(page, r"blocks\.1$")
    inside = press(page, "attention$")
    expect(page.locator(f'[data-inside="{inside}"]')).to_be_visible()
    assert last_step(page) > before + 20
    softmax = player(page).locator('[data-node^="softmax"] [data-role="gradient"]').last
    go(page, last_step(page))
    expect(softmax).to_have_text(re.compile(r"^-0\.\d+ … 0\.\d+$"))  # of 2×10×10 numbers: each row of them adds up to 0


# More groups than the page packs (`limits.PACKED_GROUPS`): the last steps are not among them.
STEPS = """import torch
from torch import nn

class Step(nn.Module):
    def forward(self, x):
        return torch.sin(x) * torch.cos(x) + x

x = torch.tensor(1.0, requires_grad=True)
model = nn.Sequential(*[Step() for _ in range(16)])
y = model(x)
y.backward()
"""


def press(page: Page, title: str) -> str:
    """Open or close the group whose title matches; once more where the answer did not come in time."""
    group = player(page).locator("g.vg-group").filter(has=page.locator(".vg-name", has_text=re.compile(title))).last
    id = group.get_attribute("data-node") or ""
    was = page.locator(f'[data-inside="{id}"]').count()
    lost = page.locator(".vg-group-note").filter(has_text="click again")
    for _ in range(TRIES):
        group.focus()
        page.keyboard.press("Enter")
        state = ":not(.is-open)" if was else ".is-open"
        changed = page.locator(f'g.vg-group{state}[data-node="{id}"]')
        changed.or_(lost).first.wait_for()
        if changed.count():
            break
    return id


def test_a_group_that_did_not_come_with_the_page_is_fetched_and_opens_in_place(visit: Visit) -> None:
    page = opened(visit, f"?program={quote(STEPS)}")
    before, drawn = last_step(page), player(page).locator("[data-node]").count()
    group = press(page, r"^model\.15$")
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside).to_be_visible()
    expect(page.locator(".vg-group-note")).to_be_hidden()
    go(page, last_step(page))
    expect(inside.locator('[data-node^="sin"] [data-role="gradient"]')).not_to_be_empty()
    press(page, r"^model\.15$")
    expect(page.locator("[data-inside]")).to_have_count(0)
    assert (last_step(page), player(page).locator("[data-node]").count()) == (before, drawn)


def test_a_search_fetches_what_it_found(visit: Visit) -> None:
    page = opened(visit, f"?program={quote(STEPS)}")
    field = player(page).get_by_role("searchbox")
    field.fill("sin model.14")
    field.press("Enter")
    lost = page.locator(".vg-group-note").filter(has_text="click again")
    found = player(page).locator('[data-inside] [data-node="sin_15"]')
    for _ in range(TRIES):
        found.or_(lost).first.wait_for()
        if found.count():
            break
        field.press("Enter")
    expect(found).to_have_class(re.compile("is-picked"))


def test_what_is_open_stays_open_when_the_same_graph_comes_with_other_words(visit: Visit) -> None:
    page = opened(visit, f"?program={quote(STEPS)}")
    group = press(page, r"^model\.3$")
    inside = page.locator(f'[data-inside="{group}"]')
    expect(inside).to_be_visible()
    go(page, 3)
    steps = last_step(page)
    page.get_by_role("radio", name="中文").click()
    expect(player(page).locator(".vg-group", has_text="3 个运算").first).to_be_visible()
    expect(inside).to_be_visible()
    expect(player(page)).to_have_attribute("data-steps", str(steps))
    expect(player(page)).to_have_attribute("data-step", "3")
