"""Read and write what the program's own classes and their objects hold."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import (
    Bound,
    Class,
    Instance,
    Maker,
    Moded,
    OfClass,
    Property,
    Special,
    Static,
    Super,
    Thing,
    Written,
)

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

FIELDS: Final = "(fields)"  # no name of a program: what the class lists with a type, in their order


def member(i: Interpreter, owner: Instance, name: str, node: ast.AST) -> Any:
    """Return a method bound to its object, or a constant of its class; KeyError where there is none."""
    return bound(i, owner.written.members[name], owner, owner.written, name, node)


def bound(i: Interpreter, value: Any, owner: Any, of: Class, name: str, node: ast.AST) -> Any:
    """Return what a member is when it is read from an object."""
    match value:
        case Written() | Moded():
            return Bound(Special(name, _method(value)), owner)
        case Special() if name == "__init__":
            return Bound(value, owner)
        case Static(function=function):
            return function
        case OfClass(function=function):
            return Bound(Special(name, _method(function)), of)
        case Property(read=function):
            return calls.call(i, function, [owner], {}, node)
    return value


def _method(written: Any) -> Any:
    def call(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
        return calls.call(i, written, list(arguments), keywords, node)

    return call


def read(i: Interpreter, owner: Thing, node: ast.Attribute) -> Any:
    if node.attr in owner.names:
        value = owner.names[node.attr]
        if isinstance(value, Tensor):
            i.recorder.looked_at(value, i.text(node), i.span(node))
        return value
    if node.attr not in owner.written.members:
        raise missing(i, node, owner.written.name, (*owner.names, *owner.written.members))
    return member(i, owner, node.attr, node)


def missing(i: Interpreter, node: ast.Attribute, kind: str, known: tuple[str, ...]) -> Exception:
    near = difflib.get_close_matches(node.attr, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "give it a value in __init__"
    return i.failure(node, f"'{kind}' object has no attribute '{node.attr}'", hint, AttributeError)


def write(i: Interpreter, owner: Thing, node: ast.Attribute, value: Any) -> None:
    if assign_property(i, owner, node, value):
        return
    owner.names[node.attr] = value
    if isinstance(value, Tensor) and not isinstance(node.value, ast.Name):
        i.recorder.made(value)


def assign_property(i: Interpreter, owner: Instance, node: ast.Attribute, value: Any) -> bool:
    """Run the setter of a property; False where the name is no property."""
    there = owner.written.members.get(node.attr)
    if not isinstance(there, Property):
        return False
    if there.write is None:
        said = f"property '{node.attr}' of '{owner.written.name}' object has no setter"
        raise i.failure(node, said, f"define it with @{node.attr}.setter", AttributeError)
    calls.call(i, there.write, [owner, value], {}, node)
    return True


def call(i: Interpreter, owner: Thing, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
    function = owner.written.members.get("__call__")
    if function is None:
        raise i.failure(node, f"'{owner.written.name}' object is not callable")
    return calls.call(i, function, [owner, *arguments], keywords, node)


# --- classes -------------------------------------------------------------------


def read_class(i: Interpreter, owner: Class, node: ast.Attribute) -> Any:
    """Return what a class itself holds: a function, a constant, or the apply of an autograd function."""
    if node.attr not in owner.members:
        if node.attr == "__init__" and owner.kind is not None:
            return Special("__init__", begin)
        near = difflib.get_close_matches(node.attr, list(owner.members), n=1)
        hint = f"did you mean {near[0]}?" if near else "define it in the class"
        said = f"type object '{owner.name}' has no attribute '{node.attr}'"
        raise i.failure(node, said, hint, AttributeError)
    value = owner.members[node.attr]
    if isinstance(value, OfClass):
        return Bound(Special(node.attr, _method(value.function)), owner)
    return value.function if isinstance(value, Static) else value


def write_class(i: Interpreter, owner: Class, node: ast.Attribute, value: Any) -> None:
    """Do ``Counter.total = 3``: a constant of the class."""
    if not isinstance(owner.members.get(node.attr, 0), (int, float, str, list, tuple, dict, Tensor, type(None))):
        raise i.refuse(node, f"{node.attr} can't be assigned", "define it in the class")
    owner.members[node.attr] = value


def super_(i: Interpreter, node: ast.AST, *given: Any) -> Super:
    """Return what stands for the base of the object whose method runs."""
    scope = i.scope.of_function()
    while scope.outer is not None and (scope.function is None or scope.function.home is None):
        scope = scope.outer
    home = scope.function.home.owner if scope.function is not None and scope.function.home is not None else None
    owner = given[1] if len(given) == 2 else next(iter(scope.names.values()), None)
    if len(given) == 2 and isinstance(given[0], Class):
        home = given[0]
    if not isinstance(owner, (Instance, Class)):
        raise i.failure(node, "super(): no arguments", kind=RuntimeError)
    return Super(owner, home)


def read_super(i: Interpreter, owner: Super, node: ast.Attribute) -> Any:
    base = owner.home.base if owner.home is not None else None
    of = owner.owner if isinstance(owner.owner, Class) else owner.owner.written
    if base is not None and node.attr in base.members:
        return bound(i, base.members[node.attr], owner.owner, of, node.attr, node)
    if node.attr == "__init__":
        return Bound(Special("__init__", begin), owner.owner)
    if isinstance(owner.owner, nn.Module):
        return i.of_module(owner.owner, node)
    said = f"'super' object has no attribute '{node.attr}'"
    raise i.failure(node, said, "define it in the class that this one extends", AttributeError)


def begin(i: Interpreter, node: ast.AST, owner: Any, *given: Any, **named: Any) -> None:
    """Do the ``__init__`` of what every class is based on."""
    owner.ready = True


def read_maker(i: Interpreter, owner: Maker, node: ast.Attribute) -> Any:
    """Do ``nn.Module.__init__(self)``."""
    if node.attr == "__init__" and owner.kind is nn.Module:
        return Special("__init__", begin)
    raise i.refuse(node, f"{owner.name}.{node.attr} is not in the language", "call it on an object")


def kind_name(value: Any) -> str:
    return value.written.name if isinstance(value, Instance) else type(value).__name__


PYTHON: Final[dict[str, Callable[..., Any]]] = {"super": super_}
