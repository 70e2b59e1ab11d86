"""Read and write what the program's own classes and their objects hold, and let them have operators of their own."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph import limits
from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.faults import ProgramError
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
from vizgraph.engine.library import operating

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


# --- methods with a meaning in Python -------------------------------------------------


def call_method(i: Interpreter, owner: Thing, name: str, arguments: list[Any], node: ast.AST, lacks: str) -> Any:
    """Call a method that Python calls by itself; ``lacks`` says what the object can't do without it."""
    method = owner.written.members.get(name)
    if method is None:
        raise i.failure(node, f"'{owner.written.name}' object {lacks}", f"define {name} in the class")
    return calls.call(i, method, [owner, *arguments], {}, node)


def combine(i: Interpreter, node: ast.AST, operator: str, left: Any, right: Any) -> Any:
    """Do ``left + right`` where one of them is an object of the program."""
    name = operating.BINARY[operator]
    for owner, other, method in ((left, right, f"__{name}__"), (right, left, f"__r{name}__")):
        if isinstance(owner, Thing) and method in owner.written.members:
            return calls.call(i, owner.written.members[method], [owner, other], {}, node)
    kinds = " and ".join(f"'{kind_name(value)}'" for value in (left, right))
    said = f"unsupported operand type(s) for {operating.SIGNS[operator]}: {kinds}"
    raise i.failure(node, said, f"define __{name}__ or __r{name}__ in the class")


def kind_name(value: Any) -> str:
    return value.written.name if isinstance(value, Instance) else type(value).__name__


def augmented(i: Interpreter, node: ast.AST, operator: str, left: Thing, right: Any) -> Any:
    method = left.written.members.get(f"__i{operating.BINARY[operator]}__")
    if method is not None:
        return calls.call(i, method, [left, right], {}, node)
    return combine(i, node, operator, left, right)


def negative(i: Interpreter, node: ast.AST, operator: str, value: Thing) -> Any:
    name, sign = operating.UNARY[operator]
    if name not in value.written.members:
        said = f"bad operand type for unary {sign}: '{value.written.name}'"
        raise i.failure(node, said, f"define {name} in the class")
    return calls.call(i, value.written.members[name], [value], {}, node)


def compare(i: Interpreter, node: ast.AST, comparison: str, left: Any, right: Any) -> Any:
    if comparison in ("In", "NotIn"):
        found = _contains(i, node, left, right)
        return found if comparison == "In" else not found
    name, mirrored, sign = operating.COMPARE[comparison]
    for owner, other, method in ((left, right, name), (right, left, mirrored)):
        if isinstance(owner, Thing) and method in owner.written.members:
            return calls.call(i, owner.written.members[method], [owner, other], {}, node)
    if comparison == "NotEq":  # what defines __eq__ alone has its opposite
        return not i.truth(compare(i, node, "Eq", left, right), node)
    if comparison == "Eq":
        return left is right
    kinds = " and ".join(f"'{kind_name(value)}'" for value in (left, right))
    raise i.failure(node, f"'{sign}' not supported between instances of {kinds}", f"define {name} in the class")


def _contains(i: Interpreter, node: ast.AST, item: Any, owner: Any) -> bool:
    if isinstance(owner, Thing):
        if "__contains__" in owner.written.members:
            return i.truth(call_method(i, owner, "__contains__", [item], node, ""), node)
    elif isinstance(owner, (set, dict)):
        return item in owner
    for one in i.iterate(owner, node):
        i.step(node)
        same = one is item
        if not same and (isinstance(one, Thing) or isinstance(item, Thing)):
            same = i.truth(compare(i, node, "Eq", one, item), node)
        if same:
            return True
    return False


def truth(i: Interpreter, value: Thing, node: ast.AST) -> bool:
    for name in ("__bool__", "__len__"):
        if name in value.written.members:
            return bool(call_method(i, value, name, [], node, ""))
    return True


def length(i: Interpreter, value: Thing, node: ast.AST) -> Any:
    return call_method(i, value, "__len__", [], node, "has no len()")


def iterate(i: Interpreter, value: Thing, node: ast.AST) -> Iterator[Any]:
    """Yield what an object gives: by its __iter__, by its __next__, or item by item."""
    members = value.written.members
    if "__iter__" in members:
        found = call_method(i, value, "__iter__", [], node, "")
        return _nexts(i, found, node) if isinstance(found, Thing) else i.iterate(found, node)
    if "__getitem__" in members:
        return _items(i, value, node)
    raise i.failure(node, f"'{value.written.name}' object is not iterable", "define __iter__ in the class")


def _nexts(i: Interpreter, value: Thing, node: ast.AST) -> Iterator[Any]:
    while True:
        i.step(node)
        try:
            yield next_of(i, value, node)
        except ProgramError as failure:
            if isinstance(failure.error, StopIteration):
                return
            raise


def next_of(i: Interpreter, value: Thing, node: ast.AST) -> Any:
    return call_method(i, value, "__next__", [], node, "is not an iterator")


def _items(i: Interpreter, value: Thing, node: ast.AST) -> Iterator[Any]:
    for place in range(limits.SEQUENCE_ITEMS):
        i.step(node)
        try:
            yield call_method(i, value, "__getitem__", [place], node, "")
        except ProgramError as failure:
            if isinstance(failure.error, IndexError):
                return
            raise


def enter(i: Interpreter, value: Thing, node: ast.AST, stack: ExitStack) -> Any:
    """Do ``with value``: its __enter__ now, its __exit__ at the end of the block; it swallows no error."""
    entered = call_method(i, value, "__enter__", [], node, "does not support the context manager protocol")

    def leave() -> None:
        call_method(i, value, "__exit__", [None, None, None], node, "")

    stack.callback(leave)
    return entered


def describe(i: Interpreter, value: Thing, node: ast.AST, names: tuple[str, ...]) -> None:
    """Let an object that has a text of its own make it: what Python will print for it next."""
    name = next((name for name in names if name in value.written.members), None)
    value.text = None if name is None else str(call_method(i, value, name, [], node, ""))


def describe_modules(i: Interpreter, module: nn.Module, node: ast.AST) -> None:
    """Let the modules of the program's classes say what torch prints of them besides their parts."""
    for inner in module.modules():
        if isinstance(inner, Instance) and "extra_repr" in inner.written.members:
            told = calls.call(i, inner.written.members["extra_repr"], [inner], {}, node)
            inner.text = told if isinstance(told, str) else ""


PYTHON: Final[dict[str, Callable[..., Any]]] = {"super": super_}
