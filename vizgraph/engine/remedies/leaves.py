"""Mend leaves: what can be one, what may be written to, and where a history must begin."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vizgraph import language
from vizgraph.engine.recording.entries import Entry, made_in
from vizgraph.engine.remedies.scene import Remedy, Scene, told
from vizgraph.model import Fix
from vizgraph.texts import say

NO_GRAD = "with torch.no_grad():"
SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@", ast.FloorDiv: "//",
    ast.Mod: "%",
}  # fmt: skip


def integers(scene: Scene) -> Remedy:
    """Only what can change by a little has a derivative: floats."""
    call = scene.at(scene.span, ast.Call)
    statement = scene.statement(scene.span)
    fixes: list[Fix | None] = []
    if call is not None and any(keyword.arg == "requires_grad" for keyword in call.keywords):
        fixes = [_as_floats(scene, call), scene.with_keyword(call, "dtype", "torch.float32")]
    else:
        name = _owner(call, statement)
        fixes = [scene.instead(statement, f"{name} = {name}.float().requires_grad_()") if name else None]
    return Remedy(say("why.integers"), tuple(fixes))


def _as_floats(scene: Scene, call: ast.Call) -> Fix | None:
    """The literal numbers of a creation written with a decimal point."""
    if not call.args or any(keyword.arg == "dtype" for keyword in call.keywords):
        return None
    inside = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant) and type(node.value) is int]
    return scene.put_all([(language.span_of(node), f"{scene.text(node)}.0") for node in inside])


def _owner(call: ast.Call | None, statement: ast.stmt | None) -> str | None:
    """The x of ``x.requires_grad_()`` and of ``x.requires_grad = True``."""
    holder = call.func if call is not None else statement.targets[0] if isinstance(statement, ast.Assign) else None
    is_named = isinstance(holder, ast.Attribute) and isinstance(holder.value, ast.Name)
    return holder.value.id if is_named else None  # type: ignore[union-attr]


def in_place(scene: Scene) -> Remedy:
    """A leaf is changed outside of the graph, or something new is made of it."""
    statement = scene.statement(scene.span)
    text = scene.alone(statement)
    if statement is None or text is None:
        return Remedy(say("why.in_place"), culprits=_leaf(scene))
    quiet = scene.instead(statement, NO_GRAD, f"    {text}") if scene.torch else None
    fresh = out_of_place(scene, statement)
    is_update = ".grad" in text
    fixes = (quiet, fresh) if is_update or fresh is None else (fresh, quiet)
    return Remedy(say("why.in_place"), fixes, _leaf(scene))


def _leaf(scene: Scene) -> tuple[Entry, ...]:
    entry = scene.entry(scene.culprit)
    return (entry,) if entry is not None else ()


def out_of_place(scene: Scene, statement: ast.stmt | None) -> Fix | None:
    """The same as a new value under the old name: ``x = x + 1``, ``x = x.mul(2)``, a copy before an index write."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), op=sign, value=value) if type(sign) in SIGNS:
            return scene.instead(statement, f"{name} = {name} {SIGNS[type(sign)]} {scene.operand(value)}")
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))) if method[-1:] == "_":
            rest = (scene.alone(statement) or "").removeprefix(f"{name}.{method}")
            return scene.instead(statement, f"{name} = {name}.{method[:-1]}{rest}")
        case (
            ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))])
            | ast.AugAssign(target=ast.Subscript(value=ast.Name(id=name)))
        ):
            return scene.instead(statement, f"{name} = {name}.clone()", scene.alone(statement) or "")
    return None


# --- nothing requires grad -----------------------------------------------------------


def no_history(scene: Scene) -> Remedy:
    """Find where the history was cut, or where a leaf should have been."""
    entry = scene.entry(scene.culprit)
    if entry is None:
        return Remedy(say("why.no_history"))
    past = list(_past(entry))
    for mend in (_without_no_grad, _without_detach, _switched_on, _without_item, _as_leaf):
        found = mend(scene, past)
        if found is not None:
            return found
    return Remedy(say("why.no_history"))


