"""Take the pictures of docs/debugging.md: run its blocks, open the page that they save, click.

They go to assets/.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bench import served

ROOT = Path(__file__).parent.parent
SHOWN = "nan.html"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, served.browser() as page:
        saved = run_blocks(Path(folder))
        page.set_viewport_size({"width": 1500, "height": 1180})
        page.goto(saved.as_uri())
        served.player(page)
        page.locator(".vg-finding-button").nth(1).click()
        page.wait_for_timeout(2000)  # the drawing moves to the place
        page.evaluate("scrollTo(0, 0)")
        take(page, "debugging-finding")
        page.get_by_role("button", name="Close card").click()
        page.get_by_role("button", name="Last step").click()
        page.get_by_role("combobox", name="Colour").select_option("gradient")
        page.get_by_role("button", name="Fit").click()
        box = page.locator('[data-node="div_1"]').bounding_box()
        assert box is not None
        page.mouse.move(box["x"], box["y"])
        page.keyboard.down("Control")
        for _ in range(2):
            page.mouse.wheel(0, -100)
        page.wait_for_timeout(1000)
        take(page, "debugging-colour")


def run_blocks(folder: Path) -> Path:
    """Run the page's blocks up to the one that saves."""
    text = (ROOT / "docs" / "debugging.md").read_text(encoding="utf-8")
    program = []
    for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        name = re.match(r"# (\w+\.py)\n", block)
        if name:
            (folder / name[1]).write_text(block, encoding="utf-8")
        else:
            program.append(block)
        if SHOWN in block:
            break
    (folder / "page.py").write_text("".join(program), encoding="utf-8")
    subprocess.run([sys.executable, "page.py"], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    return folder / SHOWN


def take(page: Page, name: str) -> None:
    file = ROOT / "assets" / f"{name}.png"
    page.screenshot(path=file, animations="disabled")
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
