"""Take the README's picture, or with --all every lesson at its first, middle and last step in every look.

The README's go to assets/, all others to build/screenshots/ to be looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from bench import served
from vizgraph.lessons import lessons

ROOT = Path(__file__).parent.parent
README = {
    "lesson": "lesson=unknown_outer_function_math&step=9",
    "engine": "lesson=unknown_outer_function&view=engine&step=6",
}
LOOKS = {"light": "", "dark": "&embed_options=dark_theme", "projector": "&projector=1"}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"


def main() -> None:
    with served.app("app.py") as (address, _), served.browser() as page:
        page.set_viewport_size({"width": 1600, "height": 880})
        for name, query in README.items():
            take(page, f"{address}?{query}", ROOT / "assets" / f"{name}.png")
        page.set_viewport_size({"width": 1920, "height": 1080})
        if "--all" in sys.argv[1:]:
            for query, name in looks(page, address):
                take(page, f"{address}?{query}", ROOT / "build" / "screenshots" / f"{name}.png")


def looks(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """Every lesson at three steps in every look, as the query that shows it and the name of its picture."""
    for lesson in lessons():
        page.goto(f"{address}?lesson={lesson.id}")
        last = int(served.player(page).get_attribute("data-steps") or 0)
        for when, step in (("1-first", 0), ("2-middle", last // 2), ("3-last", last)):
            for look, parameters in LOOKS.items():
                yield f"lesson={lesson.id}&step={step}{parameters}", f"{lesson.id}-{when}-{look}"


def take(page: Page, address: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.goto(address)
    served.player(page)
    page.wait_for_selector(SETTLED)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=file, animations="disabled")
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
