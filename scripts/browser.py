"""Find a Chromium for the browser tests, and fetch one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def find() -> str | None:
    """Return the browser to start, ``VIZGRAPH_CHROMIUM`` first; None: Playwright's own, or none at all."""
    named = os.environ.get("VIZGRAPH_CHROMIUM")
    if named:
        if not starts(named):
            sys.exit(f"vizgraph: VIZGRAPH_CHROMIUM={named} does not start; name a Chromium, or unset it")
        return named
    candidates = [*filter(None, map(shutil.which, NAMES)), *APPLICATIONS]
    return next(filter(starts, candidates), None)


def starts(program: str) -> bool:
    """Ubuntu's ``chromium-browser`` may be a stub that only asks for a snap, so existing is not enough."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetch() -> str | None:
    """Return a browser after installing Debian's; else let Playwright bring its own, and return None."""
    subprocess.run(["sh", Path(__file__).with_name("apt.sh"), "chromium"], check=False)
    found = find()
    if found is None:
        libraries = ["--with-deps"] if sys.platform == "linux" and may_install() else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=True)
    return found


def may_install() -> bool:
    """Whether this user is root, or becomes root without being asked for a password."""
    sudo = shutil.which("sudo")
    return os.geteuid() == 0 or (sudo is not None and subprocess.run([sudo, "-n", "true"], check=False).returncode == 0)


if __name__ == "__main__":
    print("vizgraph: the browser of the tests is", find() or fetch() or "Playwright's Chromium")