def _past(entry: Entry) -> Iterator[Entry]:
    """A step and all that it was made of, the nearest first."""
    seen: set[int] = set()
    waiting = [entry]
    while waiting:
        one = waiting.pop(0)
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(made.entry for made in made_in((one.arguments, tuple(v for _, v in one.keywords))))


def _without_no_grad(scene: Scene, past: list[Entry]) -> Remedy | None:
    """A block without history that holds a step: let it record."""
    for entry in past:
        block = scene.around(entry.span, ast.With)
        for item in block.items if block is not None else ():
            mode = scene.text(item.context_expr)
            if "no_grad" in mode and entry.kind == "cut":
                recorded = scene.replace(item.context_expr, mode.replace("no_grad", "enable_grad"))
                why = say("why.no_history.no_grad", name=told(entry), line=item.context_expr.lineno)
                return Remedy(why, (recorded,), (entry,))
    return None


def _without_detach(scene: Scene, past: list[Entry]) -> Remedy | None:
    for entry in past:
        call = scene.at(entry.span, ast.Call) if entry.operation == "detach" else None
        if call is None or not isinstance(call.func, ast.Attribute):
            continue
        statement = scene.statement(entry.span)
        begins = isinstance(statement, ast.Assign) and statement.value is call
        leaf = scene.append(call, ".requires_grad_()")
        bare = scene.replace(call, scene.text(call.func.value))
        again = any(_names(call.func.value) & _names(target) for target in getattr(statement, "targets", ()))
        fixes = (leaf, bare) if begins and again else (bare, leaf)
        return Remedy(say("why.no_history.detach", line=call.lineno), fixes, (entry,))
    return None


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _switched_on(scene: Scene, past: list[Entry]) -> Remedy | None:
    """``w.requires_grad_(False)`` somewhere, of a w that has a part in the output."""
    names = {entry.name for entry in past}
    for node in ast.walk(scene.program.tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="requires_grad_"), args=[switch]):
                pass
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name), attr="requires_grad")], value=switch):
                pass
            case _:
                continue
        if name in names and isinstance(switch, ast.Constant) and switch.value is False:
            why = say("why.no_history.switched_off", name=name, line=switch.lineno)
            return Remedy(why, (scene.replace(switch, "True"),), tuple(e for e in past if e.name == name))
    return None


def _without_item(scene: Scene, past: list[Entry]) -> Remedy | None:
    """``torch.tensor(y.item())`` is a number without a past: y has one."""
    for entry in past:
        call = scene.at(entry.span, ast.Call)
        for inner in ast.walk(call) if call is not None else ():
            match inner:
                case ast.Call(func=ast.Attribute(value=owner, attr="item" | "tolist"), args=[]) if call is not None:
                    why = say("why.no_history.item", name=scene.text(owner), line=call.lineno)
                    whole = call.args and call.args[0] is inner
                    return Remedy(why, (scene.replace(call if whole else inner, scene.text(owner)),), (entry,))
    return None


def _as_leaf(scene: Scene, past: list[Entry]) -> Remedy | None:
    """The first tensor that was created: let it be a leaf."""
    made = [entry for entry in past if not list(made_in(entry.arguments)) and entry.kind == "constant"]
    floats = [entry for entry in made if entry.values and entry.values[0].dtype.startswith("float")]
    calls = {entry: call for entry in floats if (call := scene.at(entry.span, ast.Call)) is not None}
    if not calls:
        return None
    names = ", ".join(dict.fromkeys(entry.name for entry in calls if entry.name))
    fixes = tuple(scene.with_keyword(call, "requires_grad", "True") for call in calls.values())
    return Remedy(say("why.no_history.no_leaf", names=names or "…"), fixes, tuple(calls))
