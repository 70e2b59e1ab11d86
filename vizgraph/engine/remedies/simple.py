"""Mend what one word mends: detach, all, item, a size of -1."""

from __future__ import annotations

import ast

from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.texts import say


def to_numpy(scene: Scene) -> Remedy:
    """An array has no history: it is given up in so many words."""
    call = scene.at(scene.span, ast.Call)
    if call is None or not isinstance(call.func, ast.Attribute):
        return Remedy()
    return Remedy(say("why.to_numpy"), (scene.append(call.func.value, ".detach()"),))


def one_number(scene: Scene) -> Remedy:
    """item() is for one number."""
    call = scene.at(scene.span, ast.Call)
    if call is None or not isinstance(call.func, ast.Attribute):
        return Remedy()
    owner = call.func.value
    fixes = (scene.append(owner, ".sum()"), scene.replace(call, f"{scene.operand(owner)}.tolist()"))
    return Remedy(say("why.one_number"), fixes)


def truth(scene: Scene) -> Remedy:
    """Several answers are no condition."""
    test = scene.at(scene.span, ast.expr)
    fixes = tuple(scene.append(test, ask) for ask in (".all()", ".any()")) if test is not None else ()
    return Remedy(say("why.truth"), fixes)


def reshape(scene: Scene) -> Remedy:
    """torch works one size out by itself."""
    call = scene.at(scene.span, ast.Call)
    sizes = [node for node in ast.walk(call) if _is_number(node)] if call is not None else []
    return Remedy(say("why.reshape"), tuple(scene.replace(size, "-1") for size in sizes))


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def flag_of_result(scene: Scene) -> Remedy:
    """What was computed has requires_grad from what it was made of."""
    match scene.statement(scene.span):
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name))]) as statement:
            return Remedy(say("why.flag_of_result"), (scene.instead(statement, f"{name} = {name}.detach()"),))
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) as statement:
            return Remedy(say("why.flag_of_result"), (scene.instead(statement, f"{name} = {name}.detach()"),))
    return Remedy(say("why.flag_of_result"))


def broadcast(scene: Scene) -> Remedy:
    """Sizes are compared from the last one on."""
    call = scene.at(scene.span, ast.BinOp)
    fixes = []
    if call is not None:
        sides = (call.left, call.right)
        fixes = [scene.append(side, change) for change in (".T", ".unsqueeze(-1)") for side in sides]
    return Remedy(say("why.broadcast"), tuple(fixes))
