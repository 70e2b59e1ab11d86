"""Refuse every class but the plain ones: one base at most, methods, docstrings and constants."""

from __future__ import annotations

import ast
from typing import Final, TypeGuard

from vizgraph.errors import VizgraphError
from vizgraph.language.places import span_of

# Names with underscores that have a meaning in the language; all others are refused.
OPERATORS: Final = frozenset(
    f"__{side}{name}__"
    for name in "add sub mul truediv floordiv mod pow matmul and or xor".split()
    for side in ("", "r", "i")
)
METHODS: Final = OPERATORS | frozenset(
    f"__{name}__"
    for name in "init call repr str len getitem setitem iter next contains eq ne lt le gt ge neg pos abs bool float "
    "int enter exit post_init hash".split()
)
ATTRIBUTES: Final = METHODS | {"__name__", "__doc__", "__version__"}
NAMES: Final = frozenset({"__name__"})
# What autograd saved, how often a tensor was written, and the modules inside of one.
LOOKED_AT: Final = ("_saved_", "_version", "_modules")


def is_class_name(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Tell ``value.__class__.__name__``, which is text, from a bare ``__class__``."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "__name__"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "__class__"
    )


def own_attributes(tree: ast.Module) -> frozenset[str]:
    """Return the attributes that a program stores or defines as methods, such as self._backward."""
    stored = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    return frozenset(stored | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)})


def check(node: ast.ClassDef) -> None:
    """Raise `VizgraphError` at what a class of the language can't have."""
    if node.keywords or len(node.bases) > 1:
        raise VizgraphError("a class has one base here", span_of(node), f"write class {node.name}(nn.Module):")
    for statement in node.body:
        match statement:
            case ast.FunctionDef() | ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign():
                pass
            case _:
                raise VizgraphError(
                    "this can't stand in a class", span_of(statement), "write methods: def forward(self, x):"
                )
