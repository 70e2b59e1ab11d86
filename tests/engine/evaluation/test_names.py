"""Hold the scopes of functions to Python: which names are their own, and which are the program's."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "global": "n = 1\ndef f():\n    global n, m\n    n += 1\n    m = 7\nf()\nprint(n, m)",
    "nonlocal": "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n    g()\n    return g()\nprint(f())",
    "global inside": "n = 1\ndef f():\n    n = 5\n    def g():\n        global n\n        n = 9\n    g()\n    return n\nprint(f(), n)",
    "not yet": "w = 1\ndef f():\n    w = w + 1\n    return w\nf()",
    "a branch not taken": "x = 1\ndef f(go):\n    if go:\n        x = 2\n    return x\nprint(f(True))\nf(False)",
    "a loop's name": "i = 3\ndef f():\n    for i in range(2):\n        pass\n    return i\nprint(f(), i)",
    "walrus": "if (n := 3) > 2:\n    print(n)\nprint([last := v for v in range(4)], last)",
    "comprehension": "v = 5\nprint([v for v in range(2)], v, {v for v in [1, 1]}, {v: 1 for v in 'ab'})",
    "a default": "x = 1\ndef f(a=x):\n    return a\nx = 2\nprint(f())",
    "late": "def f():\n    return later\nlater = 4\nprint(f())",
    "closures": "fs = [lambda: k for k in range(3)]\nprint([f() for f in fs])",
    "keywords": "def f(a, *rest, b=2, **more):\n    return a, rest, b, more\nprint(f(1, 2, 3, c=4), f(*[1], **{'b': 5, 'd': 6}))",
    "twice": "def f(a):\n    return a\nf(1, **{'a': 2})",
    "decorated": "def twice(f):\n    def g(*a, **k):\n        return f(*a, **k) * 2\n    return g\n@twice\n@twice\ndef one(x=1):\n"
                 "    return x\nprint(one(), one(x=3))",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_name_means_what_it_means_in_python(program: str) -> None:
    assert_agrees(f"import torch\n{program}")
