"""Hold the parts of Python's own library to Python itself."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "random": "import random\nrandom.seed(4)\na = list(range(6))\nrandom.shuffle(a)\n"
              "print(a, random.random(), random.uniform(1, 2), random.randint(1, 6), random.choice('abc'), random.sample(range(9), 3))\n"
              "print(random.gauss(0, 1), random.choices([1, 2], k=3))",
    "collections": "from collections import OrderedDict, defaultdict, Counter, namedtuple\nd = defaultdict(list)\nd['a'].append(1)\n"
                   "P = namedtuple('P', ['x', 'y'])\np = P(1, y=2)\na, b = p\n"
                   "print(dict(d), OrderedDict([('x', 1)]), Counter('aab')['a'], p, p.x, a + b, p[1], len(p))",
    "itertools": "import itertools as it\nprint(list(it.product([1, 2], 'ab')), list(it.combinations(range(3), 2)),\n"
                 "      list(it.chain([1], (2,))), list(it.islice(it.count(5), 2)), list(it.accumulate([1, 2, 3])),\n"
                 "      [a for a, _ in zip(it.cycle('xy'), range(3))], list(it.permutations([1, 2])), list(it.repeat(0, 2)))",
    "functools": "from functools import partial, reduce, wraps\nf = partial(lambda a, b, c=0: (a, b, c), 1, c=3)\n"
                 "print(f(2), reduce(lambda a, b: a * b, [1, 2, 3, 4]))\ndef d(g):\n    @wraps(g)\n    def h(*a):\n        return g(*a) + 1\n"
                 "    return h\n@d\ndef one():\n    return 1\nprint(one())",
    "dataclasses": "from dataclasses import dataclass, field\n@dataclass\nclass P:\n    x: int\n    y: float = 2.0\n    z: list = field(default_factory=list)\n"
                   "    def s(self):\n        return self.x + self.y\nprint(P(1), P(1, y=3).s(), P(x=2).z)\nP(1).z.append(1)\nprint(P(1).z)",
    "a field is missing": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP()",
    "copy": "import copy\nimport torch\nw = torch.ones(2, requires_grad=True)\n(w * 2).sum().backward()\nd = {'w': w, 'l': [1, [2]]}\n"
            "e = copy.deepcopy(d)\ne['l'][1].append(3)\nwith torch.no_grad():\n    e['w'] += 1\nprint(d, e, e['w'].grad, e['w'].is_leaf)\n"
            "f = copy.copy(d['l'])\nf[1].append(9)\nprint(d['l'])",
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
