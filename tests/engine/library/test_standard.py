"""Hold the parts of Python's own library to Python itself."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "time": "import time\nstart = time.time()\nx = 1\ntime.sleep(0.0)\nprint(time.time() - start >= 0, time.perf_counter() >= 0)",
    "hints": "from typing import List, Optional\nfrom __future__ import annotations\n" and
             "from typing import List, Optional, Callable\nV = List[float]\ndef f(a: Optional[int] = None) -> V:\n    return [1.0]\nprint(f())",
    "warnings": "import warnings\nwarnings.filterwarnings('ignore')\nprint('fine')",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_part_of_pythons_library_does_what_it_does(program: str) -> None:
    assert_agrees(program)


def test_the_clock_is_the_same_in_every_run() -> None:
    source = "import time\na = time.time()\nfor i in range(9):\n    pass\nprint(a, time.time() - a)"
    assert ours(source).printed == ours(source).printed


def test_drawings_of_other_libraries_are_left_out_and_a_note_says_so() -> None:
    run = ours(
        "import matplotlib.pyplot as plt\nfig, (a, b) = plt.subplots(1, 2)\na.plot([1])[0].set(x=1)\nplt.show()\nprint(2)"
    )
    assert run.printed == ("2",)
    assert any("matplotlib" in note for note in run.warnings)


@pytest.mark.parametrize(
    "source", ["import random\nrandom.SystemRandom()", "import time\ntime.os", "import copy\ncopy.os"]
)
def test_nothing_else_of_a_module_can_be_reached(source: str) -> None:
    with pytest.raises(VizgraphError, match="is not in the language"):
        ours(source)
