"""Hold the definition of classes to Python: their bodies, bases and decorators, and what can't be a base here."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = "import torch\nfrom torch import nn\nleaf = torch.ones(1, requires_grad=True)\n"
PROGRAMS = {
    "a body is run from above": "k = 3\nclass A:\n    a = k + 1\n    b = a * 2\n    def f(self):\n        return k\nk = 5\nprint(A.a, A.b, A().f())",
    "a method does not see the names of its class": "class A:\n    a = 1\n    def f(self):\n        return a\nA().f()",
    "a docstring and pass": "class A:\n    'says nothing'\nclass B(A):\n    pass\nprint(isinstance(B(), A))",
    "annotations": "class A:\n    a: int = 3\n    b: float\n    def f(self) -> int:\n        return self.a\nprint(A().f(), A.a)",
    "no arguments": "class A:\n    pass\nA(3)",
    "too few arguments": "class A:\n    def __init__(self, n):\n        self.n = n\nA()",
    "object is a base": "class A(object):\n    def f(self):\n        return 1\nprint(A().f())",
    "a decorated class": "def named(cls):\n    cls.kind = 'named'\n    return cls\n@named\nclass A:\n    kind = ''\nprint(A.kind, A().kind)",
    "decorated methods": "def twice(f):\n    def g(*a):\n        return 2 * f(*a)\n    return g\nclass A:\n    def __init__(self, n):\n        self.n = n\n    @twice\n"
    "    def f(self, k):\n        return self.n + k\n    @staticmethod\n    @twice\n    def g(k):\n        return k\nprint(A(1).f(2), A.g(4))",
    "a property with a setter": "class A:\n    def __init__(self):\n        self._p = 1\n    @property\n    def p(self):\n        return self._p\n    @p.setter\n"
    "    def p(self, v):\n        self._p = v * 10\na = A()\na.p = 4\nprint(a.p)",
    "a method without gradients": "class A:\n    @torch.no_grad()\n    def f(self, t):\n        return t * 2\nprint(A().f(leaf).requires_grad)",
    "an abstract base": "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self):\n        pass\nclass B(A):\n    def f(self):\n        return 2\nprint(B().f())",
    "three floors": "class A:\n    def f(self):\n        return ['A']\nclass B(A):\n    def f(self):\n        return super().f() + ['B']\nclass C(B):\n    def f(self):\n"
    "        return super().f() + ['C']\nprint(C().f())",
    "errors of its own": "class Bad(Exception):\n    pass\nclass Worse(Bad):\n    pass\ntry:\n    raise Worse('no')\nexcept Bad as e:\n    print(e, isinstance(e, Worse))",
    "a class in a function": "def make(k):\n    class A:\n        def f(self):\n            return k\n    return A\nprint(make(3)().f(), make(4)().f())",
    "a module": "class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.l = nn.Linear(n, 1)\n    def forward(self, t):\n        return self.l(t)\n"
    "class Deep(Net):\n    def forward(self, t):\n        return super().forward(t) * 2\ntorch.manual_seed(0)\nd = Deep(1)\nprint(d(leaf), d)",
    "a module that does not begin": "class Net(nn.Module):\n    def __init__(self):\n        self.l = nn.Linear(1, 1)\nNet()",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_class_is_defined_as_in_python(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize("base", ["int", "nn.Linear", "torch.Tensor", "list"])
def test_what_is_no_base_here_is_refused_with_one_that_is(base: str) -> None:
    with pytest.raises(VizgraphError, match=r"a class has the base nn\.Module, .*; write class A\(nn\.Module\):"):
        ours(f"{HEAD}class A({base}):\n    pass")


@pytest.mark.parametrize("call", ["nn.Module()", "object()"])
def test_a_base_is_not_called(call: str) -> None:
    with pytest.raises(VizgraphError, match="this class is only a base here"):
        ours(HEAD + call)


@pytest.mark.parametrize("name", ["staticmethod", "classmethod", "property"])
def test_a_decorator_of_methods_is_no_function(name: str) -> None:
    with pytest.raises(VizgraphError, match=f"{name} is a decorator here; write @{name} above a method"):
        ours(f"{HEAD}def f():\n    pass\n{name}(f)")
