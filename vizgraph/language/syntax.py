"""Refuse every construct that is not in the language, by name, with what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vizgraph import limits
from vizgraph.errors import VizgraphError
from vizgraph.language import classes
from vizgraph.language.places import span_of
from vizgraph.model import Span

STATEMENTS: Final = (
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Break, ast.Continue,
    ast.Pass, ast.FunctionDef, ast.Return, ast.Import, ast.ImportFrom, ast.With, ast.Delete, ast.Assert,
    ast.Try, ast.Raise, ast.ClassDef, ast.Global, ast.Nonlocal,
)  # fmt: skip
EXPRESSIONS: Final = (
    ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript,
    ast.Slice, ast.Tuple, ast.List, ast.Dict, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.Lambda,
    ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.Starred, ast.NamedExpr, ast.Set, ast.SetComp,
)  # fmt: skip
PARTS: Final = (
    ast.Module, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.keyword, ast.alias,
    ast.arguments, ast.arg, ast.withitem, ast.comprehension, ast.ExceptHandler,
)  # fmt: skip

ALLOWED: Final = frozenset(STATEMENTS + EXPRESSIONS)

# What is outside the language: what it is called, and what to write instead.
REFUSED: Final = {
    ast.AsyncFunctionDef: ("async def",            "write def"),
    ast.AsyncFor:         ("async for",            "write for"),
    ast.AsyncWith:        ("async with",           "write with torch.no_grad():"),
    ast.Await:            ("await",                "call the function directly"),
    ast.Yield:            ("the value of yield",   "write yield as a statement of its own"),
    ast.YieldFrom:        ("the value of yield",   "write yield from as a statement of its own"),
    ast.TryStar:          ("except*",              "write except"),
    ast.Match:            ("match",                "write if and elif"),
}  # fmt: skip


def check(tree: ast.Module) -> None:
    """Raise `VizgraphError` at the first construct (in reading order of the walk) outside the language."""
    own = classes.own_attributes(tree)
    level: list[tuple[ast.AST, Place]] = [(tree, Place())]
    depth = 0
    while level:
        depth += 1
        if depth > limits.SYNTAX_DEPTH:
            raise too_deep(span_of(level[0][0]))
        below: list[tuple[ast.AST, Place]] = []
        for node, place in level:
            _check_node(node)
            _check_attribute(node, own)
            _check_place(node, place)
            below.extend(_inner(node, place))
        level = below


def too_deep(span: Span) -> VizgraphError:
    """Return the refusal of a program that is nested too deeply."""
    return VizgraphError(
        f"the program is nested more than {limits.SYNTAX_DEPTH} levels deep", span, "split it into several assignments"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """What a node stands in: Python's parser leaves it to its compiler to look."""

    loop: bool = False
    function: bool = False
    of_class: bool = False  # directly in the body of a class


def _inner(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    """What stands directly in a node; the terms of a long sum stand beside each other, not in each other."""
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        place = Place(function=True)
    elif isinstance(node, (ast.For, ast.While)):
        place = Place(True, place.function)
    elif isinstance(node, ast.ClassDef):
        place = Place(of_class=True)
    while isinstance(node, ast.BinOp) and isinstance(node.left, ast.BinOp):
        yield node.right, place
        node = node.left
        _check_node(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, (ast.Yield, ast.YieldFrom)):
        node = node.value  # a statement of its own, which is all that yield can be
    if classes.is_class_name(node):  # x.__class__.__name__: nothing else may be asked of a class
        node = node.value
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.Starred) and not isinstance(node, (ast.Call, ast.Tuple, ast.List)):
            raise VizgraphError("* unpacks nothing here", span_of(inner), "leave the * out, or put it into [ ]")
        yield inner, place


def _check_place(node: ast.AST, place: Place) -> None:
    match node:
        case ast.Break() | ast.Continue() if not place.loop:
            word = "break" if isinstance(node, ast.Break) else "continue"
            raise VizgraphError(f"{word} stands outside of a loop", span_of(node), "remove it")
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()) if not place.function:
            raise VizgraphError("yield stands outside of a function", span_of(node), "remove it")
        case ast.Global(names=several) | ast.Nonlocal(names=several):
            for name in several:
                _check_name(node, name)
        case ast.Return() if not place.function:
            raise VizgraphError("return stands outside of a function", span_of(node), "remove it, or write print(…)")
        case ast.FunctionDef(name=name) if not (place.of_class and name in classes.METHODS):
            _check_name(node, name)


def _check_node(node: ast.AST) -> None:
    if type(node) not in ALLOWED and not isinstance(node, PARTS):
        what, instead = REFUSED.get(type(node), ("this", "write it with simpler statements"))
        raise VizgraphError(f"{what} is not in the language", span_of(node), instead)
    match node:
        case ast.Constant(value=value):
            _check_constant(node, value)
        case ast.Name(id=name, ctx=ast.Load()) if name in classes.NAMES:
            pass
        case ast.Name(id=name) if name in classes.OPERATORS:  # __radd__ = __add__ in a class
            pass
        case ast.Name(id=name) | ast.arg(arg=name):
            _check_name(node, name)
        case ast.FunctionDef() | ast.Lambda():
            _check_arguments(node, node.args)
        case ast.ClassDef(name=name):
            _check_name(node, name)
            classes.check(node)
        case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
            _check_name(node, name)
        case ast.BinOp(op=ast.BitXor()):
            raise VizgraphError("^ is not a power in Python", span_of(node), "write ** for a power")
        case ast.comprehension(is_async=1):
            raise VizgraphError("async for is not in the language", span_of(node.iter), "write for")


def _check_attribute(node: ast.AST, own: frozenset[str]) -> None:
    """Of the names with underscores only those that the program itself stores, and the few that tutorials look at."""
    if isinstance(node, ast.Attribute) and _is_hidden(node.attr, own):
        raise VizgraphError(
            f"the attribute {_short(node.attr)} is not in the language",
            span_of(node),
            "use the public names of tensors, such as .grad, .grad_fn or .shape",
        )


def _check_arguments(node: ast.AST, arguments: ast.arguments) -> None:
    rest = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *rest, *arguments.kwonlyargs)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise VizgraphError(f"two arguments are called {_short(twice)}", span_of(node), "give each its own name")


def _check_constant(node: ast.Constant, value: object) -> None:
    if isinstance(value, bytes):
        raise VizgraphError("bytes are not in the language", span_of(node), "leave the b before the quotes out")
    if isinstance(value, complex):
        raise VizgraphError("complex numbers are not in the language", span_of(node), "use real numbers")
    if isinstance(value, int) and abs(value) > limits.INTEGER:
        raise VizgraphError("the integer is larger than 10^15", span_of(node), "write it as a float such as 1e18")


def _is_hidden(name: str, own: frozenset[str]) -> bool:
    if name.startswith("__") or name not in own and not name.startswith(classes.LOOKED_AT):
        return name.startswith("_") and name not in classes.ATTRIBUTES
    return False


def _check_name(node: ast.AST, name: str) -> None:
    if name.startswith("__"):
        raise VizgraphError(
            f"the name {_short(name)} is not in the language", span_of(node), "use a name without underscores"
        )


def _short(name: str, width: int = 40) -> str:
    return name if len(name) <= width else name[: width - 1] + "…"
