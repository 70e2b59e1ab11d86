"""Hold the program's own classes to Python: inheritance, properties, what is missing, errors of its own."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

BASE = (
    "class A:\n    kind = 'a'\n    def __init__(self, n=1):\n        self.n = n\n    def hello(self):\n"
    "        return f'A {self.n}'\n    @property\n    def double(self):\n        return self.n * 2\n"
    "    @double.setter\n    def double(self, value):\n        self.n = value // 2\n    @classmethod\n"
    "    def make(cls, *args):\n        return cls(*args)\n    @staticmethod\n    def plain(x):\n        return x + 1\n"
    "class B(A):\n    def __init__(self, n, m):\n        super().__init__(n)\n        self.m = m\n    def hello(self):\n"
    "        return 'B, ' + super().hello()\n    def __repr__(self):\n        return f'B({self.n}, {self.m})'\n"
)
PROGRAMS = {
    "inheritance": "b = B(2, 3)\nprint(b.hello(), b.kind, b.m, isinstance(b, A), isinstance(A(), B), A().hello())",
    "properties": "a = A(3)\na.double = 10\nprint(a.double, a.n)\nb = B(1, 2)\nb.double += 4\nprint(b.n)",
    "class methods": "print(A.make(4).n, B.make(1, 2), B.plain(1), A.plain(2), A().plain(3))",
    "types": "b = B(1, 2)\nprint(type(b).__name__, type(b) == B, type(b) is A, b.__class__.__name__)",
    "read only": "class C:\n    @property\n    def p(self):\n        return 1\nC().p = 2",
    "missing": "B(1, 2).nothing",
    "missing in super": "class C(A):\n    def f(self):\n        return super().nothing\nC().f()",
    "class attributes": "class C:\n    total = 0\n    def add(self):\n        C.total += 1\nC().add()\nC().add()\nprint(C.total)",
    "deleted": "a = A(1)\ndel a.n\na.n",
    "sets": "a, b = A(1), A(1)\ns = {a, b, a}\nprint(len(s), a in s, A(1) in s)",
    "own errors": "class Bad(ValueError):\n    pass\ntry:\n    raise Bad('no')\nexcept ValueError as e:\n    print(type(e).__name__, e)\n"
                  "raise Bad('again')",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_class_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(f"import torch\n{BASE}{program}")
