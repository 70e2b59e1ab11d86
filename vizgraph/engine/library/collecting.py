"""Give Python's collections and dataclasses: objects with fields, which are also their items or their text."""

from __future__ import annotations

import ast
from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, Any, Final

from vizgraph.engine.evaluation import calls, operators
from vizgraph.engine.evaluation.values import Class, Instance, Maker, Special, Thing, specials
from vizgraph.engine.library import things

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


# --- collections -------------------------------------------------------------------


def _ordered(i: Interpreter, node: ast.AST, pairs: Any = (), **named: Any) -> Any:
    found: OrderedDict[Any, Any] = OrderedDict()
    for pair in list(pairs.items()) if isinstance(pairs, dict) else i.items(pairs, node):
        key, value = i.items(pair, node)
        operators.check_key(key)
        found[key] = value
    found.update(named)
    return found


def _defaulted(i: Interpreter, node: ast.AST, make: Any = None) -> Any:
    return defaultdict(None if make is None else lambda: calls.call(i, make, [], {}, node))


def _counted(i: Interpreter, node: ast.AST, items: Any = ()) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for item in i.items(items, node):
        operators.check_key(item)
        found[item] = found.get(item, 0) + 1
    return found


def _fields(i: Interpreter, node: ast.AST, name: Any, fields: Any) -> Class:
    """A class of objects with these attributes, which are also its items."""
    names = fields.replace(",", " ").split() if isinstance(fields, str) else [str(one) for one in i.items(fields, node)]

    def make(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Thing:
        made = Thing(whole)
        values = dict(zip(names, given, strict=False)) | named
        if set(values) != set(names) or len(given) > len(names):
            raise i.failure(node, f"{name}() needs a value for each of {', '.join(names)}")
        made.names.update((key, values[key]) for key in names)
        return made

    whole = Class(str(name), make, {
        "__iter__":    Special("__iter__", lambda i, node, owner: iter(list(owner.names.values()))),
        "__getitem__": Special("__getitem__", lambda i, node, owner, place: list(owner.names.values())[place]),
        "__len__":     Special("__len__", lambda i, node, owner: len(owner.names)),
        "__repr__":    Special("__repr__", _described),
    }, None, Thing)  # fmt: skip
    return whole


def _described(i: Interpreter, node: ast.AST, owner: Instance) -> str:
    """The text of an object with fields: Point(x=1, y=2)."""
    names = owner.written.members.get(things.FIELDS) or tuple(owner.names)
    parts = ", ".join(f"{name}={i.repr(owner.names[name], node)}" for name in names)
    return f"{owner.written.name}({parts})"


COLLECTIONS: Final[dict[str, Any]] = specials({
    "defaultdict": _defaulted, "Counter": _counted, "namedtuple": _fields,
}) | {"OrderedDict": Maker("OrderedDict", _ordered, OrderedDict)}  # fmt: skip


# --- dataclasses -------------------------------------------------------------------


def _dataclass(i: Interpreter, node: ast.AST, made: Any = None, **options: Any) -> Any:
    """Do @dataclass: an __init__ and a text of the fields."""
    if made is None:
        return Special("dataclass", _dataclass)
    if not isinstance(made, Class):
        raise i.failure(node, "dataclass decorates a class", "write @dataclass above a class")
    fields = made.members.get(things.FIELDS, ())

    def begin(i: Interpreter, node: ast.AST, owner: Any, *given: Any, **named: Any) -> None:
        values = _values(i, node, made, fields, given, named)
        owner.ready = True
        owner.names.update(values)
        after = made.members.get("__post_init__")
        if after is not None:
            calls.call(i, after, [owner], {}, node)

    made.members.setdefault("__init__", Special("__init__", begin))
    made.members.setdefault("__repr__", Special("__repr__", _described))
    return made


def _values(
    i: Interpreter, node: ast.AST, made: Class, fields: tuple[str, ...], given: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, Any]:
    values = dict(zip(fields, given, strict=False)) | named
    unknown = next((name for name in values if name not in fields), None)
    if unknown is not None or len(given) > len(fields):
        said = f"got an unexpected keyword argument '{unknown}'" if unknown else f"takes {len(fields) + 1} arguments"
        raise i.failure(node, f"{made.name}.__init__() {said}")
    for name in fields:
        default = made.members.get(name, things)
        if name not in values and default is things:
            said = f"missing 1 required positional argument: '{name}'"
            raise i.failure(node, f"{made.name}.__init__() {said}")
        if name not in values:
            values[name] = calls.call(i, default.make, [], {}, node) if isinstance(default, Field) else default
    return {name: values[name] for name in fields}


class Field:
    """The default of a field that is made anew for each object."""

    def __init__(self, make: Any) -> None:
        self.make = make


def _field(i: Interpreter, node: ast.AST, *, default: Any = None, default_factory: Any = None) -> Any:
    return default if default_factory is None else Field(default_factory)


DATACLASSES: Final = specials({"dataclass": _dataclass, "field": _field})
