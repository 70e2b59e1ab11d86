"""Run docs/debugging.md from top to bottom, in one program as its reader would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "debugging.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
MARK = "-----"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What every block printed; a block that begins with a file's name is that file."""
    folder = tmp_path_factory.mktemp("debugging")
    program = []
    for kind, text in BLOCKS:
        if kind != "python":
            continue
        name = re.match(r"# (\w+\.py)\n", text)
        if name:
            (folder / name[1]).write_text(text, encoding="utf-8")
        program.append(f"{'' if name else text}\nprint({MARK!r})\n")
    (folder / "page.py").write_text("".join(program), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "page.py"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "nan.html").stat().st_size > 0
    return done.stdout.split(f"{MARK}\n")


def test_every_block_prints_what_the_page_shows(said: list[str]) -> None:
    kinds = [kind for kind, _ in BLOCKS]
    shown = [
        BLOCKS[place + 1][1] if place + 1 < len(BLOCKS) and kinds[place + 1] == "text" else ""
        for place, kind in enumerate(kinds)
        if kind == "python"
    ]
    assert said[:-1] == shown
    assert len(shown) > 10


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"!\[.*?\]\(\.\./(.*?)\)", PAGE)
    assert len(pictures) == 2
    assert [picture for picture in pictures if not (ROOT / picture).exists()] == []
