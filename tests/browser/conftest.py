"""Start the page once and give every test a browser of its own to visit it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.browser import FLAGS, find
from tests.browser.player import IDLE
from tests.browser.serve import served
from tests.browser.watch import OpenFile, Visit, watched


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, another one, or Playwright's own; where there is none, this fails."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the running page."""
    with served() as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open the page; afterwards: the console is empty, and nothing was asked of any other host."""
    with watched(browser) as watch:

        def visit_it(query: str = "", **options: Any) -> Page:
            page = watch.new_page(**options)
            page.goto(site + query)
            page.wait_for_selector(IDLE, timeout=60_000)  # a busy machine is slow to serve
            return page

        yield visit_it
    ours = (site, site.replace("http:", "ws:"), "data:", "blob:")
    assert [url for url in watch.asked if not url.startswith(ours)] == []


@pytest.fixture
def open_file(browser: Browser) -> Iterator[OpenFile]:
    """Open a page that stands alone, with no network; afterwards its console is empty, and it asked for nothing."""
    opened: set[str] = set()
    with watched(browser) as watch:

        def open_it(file: Path, anchor: str = "", height: int = 900, **options: Any) -> Page:
            page = watch.new_page(height=height, offline=True, **options)
            opened.add(file.as_uri())
            page.goto(file.as_uri() + anchor)
            page.wait_for_selector("[data-vizgraph-player]:not([hidden])")
            return page

        yield open_it
    assert {url.partition("#")[0] for url in watch.asked} == opened
