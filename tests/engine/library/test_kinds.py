"""Hold type, isinstance, __name__ and repr to Python."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
from torch import nn
import numpy as np
class A:
    pass
class B(A):
    pass
class Net(nn.Module):
    pass
class Bad(ValueError):
    pass
def f(x):
    return x
x = torch.tensor([1.0, 2.0], requires_grad=True)
"""
PROGRAMS = {
    "numbers": "print(type(1), type(1.0), type(True), type(1).__name__, type(2.5).__name__)",
    "texts and containers": "print(type('a'), type([1]), type((1,)), type({'a': 1}), type([]).__name__)",
    "tensors": "print(type(x), type(x).__name__, type(x) == type(x * 2), type(nn.Parameter(x)).__name__)",
    "functions": "print(type(f), type(f).__name__, f.__name__)",
    "objects of the program": "print(type(B()), type(B()).__name__, B.__name__, type(B()) is B, type(B()) == A)",
    "backward functions": "print(type(x.exp().grad_fn).__name__, type(x.exp().sum().grad_fn).__name__)",
    "errors": "try:\n    raise Bad('no')\nexcept ValueError as e:\n    print(type(e).__name__, isinstance(e, Bad), "
    "isinstance(e, ValueError), isinstance(e, KeyError))",
    "isinstance of numbers": "print(isinstance(1, int), isinstance(True, int), isinstance(1.0, int), "
    "isinstance(1, float), isinstance('a', str), isinstance(True, bool))",
    "isinstance of several": "print(isinstance(1, (str, int)), isinstance([], (tuple, dict)), "
    "isinstance(range(2), range))",
    "isinstance of tensors": "print(isinstance(x, torch.Tensor), isinstance(2.0, torch.Tensor), "
    "isinstance(nn.Parameter(x), nn.Parameter), isinstance(x, nn.Parameter), isinstance(np.ones(2), np.ndarray))",
    "isinstance of modules": "m = nn.Linear(2, 1)\nprint(isinstance(m, nn.Linear), isinstance(m, nn.Module), "
    "isinstance(m, nn.ReLU), isinstance(x, nn.Module), isinstance(Net(), nn.Module))",
    "isinstance along the bases": "print(isinstance(B(), A), isinstance(A(), B), isinstance(1, A), "
    "isinstance(B(), (int, A)))",
    "repr": "print(repr('a'), repr([1, 'b']), repr(x), repr(1.50), repr({'a': (1,)}))",
    "no name": "x.__name__",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_value_is_of_the_kind_that_python_says(program: str) -> None:
    assert_agrees(HEAD + program)


@pytest.mark.parametrize("program", ["isinstance(1, 2)", "isinstance(1, f)", "isinstance(x, (int, 'float'))"])
def test_what_is_no_kind_is_refused_with_what_to_write(program: str) -> None:
    with pytest.raises(VizgraphError, match=r"isinstance knows numbers, .*; write int or float"):
        ours(HEAD + program)


def test_a_value_without_a_type_to_show_is_refused() -> None:
    with pytest.raises(VizgraphError, match="this value has no type to show; ask for the type of a number"):
        ours(HEAD + "print(type(nn.init))")
