"""Find the step that made the first NaN, forwards or backwards, and keep its input away from the edge."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator

from vizgraph import language
from vizgraph.engine.recording.entries import Entry, made_in
from vizgraph.engine.remedies.scene import Remedy, Scene
from vizgraph.model import Fix, Value
from vizgraph.texts import say

SMALL = "1e-6"
NO_NUMBER = re.compile(r"Function '(\w+)' returned nan values")
# Where a function is not defined, or infinitely steep: the least its input may be.
ROOTS = frozenset({"log", "log2", "log10", "log1p", "sqrt", "rsqrt", "pow", "norm", "std", "reciprocal"})
BOUNDED = frozenset({"acos", "asin", "atanh", "erfinv"})


def first(scene: Scene) -> tuple[Entry, str] | None:
    """The step that made a NaN of numbers, and the key of how: in the forward pass, else in a backward pass."""
    for entry in scene.entries():
        operands = list(made_in((entry.arguments, tuple(value for _, value in entry.keywords))))
        before = [value for made in operands for value in made.entry.values[made.result : made.result + 1]]
        if operands and has_nan(entry.values) and not has_nan(before):
            return entry, "forward"
    for recording in scene.interpreter.session.recordings:
        for function, upstream, contributions in recording.steps:
            owner = scene.interpreter.recorder.owner(function)
            if owner is not None and has_nan(contributions) and not has_nan(upstream):
                return owner, "backward"
    return None


def has_nan(values: Iterable[Value | None]) -> bool:
    return any(not value.finite and _is_nan(value) for value in values if value is not None)


def _is_nan(value: Value) -> bool:
    if value.entries is None:
        return value.norm is not None and math.isnan(value.norm)
    return any(isinstance(entry, float) and math.isnan(entry) for entry in value.entries)


def remedy(scene: Scene, entry: Entry, how: str) -> Remedy:
    """Say where the NaN comes from, and write the line whose input stays where the derivative is a number."""
    edge = list(_edges(entry))
    source = next((one for one in edge if one.operation in ROOTS | BOUNDED | {"div"}), entry)
    key = f"why.nan.{how}" if source is entry else f"why.nan.{how}.from"
    why = say(
        key, step=entry.expression or entry.operation, line=entry.span.line if entry.span else "?",
        source=source.expression, where=source.span.line if source.span else "?",
    )  # fmt: skip
    fixes = tuple(fix for one in edge for fix in _kept_away(scene, one))
    return Remedy(why, fixes, tuple(dict.fromkeys((entry, source))))


def anomaly(scene: Scene) -> Remedy:
    """torch's own detection names a class of functions: find the step."""
    found = first(scene)
    if found is None:
        said = NO_NUMBER.search(scene.message)
        recordings = scene.interpreter.session.recordings
        functions = recordings[-1].functions if recordings else []
        named = [f for f in functions if said is not None and type(f).__name__ == said[1]]
        owner = scene.interpreter.recorder.owner(named[0]) if named else None
        found = (owner, "backward") if owner is not None else None
    return remedy(scene, *found) if found is not None else Remedy()


def _edges(entry: Entry) -> Iterator[Entry]:
    """The step itself, then what it was made of where that is not finite or steep, the nearest first."""
    seen: set[int] = set()
    waiting = [entry]
    while waiting and len(seen) < 100:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend(made.entry for made in made_in((one.arguments, tuple(value for _, value in one.keywords))))


def _kept_away(scene: Scene, entry: Entry) -> Iterator[Fix | None]:
    """Lines in which the input of a steep function stays in its domain."""
    node = scene.at(entry.span, ast.Call, ast.BinOp)
    if entry.operation in BOUNDED | ROOTS:
        inside = f".clamp(min={SMALL})" if entry.operation in ROOTS else f".clamp(-1 + {SMALL}, 1 - {SMALL})"
        operand = _input(node)
        if operand is not None:
            yield scene.append(operand, inside)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        moved = f"({scene.text(node.right)} + {SMALL})"
        span = language.span_of(node.right)
        yield scene.put(scene.in_brackets(span) or span, moved)
    elif entry.operation == "exp" and (operand := _input(node)) is not None:
        yield scene.append(operand, ".clamp(max=80)")


def _input(node: ast.AST | None) -> ast.expr | None:
    """What a function of one argument was given, however it was written."""
    match node:
        case ast.BinOp(left=left):
            return left
        case ast.Call(func=ast.Attribute(value=ast.Name(id="torch" | "F" | "math")), args=[first, *_]):
            return first
        case ast.Call(func=ast.Attribute(value=owner)):
            return owner
        case ast.Call(args=[first, *_]):
            return first
    return None
