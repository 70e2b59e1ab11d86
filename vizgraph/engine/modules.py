"""Name the modules that a program can import, and what each has in it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch

from vizgraph.engine import autograd, functions
from vizgraph.engine.values import Context, Namespace, Special

if TYPE_CHECKING:
    from vizgraph.engine.interpreter import Interpreter

CONTEXTS: Final = {
    "no_grad": Context("torch.no_grad", torch.no_grad),
    "enable_grad": Context("torch.enable_grad", torch.enable_grad),
    "set_grad_enabled": Context("torch.set_grad_enabled", torch.set_grad_enabled),
}


def _special(table: dict[str, Callable[..., Any]]) -> dict[str, Special]:
    return {name: Special(name, call) for name, call in table.items()}


def _no_tensor_class(i: Interpreter, node: ast.AST, *given: Any, **options: Any) -> Any:
    """``torch.Tensor`` is known for isinstance; called, it would give memory that nobody has written."""
    raise i.refuse(node, "torch.Tensor(...) is not in the language", "write torch.tensor([1.0, 2.0])")


FUNCTIONAL: Final = Namespace("torch.nn.functional", functions.FUNCTIONAL)
NN: Final = Namespace("torch.nn", {"functional": FUNCTIONAL})
LINALG: Final = Namespace("torch.linalg", functions.LINALG)
AUTOGRAD: Final = Namespace("torch.autograd", _special(autograd.AUTOGRAD))
MATH: Final = Namespace("math", functions.CONSTANTS | {
    name: Special(name, lambda i, node, *numbers, call=call: call(*numbers)) for name, call in functions.MATH.items()
})  # fmt: skip
TORCH: Final = Namespace(
    "torch",
    functions.TORCH
    | functions.DTYPES
    | functions.CONSTANTS
    | CONTEXTS
    | _special(autograd.TORCH)
    | {"nn": NN, "linalg": LINALG, "autograd": AUTOGRAD, "Tensor": Special("Tensor", _no_tensor_class)},
)

# What a textbook program may use without importing it.
MODULES: Final = {"torch": TORCH, "math": MATH, "nn": NN, "F": FUNCTIONAL}
IMPORTS: Final = {
    "torch": TORCH, "torch.nn": NN, "torch.nn.functional": FUNCTIONAL, "torch.linalg": LINALG,
    "torch.autograd": AUTOGRAD, "math": MATH,
}  # fmt: skip


def import_module(name: str, alias: str | None) -> tuple[str, Namespace] | None:
    """Return the name that ``import name as alias`` binds and its value, None for an unknown module."""
    if name not in IMPORTS:
        return None
    if alias:
        return alias, IMPORTS[name]
    top = name.split(".", maxsplit=1)[0]
    return top, IMPORTS[top]


def import_name(module: str, name: str) -> Any:
    """Return what ``from module import name`` gives; KeyError where the language has no such thing."""
    found = IMPORTS.get(f"{module}.{name}")
    return found if found is not None else IMPORTS[module].members[name]
