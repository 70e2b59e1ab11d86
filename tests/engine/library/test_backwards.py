"""Hold what a program can read of a grad_fn to torch's own: its name, its inputs, what it saved, its hooks."""

# ruff: noqa: E501 - a program stands on one line

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([3.0, -1.0], requires_grad=True)
y = x * w
z = y.exp().sum()
"""
PROGRAMS = {
    "names": "print(y.grad_fn.name(), z.grad_fn.name(), x.grad_fn)",
    "next functions": "for f, place in z.grad_fn.next_functions:\n    print(f.name(), place)",
    "down to the leaves": "f = z.grad_fn\nwhile f.next_functions:\n    print(f.name(), len(f.next_functions))\n"
    "    f = f.next_functions[0][0]\nprint(f.name(), f.variable is x, f.variable)",
    "a constant": "print((x * 2).grad_fn.next_functions[1])",
    "saved tensors": "print(y.grad_fn._saved_self, y.grad_fn._saved_other, z.grad_fn.next_functions[0][0]._saved_result)",
    "a saved number": "print((x ** 3).grad_fn._saved_exponent, x.sum(dim=0).grad_fn._saved_dim)",
    "saved sizes": "print(z.grad_fn._saved_self_sym_sizes)",
    "saved once": "z.backward()\nprint(z.grad_fn.next_functions[0][0]._saved_result)",
    "the same function twice": "print(y.grad_fn is y.grad_fn, y.grad_fn == z.grad_fn)",
    "nothing such saved": "y.grad_fn._saved_result",
    "a hook": "def see(inputs, outputs):\n    print(len(inputs), outputs)\n"
    "handle = y.grad_fn.register_hook(see)\nz.backward(retain_graph=True)\nhandle.remove()\nz.backward()\nprint(x.grad)",
    "a hook that changes": "def double(inputs, outputs):\n    return tuple(2 * one for one in inputs)\n"
    "y.grad_fn.register_hook(double)\nz.backward()\nprint(x.grad, w.grad)",
    "a hook that fails": "def fail(inputs, outputs):\n    raise ValueError('no')\ny.grad_fn.register_hook(fail)\nz.backward()",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_grad_fn_shows_what_torchs_own_shows(program: str) -> None:
    assert_agrees(HEAD + program)


def test_what_was_saved_instead_is_told() -> None:
    run = ours(f"{HEAD}y.grad_fn._saved_result")
    assert run.error is not None
    assert run.error.hint == "it saved _saved_self, _saved_other"


def test_what_it_does_not_have_is_missing_as_in_python() -> None:
    run = ours(f"{HEAD}y.grad_fn.nothing")
    assert run.error is not None
    assert run.error.message == "'MulBackward0' object has no attribute 'nothing'"


@pytest.mark.parametrize("name", ["metadata", "register_prehook"])
def test_what_is_not_in_the_language_is_refused_with_what_there_is(name: str) -> None:
    with pytest.raises(
        VizgraphError, match=f"the attribute {name} of a grad_fn is not in the language; use next_functions"
    ):
        ours(f"{HEAD}y.grad_fn.{name}")
