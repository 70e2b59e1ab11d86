"""Refuse every construct that is not in the language, by name, with what to write instead."""

from __future__ import annotations

import ast
from typing import Final

from vizgraph import limits
from vizgraph.errors import VizgraphError
from vizgraph.language.places import span_of

STATEMENTS: Final = (
    ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Break, ast.Continue,
    ast.Pass, ast.FunctionDef, ast.Return, ast.Import, ast.ImportFrom, ast.With, ast.Delete, ast.Assert,
)  # fmt: skip
EXPRESSIONS: Final = (
    ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Attribute, ast.Subscript,
    ast.Slice, ast.Tuple, ast.List, ast.Dict, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.Lambda,
    ast.ListComp, ast.GeneratorExp, ast.Starred,
)  # fmt: skip
PARTS: Final = (
    ast.Module, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.keyword, ast.alias,
    ast.arguments, ast.arg, ast.withitem, ast.comprehension,
)  # fmt: skip

# What is outside the language: what it is called, and what to write instead.
REFUSED: Final = {
    ast.ClassDef:         ("class",                "write the computation with functions and tensors"),
    ast.AsyncFunctionDef: ("async def",            "write def"),
    ast.AsyncFor:         ("async for",            "write for"),
    ast.AsyncWith:        ("async with",           "write with torch.no_grad():"),
    ast.Await:            ("await",                "call the function directly"),
    ast.Yield:            ("yield",                "collect the values in a list and return it"),
    ast.YieldFrom:        ("yield from",           "collect the values in a list and return it"),
    ast.Try:              ("try",                  "remove it: an error is shown with its line"),
    ast.Raise:            ("raise",                "remove it: an error is shown with its line"),
    ast.Global:           ("global",               "pass the value as an argument and return it"),
    ast.Nonlocal:         ("nonlocal",             "pass the value as an argument and return it"),
    ast.Match:            ("match",                "write if and elif"),
    ast.NamedExpr:        (":=",                   "assign on a line of its own"),
    ast.Set:              ("a set",                "write a list"),
    ast.SetComp:          ("a set comprehension",  "write a list comprehension"),
    ast.DictComp:         ("a dict comprehension", "write a list comprehension"),
}  # fmt: skip


def check(tree: ast.Module) -> None:
    """Raise `VizgraphError` at the first construct (in reading order of the walk) outside the language."""
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > limits.SYNTAX_DEPTH:
            raise VizgraphError(
                f"the program is nested more than {limits.SYNTAX_DEPTH} levels deep",
                span_of(level[0]),
                "split it into several assignments",
            )
        for node in level:
            _check_node(node)
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]


def _check_node(node: ast.AST) -> None:
    if not isinstance(node, STATEMENTS + EXPRESSIONS + PARTS):
        what, instead = REFUSED.get(type(node), (f"{type(node).__name__}", "write it with simpler statements"))
        raise VizgraphError(f"{what} is not in the language", span_of(node), instead)
    match node:
        case ast.Constant(value=value):
            _check_constant(node, value)
        case ast.Name(id=name) | ast.arg(arg=name):
            _check_name(node, name)
        case ast.FunctionDef(name=name):
            _check_name(node, name)
            if node.decorator_list:
                raise VizgraphError("a decorator is not in the language", span_of(node.decorator_list[0]), "remove it")
        case ast.Attribute(attr=name) if name.startswith("_"):
            raise VizgraphError(
                f"the attribute {name} is not in the language",
                span_of(node),
                "use the public names of tensors, such as .grad, .grad_fn or .shape",
            )
        case ast.keyword(arg=None):
            raise VizgraphError("** in a call is not in the language", span_of(node.value), "write the keywords out")
        case ast.BinOp(op=ast.BitXor()):
            raise VizgraphError("^ is not a power in Python", span_of(node), "write ** for a power")


def _check_constant(node: ast.Constant, value: object) -> None:
    if isinstance(value, (bytes, complex)):
        raise VizgraphError(f"{type(value).__name__} values are not in the language", span_of(node), "use real numbers")
    if isinstance(value, int) and abs(value) > limits.INTEGER:
        raise VizgraphError("the integer is larger than 10^15", span_of(node), "write it as a float such as 1e18")


def _check_name(node: ast.AST, name: str) -> None:
    if name.startswith("__"):
        raise VizgraphError(f"the name {name} is not in the language", span_of(node), "use a name without underscores")
