"""Serve a real Jupyter Lab, open a notebook in it, and work its menus."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from playwright.sync_api import FrameLocator, Locator, Page

from tests.browser.serve import ROOT

PATIENCE = 120_000  # milliseconds: the first cell of a kernel imports torch


@dataclass(frozen=True, slots=True)
class Lab:
    """The address of a running Jupyter Lab and the folder that it serves."""

    address: str
    folder: Path

    def write(self, name: str, cells: list[str]) -> None:
        """A notebook that nobody has run yet."""
        written = [
            {"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
            for i, text in enumerate(cells)
        ]
        kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": written}
        (self.folder / name).write_text(json.dumps(notebook), encoding="utf-8")

    def open(self, page: Page, name: str) -> Locator:
        """Open a notebook and nothing else, and wait for its kernel."""
        page.goto(f"{self.address}lab/workspaces/{name.partition('.')[0]}/tree/{name}?reset")
        page.locator("#jp-main-statusbar", has_text="Python 3 (ipykernel) | Idle").wait_for(timeout=PATIENCE)
        return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def choose(page: Page, menu: str, *items: str) -> None:
    """Open a menu of the menu bar, and what it holds down to the last of ``items``."""
    page.locator(".lm-MenuBar-item", has_text=menu).click()
    *ways, last = items
    for item in ways:
        page.locator(".lm-Menu-item", has_text=item).first.hover()
    page.locator(".lm-Menu-item", has_text=last).first.click()


def shown(notebook: Locator, number: int) -> FrameLocator:
    """What the cell of that number shows, once it plays."""
    cell = notebook.locator(".jp-CodeCell").nth(number)
    cell.locator("iframe[title=vizgraph]").wait_for(timeout=PATIENCE)
    inside = cell.frame_locator("iframe[title=vizgraph]")
    inside.locator("[data-vizgraph-player]:not([hidden])").wait_for(timeout=PATIENCE)
    return inside


@contextmanager
def served(home: Path) -> Iterator[Lab]:
    """A Jupyter Lab on a free port with everything it keeps below ``home``; it asks nothing of any other host."""
    assert importlib.util.find_spec("jupyterlab"), "Jupyter Lab is missing: pip install -e .[notebook]"
    lab = Lab(f"http://127.0.0.1:{_free_port()}/", home / "notebooks")
    lab.folder.mkdir()
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")
    kept = {name: str(home / name.lower()) for name in ("HOME", "IPYTHONDIR", "XDG_CACHE_HOME")}
    kept |= {f"JUPYTER_{what.upper()}_DIR": str(home / what) for what in ("config", "data", "runtime")}
    kept |= {f"JUPYTERLAB_{what.upper()}_DIR": str(home / what) for what in ("settings", "workspaces")}
    options = [
        "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={lab.address.split(':')[2][:-1]}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={lab.folder}",
    ]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        said = deque[str](maxlen=50)
        started = any("is running at" in line for line in server.stdout if said.append(line) is None)
        assert started, "Jupyter Lab did not start:\n" + "".join(said)
        hearing = Thread(target=said.extend, args=(server.stdout,), daemon=True)  # a full pipe would stop it
        hearing.start()
        try:
            yield lab
        finally:
            server.terminate()  # it ends its kernels, too
            server.wait(timeout=60)
            hearing.join(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
