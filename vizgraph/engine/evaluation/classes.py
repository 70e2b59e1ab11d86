"""Define the program's own classes: modules, functions with a backward of their own, errors and plain ones."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import (
    Class,
    Home,
    Ignored,
    Instance,
    Maker,
    Moded,
    OfClass,
    Property,
    Scope,
    Special,
    Static,
    Thing,
    Written,
)
from vizgraph.engine.library import custom, raising, things
from vizgraph.engine.library.networks import Network

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Make = Callable[["Interpreter", str, dict[str, Any], Class | None], Special]


def define(i: Interpreter, node: ast.ClassDef) -> None:
    base = i.evaluate(node.bases[0]) if node.bases else OBJECT
    make, above = _make(i, node, base)
    home = Home()
    members = _members(i, node, home)
    made = make(i, node.name, members if above is None else {**above.members, **members}, above)
    if isinstance(made, Class):
        home.owner = made
    for decorator in reversed(node.decorator_list):
        made = calls.call(i, i.evaluate(decorator), [made], {}, decorator)
    i.scope.bind(node.name, made)


def _make(i: Interpreter, node: ast.ClassDef, base: Any) -> tuple[Make, Class | None]:
    """What makes the class, and the class of the program that it extends."""
    if isinstance(base, Class):
        if base.kind is None:
            return custom.function_class, base
        return _of(base.kind), base
    if isinstance(base, Ignored):
        return _of(Thing), None
    kind = raising.kind_of(base)
    if kind is not None:
        return raising.error_class(kind), None
    make = next((make for special, make in BASES if special is base), None)
    if make is None:
        raise i.refuse(node.bases[0], "a class has the base nn.Module, torch.autograd.Function or its own kind here",
                       f"write class {node.name}(nn.Module):")  # fmt: skip
    return make, None


def _members(i: Interpreter, node: ast.ClassDef, home: Home) -> dict[str, Any]:
    """Run the body of a class: what it binds are its members, and later lines see earlier ones."""
    outer, i.scope = i.scope, Scope({}, i.scope)
    try:
        for statement in node.body:
            for name, value in _member(i, node.name, statement, home):
                i.scope.names[name] = value
        found = dict(i.scope.names)
    finally:
        i.scope = outer
    fields = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    return {**found, things.FIELDS: tuple(fields)} if fields else found


def _member(i: Interpreter, owner: str, statement: ast.stmt, home: Home) -> list[tuple[str, Any]]:
    match statement:
        case ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=decorators):
            inner, i.scope = i.scope, i.scope.outer or i.scope  # a method does not see the names of its class
            try:
                method: Any = calls.written(i, f"{owner}.{name}", arguments, body, home)
            finally:
                i.scope = inner
            for decorator in reversed(decorators):
                method = _decorated(i, decorator, method)
            return [(name, method)]
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, i.evaluate(value))]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, i.evaluate(value))]
    return []


def _decorated(i: Interpreter, node: ast.expr, method: Any) -> Any:
    """What a decorator makes of a method; @name.setter adds to the property that is there."""
    if isinstance(node, ast.Attribute) and node.attr == "setter" and isinstance(node.value, ast.Name):
        there = i.scope.names.get(node.value.id)
        if isinstance(there, Property):
            return Property(there.read, method)
    decorator = i.evaluate(node)
    name = decorator.name if isinstance(decorator, Special) else ""
    if name in KINDS:
        return KINDS[name](method)
    return calls.call(i, decorator, [method], {}, node)


def _of(kind: Callable[[Class], Instance]) -> Make:
    """Return what makes a class of objects of that kind."""

    def define_class(_: Interpreter, name: str, members: dict[str, Any], base: Class | None) -> Class:
        def make(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Instance:
            made = kind(whole)
            begin = whole.members.get("__init__")
            if isinstance(begin, (Written, Moded, Special)):
                calls.call(i, begin, [made, *arguments], keywords, node)
            elif arguments or keywords:
                raise i.failure(node, f"{name}() takes no arguments")
            else:
                made.ready = True
            return made

        whole = Class(name, make, members, base, kind)
        return whole

    return define_class


def _only_a_base(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
    raise i.refuse(node, "this class is only a base here", "write class Net(nn.Module):")


def _decorates(name: str) -> Special:
    def refuse(i: Interpreter, node: ast.AST, *given: Any) -> Any:
        raise i.refuse(node, f"{name} is a decorator here", f"write @{name} above a method")

    return Special(name, refuse)


KINDS: Final[dict[str, Callable[[Any], Any]]] = {
    "staticmethod":       Static,
    "classmethod":        OfClass,
    "property":           Property,
    "abstractmethod":     lambda method: method,
    "once_differentiable": lambda method: method,
}  # fmt: skip
DECORATORS: Final = {name: _decorates(name) for name in KINDS}
OBJECT: Final = Special("object", _only_a_base)
MODULE: Final = Maker("Module", _only_a_base, nn.Module)
FUNCTION: Final = Special("Function", _only_a_base)
BASES: Final[tuple[tuple[Special, Make], ...]] = (
    (OBJECT, _of(Thing)), (MODULE, _of(Network)), (FUNCTION, custom.function_class),
)  # fmt: skip
