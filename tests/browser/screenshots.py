"""Take the pictures of the README: ``python tests/browser/screenshots.py [folder]``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from scripts.browser import find  # noqa: E402  the checkout must be on the path first
from tests.browser.player import IDLE, player  # noqa: E402
from tests.browser.serve import FLAGS, served  # noqa: E402

# file -> (address, colour scheme)
PICTURES = {
    "page.png": ("?lesson=unknown_outer_function&step=18", "light"),
    "page-dark.png": ("?lesson=unknown_outer_function_math&step=5", "dark"),
}
SIZE = {"width": 1440, "height": 900}


def take(browser: Browser, site: str, folder: Path) -> list[Path]:
    """Save every picture in ``folder``; nothing on them moves or depends on the time."""
    taken = []
    for name, (query, scheme) in PICTURES.items():
        context = browser.new_context(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        page.goto(site + query)
        player(page)
        page.wait_for_selector(IDLE)
        page.evaluate("() => document.fonts.ready")
        path = folder / name
        page.screenshot(path=path, animations="disabled", caret="hide")
        taken.append(path)
        context.close()
    return taken


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "assets"
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS.split())
        for path in take(browser, site, folder):
            sys.stdout.write(f"{path} ({path.stat().st_size // 1024} KB)\n")
        browser.close()


if __name__ == "__main__":
    main()
