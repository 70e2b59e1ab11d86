"""Tell the names that the user must give, the outputs, and sensible values."""

from __future__ import annotations

from typing import Any

import pytest

from vizgraph import language
from vizgraph.engine.library.builtin import PYTHON
from vizgraph.language.names import KNOWN


def free(source: str) -> list[str]:
    return [one.name for one in language.parse(source).free]


def guesses(source: str) -> dict[str, Any]:
    return {one.name: one.default for one in language.parse(source).free}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("y = x1*x2*x3", ["x1", "x2", "x3"]),
        ("a = x @ w\nb = a - y\nz = b**2", ["x", "w", "y"]),
        ("y = sin(x) + pi*inf", ["x"]),
        ("y = torch.exp(x) + math.pi + F.relu(u)", ["x", "u"]),
        ("y = [a*b for a in v]", ["b", "v"]),
        ("f = lambda a, b=c: a*b*d\ny = f(1)", ["c", "d"]),
        ("def f(a):\n    k = a*w\n    return k\ny = f(x)", ["w", "x"]),
        ("for i in range(n):\n    y = x*i", ["n", "x"]),
        ("with torch.no_grad():\n    y = x", ["x"]),
        ("y = β*γ", ["β", "γ"]),
        ("y = x.sum()\nprint(f'{u:.2f}')", ["x", "u"]),
        ("import torch\ny = x", []),
        ("from torch import nn\ny = x", []),
        ("y = e*λ", ["e", "λ"]),
        ("y[0] = x", ["y", "x"]),
    ],
)
def test_free_names_are_those_that_are_read_and_never_made(source: str, names: list[str]) -> None:
    assert free(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("y1 = x\ny2 = x*2", ("y1", "y2")),
        ("a = x\nb = a*2\nz = b", ("z",)),
        ("y = x\ny = y*2", ("y",)),
        ("y = x\nprint(y)", ("y",)),
        ("y = x\nz = x*2\nu = y + 1", ("z", "u")),
        ("a, b = x, x*2", ("a", "b")),
        ("import torch\na = 1\nb = 2", ("b",)),
        ("for i in range(3):\n    y = x*i", ("y",)),
        ("y = zeros(2)\ny[0] = x", ("y",)),
        ("def f(a):\n    k = a\n    return k\ny = f(x)", ("y",)),
        ("y = x\nassert y > 0", ("y",)),
        ("y = x\ny.backward()", ("y",)),
    ],
)
def test_outputs_are_the_assigned_names_that_nothing_uses_afterwards(source: str, names: tuple[str, ...]) -> None:
    assert language.parse(source).outputs == names


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("y = x1*x2*x3", {"x1": 1, "x2": 2, "x3": 3}),
        ("y = a*b", {"a": 1, "b": 2}),
        ("y = x10 + x1x2", {"x10": 1, "x1x2": 2}),
        ("y = x.sum()", {"x": (1, 2, 3)}),
        ("y = x @ w", {"x": (1, 2, 3), "w": (1, 2, 3)}),
        ("y = x @ A @ x", {"x": (1, 2), "A": ((1, 2), (3, 4))}),
        ("y = softmax(z)", {"z": (1, 2, 3)}),
        ("y = mean((x - m)**2)", {"x": (1, 2, 3), "m": (1, 2, 3)}),
        ("y = torch.linalg.inv(A)", {"A": 1}),
        ("y = det(A)", {"A": ((1, 2), (3, 4))}),
        ("y = x[0] + w[0, 1]", {"x": (1, 2), "w": ((1, 2), (3, 4))}),
        ("y = W.T * 2", {"W": ((1, 2), (3, 4))}),
    ],
)
def test_a_value_is_guessed_from_how_a_name_is_used(source: str, values: dict[str, Any]) -> None:
    assert guesses(source) == values


def test_every_function_of_python_that_the_engine_has_is_known_to_the_language() -> None:
    """Else its name would get a field of its own."""
    assert set(PYTHON) <= KNOWN


def test_a_long_sum_is_read_in_time_that_grows_with_its_length() -> None:
    terms = " + ".join(f"x{n % 9}.sum()" for n in range(600))
    assert len(language.parse(f"y = {terms}").free) == 9
