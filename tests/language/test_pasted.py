"""Paste from interactive sessions, notebooks and Markdown."""

from __future__ import annotations

import pytest

from tests.engine.real import ours
from vizgraph import language
from vizgraph.language.pasted import leading

PASTED = {
    "session": ">>> x = 2\n>>> for i in range(2):\n...     x = x * 3\n...\n>>> print(x)\n18\n>>> print('a\"b')\na\"b",
    "code and a session behind it": "x = 18\n\n>>> print(x)\n18\n>>> print('a\"b')\na\"b",
    "a sentence and a session": "I tried this:\n>>> x = 18\n>>> print(x)\n18\n>>> print('a\"b')",
    "a docstring with a session": 'def f(x):\n    """Nine times.\n\n    >>> f(2)\n    18\n    """\n    return x * 9\n'
    "print(f(2))\nprint('a\"b')",
    "session in Markdown": "```pycon\n>>> x = 18\n>>> print(x)\n18\n>>> print('a\"b')\n```",
    "Markdown": "```python\nx = 18\nprint(x)\nprint('a\"b')\n```",
    "magic": "%matplotlib inline\n%%capture\n!pip install torch\nx = 18\nprint(x)\nprint('a\"b')",
    "notebook with magic": "In [1]: %load_ext autoreload\nIn [2]: print(18)\nIn [3]: print('a\"b')",
    "notebook of several lines": "In [1]: def f(x):\n   ...:     return x * 9\n   ...: \n\nIn [2]: print(f(2))\n18\n"
    "In [3]: [1,\n   ...:  2]\nOut[3]: \n[1,\n 2]\n\nIn [4]: print('a\"b')",
    "cells without prompts inside": "In [1]:\nx = 2\nx * 9\nOut[1]:\n18\nIn [ ]:\nprint(x * 9)\nprint('a\"b')",
    "notebook": "In [1]: x = 18\nIn [2]: print(x)\nOut[2]: 18\nIn [3]: print('a\"b')",
}


@pytest.mark.parametrize("source", PASTED.values(), ids=PASTED.keys())
def test_what_is_not_the_program_is_left_out(source: str) -> None:
    assert ours("import torch\n" + source if "```" not in source and ">>>" not in source else source).printed == (
        "18",
        'a"b',
    )


def test_places_are_those_of_the_pasted_text() -> None:
    source = ">>> y = x * 2\n>>> z = y + x"
    program = language.parse(source)
    (free,) = program.free
    assert (free.span.line, free.span.column) == (1, 9)
    assert language.segment(tuple(source.split("\n")), language.span_of(program.tree.body[1])) == "z = y + x"
    assert program.source == source


def test_a_program_without_prompts_is_taken_whole() -> None:
    assert leading(["y = x", "  # >> not a prompt", "z = y >> 2", "y = (x", "% 3)", "  != 2"]) == [0] * 6
