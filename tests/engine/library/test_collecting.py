"""Hold collections and dataclasses to Python's own."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "collections": "from collections import OrderedDict, defaultdict, Counter, namedtuple\nd = defaultdict(list)\nd['a'].append(1)\n"
                   "P = namedtuple('P', ['x', 'y'])\np = P(1, y=2)\na, b = p\n"
                   "print(dict(d), OrderedDict([('x', 1)]), Counter('aab')['a'], p, p.x, a + b, p[1], len(p))",
    "dataclasses": "from dataclasses import dataclass, field\n@dataclass\nclass P:\n    x: int\n    y: float = 2.0\n    z: list = field(default_factory=list)\n"
                   "    def s(self):\n        return self.x + self.y\nprint(P(1), P(1, y=3).s(), P(x=2).z)\nP(1).z.append(1)\nprint(P(1).z)",
    "a field is missing": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP()",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_collection_does_what_pythons_own_does(program: str) -> None:
    assert_agrees(program)
