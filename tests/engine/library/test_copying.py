"""Hold copies to Python's own: what is shared, and what a leaf keeps."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "copy": "import copy\nimport torch\nw = torch.ones(2, requires_grad=True)\n(w * 2).sum().backward()\nd = {'w': w, 'l': [1, [2]]}\n"
            "e = copy.deepcopy(d)\ne['l'][1].append(3)\nwith torch.no_grad():\n    e['w'] += 1\nprint(d, e, e['w'].grad, e['w'].is_leaf)\n"
            "f = copy.copy(d['l'])\nf[1].append(9)\nprint(d['l'])",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_copy_shares_what_pythons_own_shares(program: str) -> None:
    assert_agrees(program)
