"""How findings are printed: as wide as the terminal, in a file the same everywhere, never in colours."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import sys
import termios
import textwrap
import unicodedata

import pytest

from tests.findings.programs import findings
from vizgraph.findings import Findings
from vizgraph.model import Finding
from vizgraph.texts import speaking

SENTENCE = "The gradient of x[0] becomes nan in log(x): log and its slope are infinite at 0, and here x[0] = 0. " * 3
PRINTS = (
    "from vizgraph.findings import Findings; from vizgraph.model import Finding; "
    f"print(Findings([Finding('gradient', 'error', {SENTENCE!r}, {SENTENCE!r}, ('x',), (), 3)]))"
)


def in_a_terminal(columns: int) -> str:
    """What a program prints that is run in a terminal of so many columns."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with subprocess.Popen([sys.executable, "-c", PRINTS], stdout=theirs, env=environment) as process:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 4096):
                said += part
        except OSError:  # Linux: nobody writes there any more
            pass
        process.wait()
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("columns", "widest"), [(60, 60), (80, 80), (200, 100), (10, 40)])
def test_a_person_sees_lines_as_wide_as_the_terminal_and_no_wider_than_100(columns: int, widest: int) -> None:
    said = in_a_terminal(columns)
    lengths = [len(line) for line in said.splitlines()]
    assert widest - 20 < max(lengths) <= widest
    assert "\x1b" not in said
    assert said.split() == ["1", "finding", "error", "line", "3:", *SENTENCE.split(), *SENTENCE.split()]


def test_what_goes_into_a_file_is_the_same_everywhere() -> None:
    environment = {**os.environ, "COLUMNS": "50"}
    said = subprocess.run([sys.executable, "-c", PRINTS], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == str(Findings([Finding("gradient", "error", SENTENCE, SENTENCE, ("x",), (), 3)])) + "\n"
    assert "\x1b" not in said.stdout


def test_english_is_broken_where_pythons_own_textwrap_breaks_it() -> None:
    shown = str(Findings([Finding("gradient", "error", SENTENCE, "Mend it.", ("x",), (), 3)])).split("\n\n")[1]
    expected = textwrap.wrap(
        f"error    line 3: {SENTENCE}", 100, subsequent_indent=" " * 9, break_long_words=False, break_on_hyphens=False
    )
    assert shown.splitlines() == [*expected, " " * 9 + "Mend it."]


def test_chinese_is_broken_between_its_characters_and_no_line_begins_with_a_sign() -> None:
    with speaking("zh"):
        shown = str(
            findings(
                "import torch\nx = torch.tensor([0.0, 4.0], requires_grad=True)\n"
                "y = torch.where(x > 0, x.sqrt(), torch.zeros(2))\ny.sum().backward()\n"
            )
        )
    lines = shown.splitlines()
    widths = [sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in line) for line in lines]
    assert len(lines) > 5
    assert max(widths) <= 102  # a closing sign may hang over
    assert [line for line in lines if line.strip()[:1] in tuple("，。：；、")] == []
