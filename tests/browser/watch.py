"""Open pages, and note what they ask for and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.player import PATIENCE

Visit = Callable[..., Page]
OpenFile = Callable[..., Page]

expect.set_options(timeout=PATIENCE)

# Streamlit says so where a person acts in two fragments within one batch, and then does both.
STREAMLITS_OWN = "Multiple different fragmentIds detected in a single batch"


class Watch:
    """Pages, each in a context of its own; what they asked for, and what they said on the console."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.asked: list[str] = []
        self.said: list[str] = []

    def new_page(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page


@contextmanager
def watched(browser: Browser) -> Iterator[Watch]:
    """Open pages; afterwards the console is empty."""
    watch = Watch(browser)
    yield watch
    for context in watch.contexts:
        context.close()
    assert [line for line in watch.said if STREAMLITS_OWN not in line] == []
