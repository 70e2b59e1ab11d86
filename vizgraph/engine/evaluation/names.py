"""Tell what the text of a function says about its names: which are its own, and which belong to the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from vizgraph.engine.evaluation.values import Own

COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def own(arguments: ast.arguments, body: list[ast.stmt] | ast.expr) -> Own:
    """Return what Python's compiler would find in the body of a function."""
    if isinstance(body, ast.expr):
        return Own()
    of_program: set[str] = set()
    of_outer: set[str] = set()
    bound: set[str] = set()
    yields = False
    for node in _inside(body):
        match node:
            case ast.Global(names=several):
                of_program.update(several)
            case ast.Nonlocal(names=several):
                of_outer.update(several)
            case ast.Yield() | ast.YieldFrom():
                yields = True
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.alias(name=name, asname=alias):
                bound.add(alias or name.split(".")[0])
    given = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    given |= {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument}
    local = (bound | given) - of_program - of_outer
    return Own(frozenset(local), frozenset(of_program), frozenset(of_outer), yields)


def _inside(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What stands in a function, without what stands in functions, classes and comprehensions inside it."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, COMPREHENSIONS):  # only := reaches out of them
            waiting.extend(inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
            continue
        waiting.extend(ast.iter_child_nodes(node))
