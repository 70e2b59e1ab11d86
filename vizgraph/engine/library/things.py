"""Read and write what the program's own classes and their objects hold."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Class, Instance, Special, Static, Super, Thing, Written

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def member(owner: Instance, name: str) -> Any:
    """Return a method bound to its object, or a constant of its class; KeyError where there is none."""
    value = owner.written.members[name]
    if isinstance(value, Written):
        return Bound(Special(name, _method(value)), owner)
    return value.function if isinstance(value, Static) else value


def _method(written: Written) -> Any:
    def call(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
        return calls.call_written(i, written, list(arguments), keywords, node)

    return call


def read(i: Interpreter, owner: Thing, node: ast.Attribute) -> Any:
    if node.attr in owner.names:
        value = owner.names[node.attr]
        if isinstance(value, Tensor):
            i.recorder.looked_at(value, i.text(node), i.span(node))
        return value
    try:
        return member(owner, node.attr)
    except KeyError:
        raise missing(i, node, owner.written.name, (*owner.names, *owner.written.members)) from None


def missing(i: Interpreter, node: ast.Attribute, kind: str, known: tuple[str, ...]) -> Exception:
    near = difflib.get_close_matches(node.attr, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "give it a value in __init__"
    return i.failure(node, f"'{kind}' object has no attribute '{node.attr}'", hint, AttributeError)


def write(i: Interpreter, owner: Thing, node: ast.Attribute, value: Any) -> None:
    owner.names[node.attr] = value
    if isinstance(value, Tensor) and not isinstance(node.value, ast.Name):
        i.recorder.made(value)


def call(i: Interpreter, owner: Thing, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
    function = owner.written.members.get("__call__")
    if not isinstance(function, Written):
        raise i.failure(node, f"'{owner.written.name}' object is not callable")
    return calls.call_written(i, function, [owner, *arguments], keywords, node)


def read_class(i: Interpreter, owner: Class, node: ast.Attribute) -> Any:
    """Return what a class itself holds: a function, a constant, or the apply of an autograd function."""
    if node.attr not in owner.members:
        near = difflib.get_close_matches(node.attr, list(owner.members), n=1)
        hint = f"did you mean {near[0]}?" if near else "define it in the class"
        said = f"type object '{owner.name}' has no attribute '{node.attr}'"
        raise i.failure(node, said, hint, AttributeError)
    value = owner.members[node.attr]
    return value.function if isinstance(value, Static) else value


def super_(i: Interpreter, node: ast.AST, *given: Any) -> Super:
    """Return what stands for the base of the object whose method runs."""
    owner = given[1] if len(given) == 2 else _self(i)
    if not isinstance(owner, Instance):
        raise i.failure(node, "super(): no arguments", kind=RuntimeError)
    return Super(owner)


def _self(i: Interpreter) -> Any:
    """The first argument of the method that runs."""
    return next(iter(i.scope.names.values()), None)


def read_super(i: Interpreter, owner: Super, node: ast.Attribute) -> Any:
    if node.attr == "__init__":
        return Bound(Special("__init__", _begin), owner.owner)
    raise i.refuse(node, f"super().{node.attr} is not in the language", "only super().__init__() is")


def _begin(i: Interpreter, node: ast.AST, owner: Instance, *given: Any) -> None:
    owner.ready = True


PYTHON: Final[dict[str, Callable[..., Any]]] = {"super": super_}
