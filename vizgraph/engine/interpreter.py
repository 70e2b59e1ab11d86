"""Execute the statements of a program, one counted step at a time."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Final

from torch import Tensor

from vizgraph import language, limits
from vizgraph.engine import attributes, operators
from vizgraph.engine.expressions import Expressions
from vizgraph.engine.modules import import_module, import_name
from vizgraph.engine.values import Context, Scope, Written
from vizgraph.errors import VizgraphError


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


class Interpreter(Expressions):
    """Walks the checked tree; every construct has one method here or in `Expressions`."""

    def execute(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.step(statement)
            STATEMENTS[type(statement)](self, statement)

    # --- assignments -------------------------------------------------------

    def _assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.bind(target, value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value))

    def bind(self, target: ast.expr, value: Any) -> None:
        """Give a value to a name, to several names, to entries of a tensor, or to an attribute."""
        match target:
            case ast.Name(id=name):
                self.scope.names[name] = value
                if isinstance(value, Tensor):
                    self.recorder.name(value, name)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, self.iterate(value, target), target)
            case ast.Subscript():
                owner, index = self.evaluate(target.value), self.evaluate(target.slice)
                self._write(target, owner, index, value)
            case ast.Attribute():
                attributes.write(self, self.evaluate(target.value), target, value)
            case _:
                raise self.refuse(target, "this can't be assigned to", "assign to a name")

    def _unpack(self, targets: list[ast.expr], values: Iterator[Any], node: ast.expr) -> None:
        items = list(values)
        if any(isinstance(target, ast.Starred) for target in targets):
            raise self.refuse(node, "* in an assignment is not in the language", "name every value")
        if len(items) != len(targets):
            few = len(items) < len(targets)
            raise self.failure(
                node,
                f"not enough values to unpack (expected {len(targets)}, got {len(items)})"
                if few
                else f"too many values to unpack (expected {len(targets)})",
            )
        for target, item in zip(targets, items, strict=True):
            self.bind(target, item)

    def _write(self, node: ast.Subscript, owner: Any, index: Any, value: Any) -> None:
        if isinstance(owner, Tensor):
            with self.torch_errors(node):
                owner[index] = value
            expression = f"{self.text(node)} = {self._short(value, node)}"
            self.recorder.call("write", owner, (owner, index, value), {}, expression, self.span(node), inplace=True)
        elif isinstance(owner, (list, dict)):
            with self.torch_errors(node):
                owner[index] = value
                operators.bounded(owner if isinstance(owner, list) else list(owner))
        else:
            raise self.failure(node, f"'{type(owner).__name__}' object does not support item assignment")

    def _short(self, value: Any, node: ast.expr) -> str:
        if isinstance(value, Tensor) and self.recorder.knows(value):
            return self.recorder.made(value).entry.expression
        return str(value) if isinstance(value, (int, float)) else "…"

    def _augment(self, node: ast.AugAssign) -> None:
        name = type(node.op).__name__
        if isinstance(node.target, ast.Name):
            self.bind(node.target, self.augmented(node, name, self.evaluate(node.target), self.evaluate(node.value)))
        elif isinstance(node.target, ast.Subscript):
            owner, index = self.evaluate(node.target.value), self.evaluate(node.target.slice)
            old = self.item(node.target, owner, index)
            self._write(node.target, owner, index, self.augmented(node, name, old, self.evaluate(node.value)))
        else:
            old = self.evaluate(ast.copy_location(ast.Attribute(node.target.value, node.target.attr), node.target))
            attributes.write(self, self.evaluate(node.target.value), node.target,
                             self.augmented(node, name, old, self.evaluate(node.value)))  # fmt: skip

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                raise self.refuse(target, "only names can be deleted", "write del name")
            if target.id not in self.scope.names:
                raise self.unknown(target)
            del self.scope.names[target.id]

    # --- flow --------------------------------------------------------------

    def _expression(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _if(self, node: ast.If) -> None:
        self.execute(node.body if self.truth(node.test) else node.orelse)

    def _for(self, node: ast.For) -> None:
        for item in self.iterate(self.evaluate(node.iter), node.iter):
            self.step(node)
            self.bind(node.target, item)
            if not self._body(node.body):
                return
        self.execute(node.orelse)

    def _while(self, node: ast.While) -> None:
        while self.truth(node.test):
            self.step(node)
            if not self._body(node.body):
                return
        self.execute(node.orelse)

    def _body(self, statements: list[ast.stmt]) -> bool:
        """Run the body of a loop once; False when it broke out."""
        try:
            self.execute(statements)
        except _Continue:
            pass
        except _Break:
            return False
        return True

    def _break(self, node: ast.Break) -> None:
        raise _Break

    def _continue(self, node: ast.Continue) -> None:
        raise _Continue

    def _pass(self, node: ast.Pass) -> None:
        pass

    def _assert(self, node: ast.Assert) -> None:
        if not self.truth(node.test):
            message = self.evaluate(node.msg) if node.msg else "the assertion does not hold"
            raise self.failure(node, f"AssertionError: {message}")

    def _with(self, node: ast.With) -> None:
        with ExitStack() as stack:
            for item in node.items:
                context = self.evaluate(item.context_expr)
                if isinstance(context, Context):  # written without its brackets
                    raise self.failure(item.context_expr, f"{context.name} needs brackets", f"write {context.name}()")
                if not hasattr(context, "__enter__") or item.optional_vars is not None:
                    raise self.refuse(item.context_expr, "this with is not in the language", "use torch.no_grad()")
                stack.enter_context(context)
            self.execute(node.body)

    # --- functions ---------------------------------------------------------

    def _def(self, node: ast.FunctionDef) -> None:
        self.scope.names[node.name] = self.written(node.name, node.args, node.body)

    def _return(self, node: ast.Return) -> None:
        raise _Return(self.evaluate(node.value) if node.value else None)

    def call_written(self, function: Written, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        if self.depth >= limits.CALL_DEPTH:
            raise self.refuse(node, f"functions call each other more than {limits.CALL_DEPTH} deep", "use a loop")
        names = self.arguments(function, arguments, keywords, node)
        caller, self.scope = self.scope, Scope(names, function.scope)
        self.depth += 1
        try:
            if isinstance(function.body, ast.expr):
                return self.evaluate(function.body)
            self.execute(function.body)
        except _Return as result:
            return result.value
        finally:
            self.scope = caller
            self.depth -= 1
        return None

    # --- imports -----------------------------------------------------------

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            name, module = import_module(alias.name, alias.asname) or (None, None)
            if name is None:
                raise self._no_module(alias, alias.name)
            self.scope.names[name] = module

    def _import_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            try:
                self.scope.names[alias.asname or alias.name] = import_name(node.module or "", alias.name)
            except KeyError:
                raise self._no_module(alias, f"{node.module}.{alias.name}") from None

    def _no_module(self, alias: ast.alias, name: str) -> VizgraphError:
        known = "torch, torch.nn.functional as F, math and numpy as np can be imported"
        return VizgraphError(f"import of {name} is not in the language", language.span_of(alias), known)


STATEMENTS: Final[dict[type[ast.stmt], Callable[[Interpreter, Any], None]]] = {
    ast.Assign:      Interpreter._assign,
    ast.AnnAssign:   Interpreter._annotated,
    ast.AugAssign:   Interpreter._augment,
    ast.Delete:      Interpreter._delete,
    ast.Expr:        Interpreter._expression,
    ast.If:          Interpreter._if,
    ast.For:         Interpreter._for,
    ast.While:       Interpreter._while,
    ast.Break:       Interpreter._break,
    ast.Continue:    Interpreter._continue,
    ast.Pass:        Interpreter._pass,
    ast.Assert:      Interpreter._assert,
    ast.With:        Interpreter._with,
    ast.FunctionDef: Interpreter._def,
    ast.Return:      Interpreter._return,
    ast.Import:      Interpreter._import,
    ast.ImportFrom:  Interpreter._import_from,
}  # fmt: skip
