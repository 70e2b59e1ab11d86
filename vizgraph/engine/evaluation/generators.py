"""Run a function that yields: as far as its next value, each time one is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from vizgraph import limits
from vizgraph.engine.evaluation import statements
from vizgraph.engine.evaluation.calls import Return
from vizgraph.engine.evaluation.targets import bind
from vizgraph.engine.evaluation.values import Scope, Written

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class Generated:
    """The values of a call of such a function, one by one."""

    def __init__(self, i: Interpreter, function: Written, names: dict[str, Any]) -> None:
        self._interpreter, self._function = i, function
        self._scope = Scope(names, function.scope, function)
        self._values = _values(i, function.body if isinstance(function.body, list) else [])

    def __iter__(self) -> Generated:
        return self

    def __next__(self) -> Any:
        i = self._interpreter
        if i.depth >= limits.CALL_DEPTH:
            raise i.too_deep(self._function.body)
        caller, i.scope = i.scope, self._scope
        i.depth += 1
        try:
            return next(self._values)
        finally:
            i.scope = caller
            i.depth -= 1


def _values(i: Interpreter, body: Sequence[ast.stmt]) -> Iterator[Any]:
    try:
        yield from _block(i, body)
    except Return:
        return


def _block(i: Interpreter, body: Sequence[ast.stmt]) -> Iterator[Any]:
    """Run statements; those with a yield inside them run here, all others as everywhere."""
    for statement in body:
        i.step(statement)
        if not i.yields(statement):
            statements.STATEMENTS[type(statement)](i, statement)
            continue
        match statement:
            case ast.Expr(value=ast.Yield(value=value)):
                yield None if value is None else i.evaluate(value)
            case ast.Expr(value=ast.YieldFrom(value=value)):
                yield from i.iterate(i.evaluate(value), value)
            case ast.If():
                yield from _block(
                    i, statement.body if i.truth(i.evaluate(statement.test), statement.test) else statement.orelse
                )
            case ast.For():
                yield from _loop(i, statement, _for(i, statement))
            case ast.While():
                yield from _loop(i, statement, _while(i, statement))
            case ast.With():
                with ExitStack() as stack:
                    statements.enter(i, statement, stack)
                    yield from _block(i, statement.body)
            case _:
                raise i.refuse(statement, "yield can't stand here", "write it in a loop or an if")


def _for(i: Interpreter, node: ast.For) -> Iterator[None]:
    """The turns of a loop, each with its item bound."""
    for item in i.iterate(i.evaluate(node.iter), node.iter):
        i.step(node)
        bind(i, node.target, item)
        yield


def _while(i: Interpreter, node: ast.While) -> Iterator[None]:
    while i.truth(i.evaluate(node.test), node.test):
        i.step(node)
        yield


def _loop(i: Interpreter, node: ast.For | ast.While, turns: Iterator[None]) -> Iterator[Any]:
    for _ in turns:
        try:
            yield from _block(i, node.body)
        except statements.Continue:
            pass
        except statements.Break:
            return
    yield from _block(i, node.orelse)
