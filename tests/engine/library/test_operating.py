"""Hold the methods with a meaning in Python to Python: operators, truth, loops, with, texts, and what is missing."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

CLASSES = (
    "class A:\n    kind = 'a'\n    def __init__(self, n=1):\n        self.n = n\n    def hello(self):\n"
    "        return f'A {self.n}'\n    @property\n    def double(self):\n        return self.n * 2\n"
    "    @double.setter\n    def double(self, value):\n        self.n = value // 2\n    @classmethod\n"
    "    def make(cls, *args):\n        return cls(*args)\n    @staticmethod\n    def plain(x):\n        return x + 1\n"
    "class B(A):\n    def __init__(self, n, m):\n        super().__init__(n)\n        self.m = m\n    def hello(self):\n"
    "        return 'B, ' + super().hello()\n    def __repr__(self):\n        return f'B({self.n}, {self.m})'\n"
)
NUMBER = """class N:
    def __init__(self, x):
        self.x = x
    def __repr__(self):
        return f'N({self.x})'
    def __eq__(self, o):
        return isinstance(o, N) and self.x == o.x
    def __lt__(self, o):
        return self.x < o.x
    def __le__(self, o):
        return self.x <= o.x
    def __bool__(self):
        return self.x != 0
    def __mul__(self, o):
        return N(self.x * (o.x if isinstance(o, N) else o))
    def __iadd__(self, o):
        self.x += o
        return self
    def __pos__(self):
        return N(+self.x)
    def __matmul__(self, o):
        return 'at'
    def __pow__(self, o):
        return N(self.x ** o)
class Empty:
    pass
"""
PROGRAMS = {
    "texts": "b = B(1, 2)\nprint(b, [b], {'b': b}, f'{b} {b!r}', str(b), repr(b))",
    "operators": "class V:\n    def __init__(self, x):\n        self.x = x\n    def __add__(self, o):\n        return V(self.x + o)\n"
                 "    def __radd__(self, o):\n        return V(o + self.x)\n    def __neg__(self):\n        return V(-self.x)\n"
                 "    def __eq__(self, o):\n        return self.x == o.x\n    def __lt__(self, o):\n        return self.x < o.x\n"
                 "    def __getitem__(self, k):\n        return self.x * k\n    def __len__(self):\n        return 2\n"
                 "    def __call__(self, k):\n        return k + self.x\n    def __contains__(self, k):\n        return k == self.x\n"
                 "v = V(2)\nv += 5\nprint((v + 1).x, (1 + v).x, (-v).x, v == V(7), v != V(7), v < V(9), v > V(1), v[3], len(v), v(1), 7 in v)\n"
                 "print(min(V(3), V(1)).x, sum([V(1), V(2)], 0).x)\nv - 1",
    "items": "class S:\n    def __getitem__(self, i):\n        if i > 2:\n            raise IndexError\n        return i\nprint(list(S()))",
    "not iterable": "class S:\n    pass\nfor a in S():\n    pass",
    "with": "class M:\n    def __enter__(self):\n        print('in')\n        return 5\n    def __exit__(self, *e):\n        print('out')\n"
            "with M() as m:\n    print(m)",
    "both sides": f"{NUMBER}print(N(2) * 3, N(2) * N(5), N(2) @ 1, N(2) ** 3, +N(4))",
    "in place": f"{NUMBER}a = N(1)\nb = a\na += 4\nprint(a, b, a is b)\na *= 2\nprint(a, b, a is b)",
    "in order": f"{NUMBER}print(N(1) < N(2), N(1) <= N(1), N(1) > N(2), N(2) >= N(2), sorted([N(3), N(1)]), sorted([N(1), N(3)], reverse=True))\nl = [N(2), N(1)]\nl.sort()\nprint(l, sorted([3, 1], key=N))",
    "the same or not": f"{NUMBER}print(N(1) == N(1), N(1) != N(1), N(1) == 3, Empty() == Empty())\ne = Empty()\nprint(e == e, e != e)",
    "true or not": f"{NUMBER}print(bool(N(0)), bool(N(1)), not N(0), bool(Empty()), 'yes' if N(0) else 'no', N(0) or 7)",
    "in a list": f"{NUMBER}print(N(2) in [N(1), N(2)], N(3) not in (N(1),), 3 in [N(3)], Empty() in [Empty()])",
    "among its items": "class S:\n    def __iter__(self):\n        return iter([1, 2])\nprint(2 in S(), 3 in S(), list(S()), [a for a in S()], sum(S()))",
    "one by one": "class C:\n    def __init__(self, n):\n        self.n = n\n    def __iter__(self):\n        return self\n    def __next__(self):\n"
                  "        if self.n == 0:\n            raise StopIteration\n        self.n -= 1\n        return self.n\nc = C(3)\nprint(next(c), list(c))\nnext(c)",
    "an error in its loop": "class C:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        raise ValueError('stop')\nlist(C())",
    "an error among its items": "class C:\n    def __getitem__(self, i):\n        raise KeyError('no')\nlist(C())",
    "not added": f"{NUMBER}N(1) + 2",
    "not added from the right": f"{NUMBER}2 - Empty()",
    "not in order": "class Empty:\n    pass\nEmpty() < Empty()",
    "not in order with a number": f"{NUMBER}3 >= Empty()",
    "not put in order": f"{NUMBER}sorted([Empty(), Empty()])",
    "not negated": f"{NUMBER}-N(1)",
    "not inverted": f"{NUMBER}~Empty()",
    "no length": f"{NUMBER}len(N(1))",
    "no next": f"{NUMBER}next(Empty())",
    "no with": f"{NUMBER}with Empty() as e:\n    pass",
    "not searched": f"{NUMBER}1 in Empty()",
    "not called": f"{NUMBER}Empty()()",
    "left by an error": "class M:\n    def __enter__(self):\n        return self\n    def __exit__(self, *e):\n        print('out')\n"
                        "try:\n    with M():\n        raise ValueError('x')\nexcept ValueError as e:\n    print(e)",
    "a module that says more": "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(1, 1)\n"
                               "    def extra_repr(self):\n        return 'k=3'\nprint(Net())\nprint(nn.Sequential(Net()))",
    "values that carry gradients": "class V:\n    def __init__(self, d):\n        self.d = d\n    def __add__(self, o):\n        return V(self.d + o.d)\n"
                                   "x = torch.tensor(2.0, requires_grad=True)\n(V(x) + V(x * x)).d.backward()\nprint(x.grad)",
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_an_object_takes_part_as_in_python(program: str) -> None:
    assert_agrees(f"import torch\n{CLASSES}{program}")
