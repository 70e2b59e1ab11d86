"""Start the page once and give every test a browser of its own to visit it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.browser import find
from tests.browser.player import IDLE, PATIENCE
from tests.browser.serve import FLAGS, served

Visit = Callable[..., Page]

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, another one, or Playwright's own; where there is none, this fails."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find(), args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the running page."""
    with served() as address:
        yield address


# Streamlit says so where a person acts in two fragments within one batch, and then does both.
STREAMLITS_OWN = "Multiple different fragmentIds detected in a single batch"


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open the page; afterwards: the console is empty, and nothing was asked of any other host."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    said: list[str] = []

    def visit_it(query: str = "", width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + query)
        page.wait_for_selector(IDLE, timeout=60_000)  # a busy machine is slow to serve
        return page

    yield visit_it
    for context in contexts:
        context.close()
    ours = (site, site.replace("http:", "ws:"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert [line for line in said if STREAMLITS_OWN not in line] == []
