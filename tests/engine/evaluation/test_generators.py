"""Hold functions that yield to Python: each value is made when it is asked for, and not before."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

PROGRAMS = {
    "lazily": "def f():\n    print('a')\n    yield 1\n    print('b')\n    yield 2\ng = f()\nprint('made')\nfor v in g:\n    print(v)",
    "endless": "def f():\n    n = 0\n    while True:\n        yield n\n        n += 1\nprint([a for a, _ in zip(f(), range(3))])",
    "branches": "def f(k):\n    for i in range(k):\n        if i == 1:\n            continue\n        elif i == 3:\n            break\n"
                "        yield i\n    else:\n        yield 'all'\nprint(list(f(2)), list(f(9)))",
    "returning": "def f():\n    yield 1\n    return\n    yield 2\nprint(list(f()))",
    "handing on": "def f():\n    yield 0\n    yield from range(1, 3)\n    yield from g()\ndef g():\n    yield 'g'\nprint(list(f()))",
    "own names": "a = 1\ndef f():\n    a = 10\n    yield a\n    a += 1\n    yield a\nfor v in f():\n    a += v\nprint(a)",
    "with": "import torch\nx = torch.ones(1, requires_grad=True)\ndef f():\n    with torch.no_grad():\n        y = x * 2\n"
            "        yield y.requires_grad\nprint(list(f()), torch.is_grad_enabled())",
    "next": "def f():\n    yield 1\ng = f()\nprint(next(g), next(g, 'end'))",
    "nothing left": "def f():\n    yield 1\ng = f()\nnext(g)\nnext(g)",
    "an error inside": "def f():\n    yield 1\n    yield 1 / 0\nfor v in f():\n    print(v)",
    "a method": "class A:\n    def __init__(self):\n        self.items = [1, 2]\n    def __iter__(self):\n        for i in self.items:\n"
                "            yield i * 2\nprint(list(A()), sum(A()))",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_function_that_yields_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(program if "import" in program else f"import torch\n{program}")
