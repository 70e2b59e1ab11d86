"""Let objects of a program take part in operators, loops, with and print by the methods of their class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from torch import nn

from vizgraph import limits
from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.values import Instance, Thing
from vizgraph.engine.library import things

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

# Python's node: the name between the underscores, and the sign in Python's sentences.
BINARY: Final = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod", "Pow": "pow",
    "MatMult": "matmul", "BitAnd": "and", "BitOr": "or", "BitXor": "xor", "LShift": "lshift", "RShift": "rshift",
}  # fmt: skip
SIGNS: Final = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "** or pow()",
    "MatMult": "@", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "LShift": "<<", "RShift": ">>",
}  # fmt: skip
UNARY: Final = {"USub": ("__neg__", "-"), "UAdd": ("__pos__", "+"), "Invert": ("__invert__", "~")}
# The method of the left side, that of the right side, the sign.
COMPARE: Final = {
    "Eq":    ("__eq__", "__eq__", "=="),
    "NotEq": ("__ne__", "__ne__", "!="),
    "Lt":    ("__lt__", "__gt__", "<"),
    "LtE":   ("__le__", "__ge__", "<="),
    "Gt":    ("__gt__", "__lt__", ">"),
    "GtE":   ("__ge__", "__le__", ">="),
}  # fmt: skip


def call_method(i: Interpreter, owner: Thing, name: str, arguments: list[Any], node: ast.AST, lacks: str) -> Any:
    """Call a method that Python calls by itself; ``lacks`` says what the object can't do without it."""
    method = owner.written.members.get(name)
    if method is None:
        raise i.failure(node, f"'{owner.written.name}' object {lacks}", f"define {name} in the class")
    return calls.call(i, method, [owner, *arguments], {}, node)


def combine(i: Interpreter, node: ast.AST, operator: str, left: Any, right: Any) -> Any:
    """Do ``left + right`` where one of them is an object of the program."""
    name = BINARY[operator]
    for owner, other, method in ((left, right, f"__{name}__"), (right, left, f"__r{name}__")):
        if isinstance(owner, Thing) and method in owner.written.members:
            return calls.call(i, owner.written.members[method], [owner, other], {}, node)
    kinds = " and ".join(f"'{things.kind_name(value)}'" for value in (left, right))
    said = f"unsupported operand type(s) for {SIGNS[operator]}: {kinds}"
    raise i.failure(node, said, f"define __{name}__ or __r{name}__ in the class")


def augmented(i: Interpreter, node: ast.AST, operator: str, left: Thing, right: Any) -> Any:
    method = left.written.members.get(f"__i{BINARY[operator]}__")
    if method is not None:
        return calls.call(i, method, [left, right], {}, node)
    return combine(i, node, operator, left, right)


def negative(i: Interpreter, node: ast.AST, operator: str, value: Thing) -> Any:
    name, sign = UNARY[operator]
    if name not in value.written.members:
        said = f"bad operand type for unary {sign}: '{value.written.name}'"
        raise i.failure(node, said, f"define {name} in the class")
    return calls.call(i, value.written.members[name], [value], {}, node)


def compare(i: Interpreter, node: ast.AST, comparison: str, left: Any, right: Any) -> Any:
    if comparison in ("In", "NotIn"):
        found = _contains(i, node, left, right)
        return found if comparison == "In" else not found
    name, mirrored, sign = COMPARE[comparison]
    for owner, other, method in ((left, right, name), (right, left, mirrored)):
        if isinstance(owner, Thing) and method in owner.written.members:
            return calls.call(i, owner.written.members[method], [owner, other], {}, node)
    if comparison == "NotEq":  # what defines __eq__ alone has its opposite
        return not i.truth(compare(i, node, "Eq", left, right), node)
    if comparison == "Eq":
        return left is right
    kinds = " and ".join(f"'{things.kind_name(value)}'" for value in (left, right))
    raise i.failure(node, f"'{sign}' not supported between instances of {kinds}", f"define {name} in the class")


def _contains(i: Interpreter, node: ast.AST, item: Any, owner: Any) -> bool:
    if isinstance(owner, Thing):
        if "__contains__" in owner.written.members:
            return i.truth(call_method(i, owner, "__contains__", [item], node, ""), node)
        if not {"__iter__", "__getitem__"} & owner.written.members.keys():
            said = f"argument of type '{owner.written.name}' is not iterable"
            raise i.failure(node, said, "define __contains__ in the class")
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


class _Ranked:
    """An object of a program among things that are put in order: Python asks only what is less."""

    def __init__(self, i: Interpreter, node: ast.AST, value: Any) -> None:
        self._interpreter, self._node, self._value = i, node, value

    def __lt__(self, other: Any) -> bool:
        i, right = self._interpreter, other._value if isinstance(other, _Ranked) else other
        i.step(self._node)
        return i.truth(compare(i, self._node, "Lt", self._value, right), self._node)


def in_order(i: Interpreter, node: ast.AST, items: list[Any], key: Any, reverse: bool) -> list[Any]:
    """Sort by what a function of the program says of each item, or by the items; objects by their ``__lt__``."""

    def ranked(item: Any) -> Any:
        value = item if key is None else calls.call(i, key, [item], {}, node)
        return _Ranked(i, node, value) if isinstance(value, Thing) else value

    return sorted(items, key=ranked, reverse=reverse)


def truth(i: Interpreter, value: Thing, node: ast.AST) -> bool:
    for name in ("__bool__", "__len__"):
        if name in value.written.members:
            return bool(call_method(i, value, name, [], node, ""))
    return True


def length(i: Interpreter, value: Thing, node: ast.AST) -> Any:
    if "__len__" not in value.written.members:
        raise i.failure(node, f"object of type '{value.written.name}' has no len()", "define __len__ in the class")
    return call_method(i, value, "__len__", [], node, "")


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
