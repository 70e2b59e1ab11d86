"""Run autograd functions that the program itself wrote: class Square(torch.autograd.Function)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Class, OfClass, Special, Static, Written
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.library.things import kind_name
from vizgraph.engine.recording import silent

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

METHODS: Final = ("forward", "backward", "setup_context")
HANDED_ON: Final = (Tensor, int, float, str, type(None))


class Context:
    """The ``ctx`` of both methods: what the program stores on it, and torch's own behind it."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.names: dict[str, Any] = {}


def function_class(i: Interpreter, name: str, members: dict[str, Any], base: Class | None = None) -> Class:
    """Return a class whose ``apply`` runs through torch's own autograd function."""
    methods = {key: _plain(members[key]) for key in METHODS if isinstance(_plain(members.get(key)), Written)}
    called: list[ast.AST] = []  # where apply was called last: there an error of its arguments belongs
    bodies: dict[str, Any] = {
        key: staticmethod(_called_by_torch(i, method, called if key == "forward" else []))
        for key, method in methods.items()
    }
    real: Any = type(name, (torch.autograd.Function,), bodies)
    function = Function(name, Kind.REDUCTION, real.apply)

    def apply(i: Interpreter, node: ast.AST, *arguments: Any) -> Any:
        called[:] = [node]
        opaque = {place: value for place, value in enumerate(arguments) if not isinstance(value, HANDED_ON)}
        if not opaque:
            return i.apply(function, list(arguments), {}, node)

        def call(*given: Any) -> Any:  # functions and lists of the program: torch hands them to forward as they are
            return real.apply(*(opaque.get(place, value) for place, value in enumerate(given)))

        shown = [None if place in opaque else value for place, value in enumerate(arguments)]
        return i.apply(Function(name, Kind.REDUCTION, call), shown, {}, node)

    return Class(name, _not_made, {**members, "apply": Special("apply", apply)}, base)


def _plain(method: Any) -> Any:
    return method.function if isinstance(method, (Static, OfClass)) else method


def _not_made(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
    raise i.refuse(node, "an autograd function is not called", "write its name with .apply(x)")


def _called_by_torch(i: Interpreter, method: Written, called: list[ast.AST]) -> Any:
    """What torch calls: the program's method, with nothing inside it recorded as a step of its own."""

    place = method.body[0] if isinstance(method.body, list) else method.body

    def call(*given: Any) -> Any:
        arguments = [_context(item) if isinstance(item, CONTEXTS) else item for item in given]
        with silent.inside(i):
            return calls.call_written(i, method, arguments, {}, called[0] if called else place)

    return call


CONTEXTS: Final = (torch.autograd.function.FunctionCtx, torch.autograd.function.BackwardCFunction)


def _context(real: Any) -> Context:
    if "program" not in real.__dict__:
        real.program = Context(real)
    found: Context = real.program
    return found


def read(i: Interpreter, owner: Context, node: ast.Attribute) -> Any:
    name = node.attr
    if name in owner.names:
        return owner.names[name]
    if name == "saved_tensors":
        with i.explaining(node):
            return owner.real.saved_tensors
    if name == "needs_input_grad":
        return owner.real.needs_input_grad
    if name in SPECIALS:
        return Bound(Special(name, SPECIALS[name]), owner)
    raise i.failure(node, f"'{type(owner.real).__name__}' object has no attribute '{name}'", kind=AttributeError)


def write(i: Interpreter, owner: Context, node: ast.Attribute, value: Any) -> None:
    owner.names[node.attr] = value


def _tensors(i: Interpreter, node: ast.AST, given: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    for place, item in enumerate(given):
        if item is not None and not isinstance(item, Tensor):
            said = what.format(place=place, kind=kind_name(item))
            raise i.failure(node, said, "store it as ctx.name = value")
    return given


def _save(i: Interpreter, node: ast.AST, owner: Context, *tensors: Any) -> None:
    only = "save_for_backward can only save variables, but argument {place} is of type {kind}"
    owner.real.save_for_backward(*_tensors(i, node, tensors, only))


def _mark_dirty(i: Interpreter, node: ast.AST, owner: Context, *tensors: Any) -> None:
    only = "mark_dirty can only accept variables, but argument {place} is of type {kind}"
    owner.real.mark_dirty(*_tensors(i, node, tensors, only))


def _mark_constant(i: Interpreter, node: ast.AST, owner: Context, *tensors: Any) -> None:
    only = "mark_non_differentiable only accepts variable arguments, but got {kind}"
    owner.real.mark_non_differentiable(*_tensors(i, node, tensors, only))


def _materialize(i: Interpreter, node: ast.AST, owner: Context, value: bool) -> None:
    owner.real.set_materialize_grads(bool(value))


SPECIALS: Final = {
    "save_for_backward":       _save,
    "mark_dirty":              _mark_dirty,
    "mark_non_differentiable": _mark_constant,
    "set_materialize_grads":   _materialize,
}  # fmt: skip
