"""The pictures of the README can be taken, and are small enough to be looked at."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.screenshots import PICTURES, take


def test_the_pictures_of_the_readme_are_taken_and_modest(browser: Browser, site: str, tmp_path: Path) -> None:
    taken = take(browser, site, tmp_path)
    assert [path.name for path in taken] == list(PICTURES)
    for path in taken:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert 20_000 < path.stat().st_size < 400_000
