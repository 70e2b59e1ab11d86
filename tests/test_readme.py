"""Run what the README tells people to run, and follow its links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "ROOT": str(ROOT)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_file_with_a_mistake_has_the_findings_that_are_shown(tmp_path: Path) -> None:
    source = next(text for text in blocks("python") if text.startswith("# train.py\n"))
    (tmp_path / "train.py").write_text(source)
    result = run(sys.executable, "train.py", cwd=tmp_path)
    assert (result.stderr, result.stdout) == ("", blocks("text")[0])


@pytest.mark.parametrize("snippet", [text for text in blocks("python") if not text.startswith("# ")])
def test_a_python_snippet_prints_what_its_comments_say(snippet: str, tmp_path: Path) -> None:
    said = re.findall(r"^print\(.*\)  # (?:.*: )?(.*)$", snippet, flags=re.MULTILINE)
    result = run(sys.executable, "-c", snippet, cwd=tmp_path)
    assert result.stderr == ""
    assert result.stdout.splitlines() == said


@pytest.mark.parametrize("snippet", blocks("sh"))
def test_a_shell_snippet_runs(snippet: str, tmp_path: Path) -> None:
    # make says what it would do; vizgraph is the module, because a checkout need not be installed
    shell = 'make() { command make -n -C "$ROOT" "$@"; }; vizgraph() { python -m vizgraph "$@"; }\n'
    result = run("sh", "-ec", shell + snippet, cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    for name in re.findall(r"-o (\S+)", snippet):
        assert (tmp_path / name).stat().st_size > 0


def test_the_shown_refusal_is_the_real_one(tmp_path: Path) -> None:
    shown = next(text for text in blocks("") if text.startswith("vizgraph: line"))
    (tmp_path / "program.py").write_text("import os\n")
    result = run(sys.executable, "-m", "vizgraph", "trace", "program.py", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (2, shown)


def test_every_link_into_the_repository_leads_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_readme_is_short_and_shows_a_picture_at_once() -> None:
    lines = README.splitlines()
    assert len(lines) < 150
    assert any(line.startswith("![") for line in lines[:20])
