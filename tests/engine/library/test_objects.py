"""Hold the methods of lists, dicts, sets and sizes to Python's own, errors included."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = "import torch\nw = torch.ones(2, requires_grad=True)\n"  # a program has a leaf
PROGRAMS = {
    "a list grows": "l = [3, 1]\nl.append(2)\nl.extend((5, 4))\nl.insert(1, 9)\nl += [7]\nprint(l)",
    "a list shrinks": "l = [3, 1, 2, 1]\nprint(l.pop(), l.pop(0))\nl.remove(1)\nprint(l)\nl.clear()\nprint(l)",
    "a list is asked": "l = [3, 1, 3]\nprint(l.index(3), l.count(3), l.count(9), l.copy(), l.copy() is l)",
    "a list is put in order": "l = [3, -1, 2]\nl.sort()\nprint(l)\nl.sort(key=lambda a: -a)\nprint(l)\n"
    "l.sort(key=abs, reverse=True)\nprint(l)\nl.reverse()\nprint(l)",
    "an empty list": "[].pop()",
    "no such item": "[1].remove(2)",
    "no such place": "[1].index(2)",
    "a dict is read": "d = {'a': 1, 'b': 2}\nprint(list(d.items()), list(d.keys()), list(d.values()), d.get('a'), d.get('c'), "
    "d.get('c', 7))",
    "a dict is written": "d = {'a': 1}\nd.update({'b': 2}, c=3)\nd.update({'a': 0})\nprint(d, d.setdefault('a', 9), "
    "d.setdefault('z', 9), d.copy())\nprint(d.pop('a'), d.pop('q', None))\nd.clear()\nprint(d)",
    "no such key": "{'a': 1}.pop('b')",
    "a set": "s = {1, 2}\ns.add(3)\ns.discard(9)\ns.remove(1)\ns.update([5, 6])\nprint(sorted(s))\n"
    "print(sorted(s.union([0], {9})), sorted(s.intersection([2, 5])), sorted(s.difference({2})), {2}.issubset(s))\n"
    "t = s.copy()\nt.clear()\nprint(len(t), len(s))",
    "not in the set": "{1}.remove(2)",
    "a size": "import torch\nx = torch.ones(2, 3)\nprint(x.shape.numel(), x.size(), x.shape[0])",
    "random numbers of their own": "import torch\ng = torch.Generator().manual_seed(3)\n"
    "print(torch.rand(2, generator=g), g.initial_seed())",
    "a hook that is removed": "import torch\nx = torch.ones(2, requires_grad=True)\n"
    "h = x.register_hook(lambda g: g * 2)\n(x * 3).sum().backward()\nprint(x.grad)\nh.remove()\n"
    "(x * 3).sum().backward()\nprint(x.grad)",
    "lists of tensors": "import torch\nx = torch.tensor(2.0, requires_grad=True)\nl = []\nfor k in range(3):\n"
    "    l.append(x ** k)\nl.reverse()\nsum(l).backward()\nprint(x.grad, len(l))",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_method_does_what_pythons_own_does(program: str) -> None:
    assert_agrees(HEAD + program)


def test_a_list_that_would_hold_itself_is_refused() -> None:
    with pytest.raises(VizgraphError, match="a list can't hold itself; append a copy"):
        ours("l = [1]\nl.append(l)")


@pytest.mark.parametrize("grown", ["l.extend(l)", "l += l", "l = l + l", "l = l * 2"])
def test_a_list_that_grows_without_end_is_refused(grown: str) -> None:
    with pytest.raises(VizgraphError, match="items"):
        ours(f"l = [1]\nfor k in range(60):\n    {grown}")


def test_a_dict_is_updated_with_a_dict() -> None:
    run = ours(f"{HEAD}d = {{}}\nd.update(3)")
    assert run.error is not None
    assert run.error.message == "'int' object is not a dict"
