"""Call whatever the language can call, and bind the arguments of the program's own functions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from torch import nn

from vizgraph import limits
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.values import (
    Bound,
    Context,
    Home,
    Ignored,
    Method,
    Moded,
    Namespace,
    Scope,
    Special,
    Thing,
    Written,
)
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.modes import DECORATING, around

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


OF_PROGRAM: Final = (Written, Moded)


class Return(Exception):
    """Carries a value from a return statement to the call."""

    def __init__(self, value: Any) -> None:
        self.value = value


def call_expression(i: Interpreter, node: ast.Call) -> Any:
    function = _callee(i, node)
    arguments = i.spread(node.args)
    keywords: dict[str, Any] = {}
    for keyword in node.keywords:
        value = i.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        else:
            _add_keywords(i, keyword, keywords, value)
    return call(i, function, arguments, keywords, node)


def _add_keywords(i: Interpreter, node: ast.AST, keywords: dict[str, Any], more: Any) -> None:
    """Do ``**more`` in a call."""
    if not isinstance(more, dict) or not all(isinstance(name, str) for name in more):
        raise i.failure(node, "argument after ** must be a mapping with names as keys")
    twice = next((name for name in more if name in keywords), None)
    if twice is not None:
        raise i.failure(node, f"got multiple values for keyword argument '{twice}'")
    keywords.update(more)


def _callee(i: Interpreter, node: ast.Call) -> Any:
    if not isinstance(node.func, ast.Name):
        return i.evaluate(node.func)
    try:
        return i.look_up(node.func)
    except ProgramError as error:
        if error.hint and not error.hint.startswith("did you mean"):
            error.hint = "see the list of functions, or define it with def"
        raise


def call(i: Interpreter, function: Any, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
    """Call any callable value of the language."""
    match function:
        case Function():
            return i.apply(function, arguments, keywords, node)
        case Method(function=inner, owner=owner):
            return i.apply(inner, [owner, *arguments], keywords, node)
        case Special():
            return _call_special(i, function, arguments, keywords, node)
        case Bound(special=special, owner=owner):
            return _call_special(i, special, [owner, *arguments], keywords, node)
        case Context(make=make):
            if len(arguments) == 1 and isinstance(arguments[0], OF_PROGRAM):  # a decorator without brackets
                return Moded(arguments[0], make, arguments[0].name)
            with i.explaining(node):
                return make(*arguments, **keywords)
        case nn.Module() | Thing():
            return i.invoke(function, arguments, keywords, node)
        case Written():
            return call_written(i, function, arguments, keywords, node)
        case Moded(function=inner, make=make):
            with make():
                return call(i, inner, arguments, keywords, node)
        case _ if isinstance(function, DECORATING) and len(arguments) == 1 and isinstance(arguments[0], OF_PROGRAM):
            return Moded(arguments[0], around(function), arguments[0].name)
        case Ignored():
            return function
    what = function.name if isinstance(function, Namespace) else f"'{type(function).__name__}' object"
    raise i.failure(node, f"{what} is not callable")


def _call_special(
    i: Interpreter, function: Special, arguments: list[Any], keywords: dict[str, Any], node: ast.AST
) -> Any:
    with i.explaining(node, next(iter(arguments), None)):
        try:
            return function.call(i, node, *arguments, **keywords)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # the call itself failed
                raise i.failure(
                    node, f"{function.name}() does not take these arguments", "check their number and their names"
                ) from None
            raise


# --- functions of the program -------------------------------------------------


def written(
    i: Interpreter, name: str, arguments: ast.arguments, body: list[ast.stmt] | ast.expr, home: Home | None = None
) -> Written:
    defaults = tuple(i.evaluate(default) for default in arguments.defaults)
    named = {
        argument.arg: i.evaluate(default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    return Written(name, arguments, body, i.scope, defaults, named, home, i.own(arguments, body))


def call_written(
    i: Interpreter, function: Written, arguments: list[Any], keywords: dict[str, Any], node: ast.AST
) -> Any:
    i.step(node)
    if i.depth >= limits.CALL_DEPTH:
        raise i.too_deep(node)
    names = _bound(i, function, arguments, keywords, node)
    if function.own.yields and not isinstance(function.body, ast.expr):
        return i.generate(function, names)
    caller, i.scope = i.scope, Scope(names, function.scope, function)
    i.depth += 1
    try:
        if isinstance(function.body, ast.expr):
            return i.evaluate(function.body)
        i.execute(function.body)
    except Return as result:
        return result.value
    finally:
        i.scope = caller
        i.depth -= 1
    return None


def _bound(
    i: Interpreter, function: Written, given: list[Any], keywords: dict[str, Any], node: ast.AST
) -> dict[str, Any]:
    """Bind the arguments of a call to the names of a function, as Python does."""
    names = [argument.arg for argument in (*function.arguments.posonlyargs, *function.arguments.args)]
    only = [argument.arg for argument in function.arguments.kwonlyargs]
    rest = function.arguments.vararg
    if len(given) > len(names) and rest is None:
        least = f"from {len(names) - len(function.defaults)} to " if function.defaults else ""
        takes = f"{least}{len(names)} positional argument{'s' if len(names) != 1 else ''}"
        were = f"{len(given)} {'were' if len(given) != 1 else 'was'} given"
        raise i.failure(node, f"{function.name}() takes {takes} but {were}")
    bound = dict(zip(names, given, strict=False))
    others: dict[str, Any] = {}
    for name, value in keywords.items():
        if name not in names and name not in only:
            if function.arguments.kwarg is not None:
                others[name] = value
                continue
            raise i.failure(node, f"{function.name}() got an unexpected keyword argument '{name}'")
        if name in bound:
            raise i.failure(node, f"{function.name}() got multiple values for argument '{name}'")
        bound[name] = value
    first = len(names) - len(function.defaults)
    for name, default in zip(names[first:], function.defaults, strict=True):
        bound.setdefault(name, default)
    if rest is not None:
        bound[rest.arg] = tuple(given[len(names) :])
    if function.arguments.kwarg is not None:
        bound[function.arguments.kwarg.arg] = others
    bound = {**function.named, **bound}
    lacking = [f"'{name}'" for name in only if name not in bound]
    if lacking:
        what = f"{len(lacking)} required keyword-only argument{'s' if len(lacking) > 1 else ''}"
        raise i.failure(node, f"{function.name}() missing {what}: {_listed(lacking)}")
    missing = [f"'{name}'" for name in names if name not in bound]
    if missing:
        what = f"{len(missing)} required positional argument{'s' if len(missing) > 1 else ''}"
        raise i.failure(node, f"{function.name}() missing {what}: {_listed(missing)}")
    return bound


def _listed(names: list[str]) -> str:
    """Names as Python lists them: 'a' and 'b', or 'a', 'b', and 'c'."""
    if len(names) < 3:
        return " and ".join(names)
    return ", ".join(names[:-1]) + f", and {names[-1]}"
