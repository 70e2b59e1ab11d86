"""Refuse every class but the plain ones: one base, methods, docstrings and constants."""

from __future__ import annotations

import ast
from typing import Final, TypeGuard

from vizgraph.errors import VizgraphError
from vizgraph.language.places import span_of

# Names with underscores that have a meaning in the language; all others are refused.
METHODS: Final = frozenset({"__init__", "__call__"})
ATTRIBUTES: Final = frozenset({"__init__", "__name__"})
NAMES: Final = frozenset({"__name__"})
DECORATORS: Final = frozenset({"staticmethod"})


def is_class_name(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Tell ``value.__class__.__name__``, which is text, from a bare ``__class__``."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "__name__"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "__class__"
    )


def check(node: ast.ClassDef) -> None:
    """Raise `VizgraphError` at what a class of the language can't have."""
    if node.decorator_list:
        raise VizgraphError("a decorator is not in the language", span_of(node.decorator_list[0]), "remove it")
    if node.keywords or len(node.bases) > 1:
        raise VizgraphError("a class has one base here", span_of(node), f"write class {node.name}(nn.Module):")
    for statement in node.body:
        match statement:
            case ast.FunctionDef():
                _check_method(statement)
            case ast.Pass() | ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name()]) | ast.AnnAssign():
                pass
            case _:
                raise VizgraphError(
                    "this can't stand in a class", span_of(statement), "write methods: def forward(self, x):"
                )


def _check_method(node: ast.FunctionDef) -> None:
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Name) or decorator.id not in DECORATORS:
            raise VizgraphError(
                "of the decorators only @staticmethod is in the language", span_of(decorator), "remove it"
            )
