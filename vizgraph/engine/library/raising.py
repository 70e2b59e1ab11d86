"""Let a program raise, catch and print the errors that Python and torch raise."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.faults import ProgramError, sentence
from vizgraph.engine.evaluation.values import Special
from vizgraph.errors import VizgraphError

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

ERRORS: Final[dict[str, type[Exception]]] = {
    "Exception":           Exception,
    "RuntimeError":        RuntimeError,
    "ValueError":          ValueError,
    "TypeError":           TypeError,
    "IndexError":          IndexError,
    "KeyError":            KeyError,
    "NameError":           NameError,
    "AttributeError":      AttributeError,
    "AssertionError":      AssertionError,
    "ArithmeticError":     ArithmeticError,
    "ZeroDivisionError":   ZeroDivisionError,
    "OverflowError":       OverflowError,
    "LookupError":         LookupError,
    "NotImplementedError": NotImplementedError,
    "StopIteration":       StopIteration,
    "FloatingPointError":  FloatingPointError,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Raised:
    """An error as a value of the program: it prints as Python's own, word for word."""

    error: BaseException

    def __str__(self) -> str:
        return str(self.error)

    def __repr__(self) -> str:
        return repr(self.error)


def _maker(kind: type[Exception]) -> Callable[..., Raised]:
    def make(i: Interpreter, node: ast.AST, *said: Any) -> Raised:
        if not all(isinstance(part, (str, int, float)) for part in said):
            raise i.refuse(node, f"{kind.__name__} takes a sentence here", "write an f-string")
        operators.bounded("".join(part for part in said if isinstance(part, str)))
        return Raised(kind(*said))

    return make


PYTHON: Final[dict[str, Callable[..., Any]]] = {name: _maker(kind) for name, kind in ERRORS.items()}


def try_(i: Interpreter, node: ast.Try) -> None:
    """A refusal is not the program's to catch: limits hold inside ``try``, too, and nothing runs after them."""
    try:
        _attempt(i, node)
    except VizgraphError:
        raise
    except BaseException:
        i.execute(node.finalbody)
        raise
    i.execute(node.finalbody)


def _attempt(i: Interpreter, node: ast.Try) -> None:
    passes = len(i.session.recordings)
    try:
        i.execute(node.body)
    except ProgramError as failure:
        handler = next((one for one in node.handlers if _catches(i, one, failure)), None)
        if handler is None:
            raise
        i.session.forget_empty(passes)
        _handle(i, handler, failure)
        return
    i.execute(node.orelse)


def _catches(i: Interpreter, handler: ast.ExceptHandler, failure: ProgramError) -> bool:
    if handler.type is None:
        return True
    wanted = i.evaluate(handler.type)
    kinds = [kind_of(one) for one in (wanted if isinstance(wanted, tuple) else (wanted,))]
    if None in kinds:
        raise i.refuse(handler.type, "except needs a kind of error", "write except RuntimeError as e:")
    return any(kind is not None and isinstance(failure.error, kind) for kind in kinds)


@dataclass(frozen=True, slots=True, eq=False)
class ErrorClass(Special):
    """A class of errors of the program's own."""

    kind: type[Exception]


def error_class(base: type[Exception]) -> Callable[..., ErrorClass]:
    """Return what makes a class of errors of the program that extends another one."""

    def make(i: Interpreter, name: str, members: dict[str, Any], above: object = None) -> ErrorClass:
        kind: type[Exception] = type(name, (base,), {})
        return ErrorClass(name, _maker(kind), kind)

    return make


def kind_of(value: Any) -> type[Exception] | None:
    """Return the class of errors that a name such as RuntimeError stands for."""
    if isinstance(value, ErrorClass):
        return value.kind
    return ERRORS.get(value.name) if isinstance(value, Special) else None


def _handle(i: Interpreter, handler: ast.ExceptHandler, failure: ProgramError) -> None:
    i.caught.append(failure)
    if handler.name:
        i.scope.bind(handler.name, Raised(failure.error))
    try:
        i.execute(handler.body)
    finally:
        i.caught.pop()
        if handler.name:  # as in Python, the name ends with its block
            i.scope.names.pop(handler.name, None)


def raise_(i: Interpreter, node: ast.Raise) -> None:
    if node.exc is None:
        raise i.caught[-1] if i.caught else i.failure(node, "No active exception to reraise", kind=RuntimeError)
    value = i.evaluate(node.exc)
    kind = kind_of(value)
    error = kind() if kind else value.error if isinstance(value, Raised) else None
    if error is None:
        raise i.refuse(node, "only an error can be raised", "raise one of Python's errors, with a sentence")
    raise ProgramError(sentence(error), i.span(node), "the program raises this itself", error=error)


def read(i: Interpreter, owner: Raised, node: ast.Attribute) -> Any:
    """Return ``error.args``, all that programs look at besides its text."""
    if node.attr == "args":
        return tuple(one if isinstance(one, (str, int, float)) else str(one) for one in owner.error.args)
    raise i.refuse(node, f"the attribute {node.attr} of an error is not in the language", "print the error itself")
