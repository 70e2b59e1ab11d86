"""Start the page and a browser for a measurement, and end both after it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Locator, Page, sync_playwright

from scripts.browser import FLAGS, find

AT_REST: Final = "[data-testid=stApp][data-test-script-state=notRunning]"
PATIENCE: Final = 60_000  # milliseconds until a measurement is given up


@contextmanager
def app(*script: str) -> Iterator[tuple[str, int]]:
    """The address and the process id of a Streamlit that runs ``script`` (the page itself: app.py)."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = str(free.getsockname()[1])
    options = ["--server.port", port, "--server.headless", "true", "--logger.level", "error"]
    command = [sys.executable, "-m", "streamlit", "run", *script, *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if not any("http://" in line for line in process.stdout):
                raise SystemExit("bench: Streamlit did not start")
            yield f"http://localhost:{port}", process.pid
        finally:
            process.terminate()
            process.communicate()  # it says goodbye, and must be heard before its pipe is closed


@contextmanager
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(PATIENCE)
        yield page
        chromium.close()


def player(page: Page) -> Locator:
    """The player, once it shows a graph."""
    found = page.locator("[data-vizgraph-player]")
    found.locator("[data-node]").first.wait_for()
    return found
