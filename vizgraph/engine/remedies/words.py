"""Mend names: what was meant by a name that nobody knows, and what has no gradient yet."""

from __future__ import annotations

import ast
import re

from torch import Tensor

from vizgraph import language
from vizgraph.engine.remedies.leaves import NO_GRAD
from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.model import Fix, Span
from vizgraph.texts import say

MEANT = re.compile(r"did you mean (\w+)\?")


def unknown(scene: Scene) -> Remedy:
    """Write the nearest name that is known."""
    near = MEANT.fullmatch(scene.hint or "")
    node: ast.AST | None = scene.at(scene.span, ast.expr)
    node = node.func if isinstance(node, ast.Call) else node
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return Remedy()
    name = node.id if isinstance(node, ast.Name) else node.attr
    if near is None:
        return _alone(scene, node)
    end = language.span_of(node)
    place = Span(end.end_line, end.end_column - len(name), end.end_line, end.end_column)
    return Remedy(say("why.unknown", name=name, near=near[1]), (scene.put(place, near[1]),))


def _alone(scene: Scene, node: ast.AST) -> Remedy:
    """In a textbook's program functions stand alone: sin(x), not np.sin(x)."""
    outer = scene.around(scene.span, ast.Attribute)
    if isinstance(node, ast.Name) and node.id in ("np", "numpy") and outer is not None:
        return Remedy(say("why.unknown.alone"), (scene.replace(outer, outer.attr),))
    return Remedy(say("why.unknown.nobody", name=scene.text(node)))


def no_grad_yet(scene: Scene) -> Remedy:
    """``.grad`` is None: of a tensor that is no leaf, or before any pass."""
    statement = scene.statement(scene.span)
    name = next(filter(None, map(_grad_of, ast.walk(statement))), "") if statement is not None else ""
    tensor = scene.interpreter.scope.names.get(name)
    if statement is None or not isinstance(tensor, Tensor):
        return Remedy(say("why.none"))
    entry = scene.entry(tensor)
    about = (entry,) if entry is not None else ()
    if tensor.is_leaf:
        guarded = f"if {name}.grad is not None: {scene.alone(statement) or ''}"
        return Remedy(say("why.none.before", name=name), (scene.instead(statement, guarded),), about)
    fixes = (_update(scene, statement, name), kept(scene, tensor, name))
    return Remedy(say("why.none.rebound", name=name), fixes, about)


def _grad_of(node: ast.AST) -> str | None:
    """The x of ``x.grad``."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr="grad"):
            return name
    return None


def _update(scene: Scene, statement: ast.stmt, name: str) -> Fix | None:
    """``w = w - 0.1*w.grad`` makes another tensor of w: the leaf itself is changed inside of no_grad."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=target)], value=ast.BinOp(left=ast.Name(id=left), op=ast.Sub(), right=right)
        ) if target == left == name and scene.torch:
            return scene.instead(statement, NO_GRAD, f"    {name} -= {scene.text(right)}")
    return None


def kept(scene: Scene, tensor: Tensor, name: str) -> Fix | None:
    """Ask the tensor to keep its gradient, right after it was made."""
    entry = scene.entry(tensor)
    statement = scene.statement(entry.span) if entry is not None else None
    text = scene.alone(statement)
    return scene.instead(statement, text, f"{name}.retain_grad()") if text is not None else None


def grad_of_non_leaf(scene: Scene) -> Remedy:
    """The program reads ``y.grad`` of a result."""
    node = scene.at(scene.span, ast.Attribute)
    if node is None or not isinstance(node.value, ast.Name) or scene.culprit is None:
        return Remedy(say("why.non_leaf", name="…"))
    entry = scene.entry(scene.culprit)
    fixes: tuple[Fix | None, ...] = (kept(scene, scene.culprit, node.value.id),)
    statement = scene.statement(scene.span)
    if statement is not None and entry is not None:
        fixes = (_update(scene, statement, node.value.id), *fixes)
        assigned = scene.statement(entry.span)
        if assigned is not None:
            fixes = (_update(scene, assigned, node.value.id), *fixes)
    return Remedy(say("why.non_leaf", name=node.value.id), fixes, (entry,) if entry is not None else ())
