"""Hold the modules that hold others to torch's own: made, read, written, walked, and refused in its words."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
from torch import nn
from collections import OrderedDict
torch.manual_seed(0)
a, b, c = nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)
s = nn.Sequential(a, b, c)
x = torch.tensor([1.0, -2.0])
"""
PROGRAMS = {
    "a place": "print(s[0], s[-1], s[0] is a, len(s), s[1](x))",
    "a stretch": "print(s[:2], s[1:](x))",
    "beyond the end": "s[3]",
    "no such name": "nn.ModuleDict({'a': a})['b']",
    "walked": "for m in s:\n    x = m(x)\nprint(x)\nprint([type(m).__name__ == 'Linear' for m in [1]])",
    "one replaced": "s[2] = nn.Linear(2, 3)\nprint(s(x).shape, s)",
    "one replaced by something else": "s[2] = 3",
    "named parts": "n = nn.Sequential(OrderedDict([('first', a), ('act', b)]))\nprint(n, n(x), n.first is a)",
    "a list": "l = nn.ModuleList([a, c])\nprint(l, l[1], len(l))\nfor i, m in enumerate(l):\n    print(i, m)",
    "a list of a comprehension": "l = nn.ModuleList(nn.Linear(2, 2) for _ in range(3))\nprint(l, l[-1](x))",
    "an empty list": "print(nn.ModuleList(), len(nn.ModuleList()))",
    "a list written": "l = nn.ModuleList([a])\nl[0] = c\nprint(l)",
    "a dict": "d = nn.ModuleDict({'one': a, 'two': b})\nprint(d, d['one'](x), 'one' in d, len(d))\nfor name in d:\n    print(name)",
    "a dict of pairs": "d = nn.ModuleDict([['one', a], ['two', b]])\nprint(d)",
    "a dict written": "d = nn.ModuleDict()\nd['k'] = a\nprint(d, list(d.keys()))",
    "parameters": "p = nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(x)])\nprint(len(p), p[1])\n"
    "(p[0] * p[1]).sum().backward()\nprint(p[0].grad)",
    "parameters of tensors": "p = nn.ParameterList([torch.ones(2)])\nprint(p[0], p[0].requires_grad)",
    "parameters by name": "p = nn.ParameterDict({'a': nn.Parameter(torch.ones(2))})\np['b'] = nn.Parameter(x)\n"
    "print(p['b'], len(p), list(p.keys()))",
    "a parameter": "p = nn.Parameter(x)\nprint(p, p.requires_grad, p.is_leaf)\nprint(nn.Parameter(x, requires_grad=False))",
    "no module": "nn.Sequential(a, 3)",
    "no item": "a[0]",
    "no item to write": "a[0] = b",
    "not walked": "for m in a:\n    pass",
    "items of its own": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.ModuleList([a, c])\n"
    "    def __getitem__(self, i):\n        return self.l[i]\n    def __iter__(self):\n        return iter(self.l)\n"
    "n = Net()\nprint(n[1] is c, [m is a for m in n])",
    "inside a module": "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(2)])\n"
    "    def forward(self, t):\n        for layer in self.layers:\n            t = torch.tanh(layer(t))\n        return t\n"
    "n = Net()\nn(x).sum().backward()\nprint([name for name, _ in n.named_parameters()], n.layers[0].weight.grad)",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_holder_of_modules_does_what_torchs_own_does(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize("program", ["nn.ParameterList([a])", "p = nn.ParameterList([nn.Parameter(x)])\np[0] = a"])
def test_a_holder_of_parameters_holds_nothing_else(program: str) -> None:
    run = ours(HEAD + program)
    assert run.error is not None
    assert run.error.message.startswith("Linear is not a Parameter")


def test_a_parameter_needs_a_tensor() -> None:
    run = ours(f"{HEAD}nn.Parameter(3)")
    assert run.error is not None
    assert run.error.message == "Parameter needs a tensor"


@pytest.mark.parametrize(
    "program",
    ["nn.ModuleDict({'a.b': a})", "nn.ModuleDict({3: a})", "d = nn.ModuleDict()\nd['forward'] = a",
     "nn.Sequential(OrderedDict([('_modules', a)]))"],
)  # fmt: skip
def test_a_name_that_modules_need_for_themselves_is_refused(program: str) -> None:
    with pytest.raises(VizgraphError, match="this can't be the name of a module; use letters, digits and underscores"):
        ours(HEAD + program)


def test_a_holder_of_too_many_modules_is_refused() -> None:
    with pytest.raises(VizgraphError, match="a module of more than 256 modules"):
        ours(f"{HEAD}nn.Sequential(*[b for _ in range(300)])")
