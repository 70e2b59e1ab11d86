"""Start the page once and give every test a browser of its own to visit it with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.browser import find

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)
IDLE = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"

Visit = Callable[..., Page]


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as server:
        assert server.stdout is not None
        said = next((line for line in server.stdout if "URL" in line), None)
        assert said is not None, "the page did not start"
        yield f"http://127.0.0.1:{port}/"
        server.terminate()
        server.communicate(timeout=10)  # a pipe that is closed too early breaks its farewell, and it would stay


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
        page.set_default_timeout(10_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + query)
        page.wait_for_selector(IDLE)
        return page

    yield visit_it
    for context in contexts:
        context.close()
    ours = (site, site.replace("http:", "ws:"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert said == []
