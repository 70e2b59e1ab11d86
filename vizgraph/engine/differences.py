"""Run what was recorded once more in float64, a little to both sides of every leaf entry, and difference the outputs.

This is the oracle that neither autograd nor sympy has a hand in: only forward values are used. What is random
(dropout) or can't be run again from its record has no differences, and the reason says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from vizgraph.engine.evaluation import operators
from vizgraph.engine.library import functions
from vizgraph.model import Argument, Call, Differences, Jacobian, Ref, Run, Slice, Value
from vizgraph.notation.plan import Plan, last_pass, operands, plan
from vizgraph.texts import say

STEP: Final = 6e-6  # about the cube root of float64's precision: where rounding and curvature cost the same
STEPS: Final = 40_000  # evaluated steps at the most, all perturbations together
_JUMP: Final = 1e-3  # slopes that differ by more than this, and go on to do so closer by, are a kink
_CLOSE: Final = {"float32": 1e-3, "float16": 5e-2, "bfloat16": 2e-1}  # how near a step must come to its record
_DROPPED: Final = ("dtype", "requires_grad", "device", "out", "retain_graph")

Operation = Callable[..., Any]
Results = tuple[Tensor, ...]


def _written(base: Tensor, *place: Any) -> Tensor:
    copy = base.clone()
    copy[place[:-1] if len(place) > 2 else place[0] if len(place) == 2 else ...] = place[-1]
    return copy


# fmt: off
_OWN: Final[dict[str, Operation]] = {
    "index":      lambda a, *place: a[place[0] if len(place) == 1 else place],
    "write":      _written,
    "fill copy":  lambda a, value: torch.as_tensor(value, dtype=a.dtype).broadcast_to(a.shape),
    "zero":       torch.zeros_like,
    "clone contiguous to type_as float double half cpu": lambda a, *_, **__: a,
    "pos":        lambda a: a,
    "transpose":  lambda a, *dims: a.transpose(*dims) if dims else a.mT,
}
# fmt: on
_OF_NAME: Final = {name: call for names, call in _OWN.items() for name in names.split()}
_HOMES: Final = (functions.METHODS, functions.TORCH, functions.FUNCTIONAL, functions.LINALG)


def differences(run: Run) -> Differences | None:
    """The Jacobian of the last pass by finite differences; None where there is none to compare with."""
    last = last_pass(run)
    if last is None or last.jacobian is None:
        return None
    found = plan(run, last.seeds)
    rows, columns = len(last.jacobian.rows), len(last.jacobian.columns)
    if found is None:
        return _nothing(rows, columns, say("derivation.check.no_replay"))
    leaves = leaves_of(found, last.jacobian)
    if leaves is None:
        return _nothing(rows, columns, say("derivation.check.no_replay"))
    if 4 * columns * len(found.calls) > STEPS:
        return _nothing(rows, columns, say("derivation.check.too_many_steps"))
    with torch.no_grad():
        return Replay(found.calls).difference(leaves, found.outputs, rows, columns)


def leaves_of(found: Plan, jacobian: Jacobian) -> list[Call] | None:
    """The calls of the leaves in the order of the columns; None where they do not match."""
    leaves = [call for call in found.calls if call.kind == "leaf"]
    names = list(dict.fromkeys(_stem(label) for label in jacobian.columns))
    order = {name: place for place, name in enumerate(names)}
    sizes = sum(math.prod(call.values[0].shape) for call in leaves)
    if sizes != len(jacobian.columns) or len(leaves) != len(names):
        return None
    return sorted(leaves, key=lambda call: order.get(call.name or call.expression or call.id, len(order)))


def _stem(label: str) -> str:
    return label.partition("[")[0] if label.endswith("]") else label


def _nothing(rows: int, columns: int, reason: str) -> Differences:
    return Differences(rows, columns, (None,) * (rows * columns), (False,) * (rows * columns), reason)


class Replay:
    """Runs the recorded calls on other leaf values; cuts and constants keep what was recorded."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls
        self._moving = _moving(calls)
        self._operations: dict[str, Operation] = {}

    def difference(
        self, leaves: Sequence[Call], outputs: Sequence[tuple[Call, int]], rows: int, columns: int
    ) -> Differences:
        base, failed = self.settle()
        if failed is not None:
            return _nothing(rows, columns, say("derivation.check.not_repeated", operation=failed.operation))
        slopes = [slope for leaf in leaves for slope in self._slopes(leaf, base, outputs)]
        entries, kinks = zip(*(pair for row in zip(*slopes, strict=True) for pair in row), strict=True)
        return Differences(rows, columns, entries, kinks)

    def settle(self) -> tuple[dict[str, Results], Call | None]:
        """The recorded values in float64, and the first call that can't be done again, if there is one."""
        base = {call.id: tuple(_tensor(value) for value in call.values) for call in self._calls if _is_given(call)}
        for call in self._calls:
            if call.id not in base and not self._settle(call, base):
                return base, call
        return base, None

    def outputs(
        self, leaves: Mapping[str, Results], base: Mapping[str, Results], outputs: Sequence[tuple[Call, int]]
    ) -> Tensor | None:
        """The outputs, flat, for other leaves; None where a step fails there."""
        results: dict[str, Results] = {**base, **leaves}
        for call in self._calls:
            if call.id in self._operations and not self._moving[call.id].isdisjoint(leaves):
                made = self._again(call, self._operations[call.id], results)
                if made is None:
                    return None
                results[call.id] = made
        return _flat(results, outputs)

    def _again(self, call: Call, operation: Operation, results: Mapping[str, Results]) -> Results | None:
        return self._gradient(call, results) if call.operation == "grad" else _attempt(operation, call, results)

    def _gradient(self, call: Call, results: Mapping[str, Results]) -> Results | None:
        """A gradient that the program asked for, by autograd on the calls before it; None where it can't be had."""
        of, by = (item if isinstance(item, tuple) else (item,) for item in call.arguments[:2])
        if not all(isinstance(one, Ref) for one in (*of, *by)):
            return None
        ids = dict.fromkeys(one.id for one in by if isinstance(one, Ref))
        seeds = _resolve(dict(call.keywords).get("grad_outputs"), results)
        with torch.enable_grad():
            leaves = {
                id: tuple(one if one.requires_grad else one.clone().requires_grad_() for one in results[id])
                for id in ids
            }
            known: dict[str, Results] = {**results, **leaves}
            for one in self._calls[: self._calls.index(call)]:
                if one.id in self._operations and not self._moving[one.id].isdisjoint(leaves):
                    made = self._again(one, self._operations[one.id], known)
                    if made is None:
                        return None
                    known[one.id] = made
            try:
                tops, sources = ([_resolve(one, known) for one in refs] for refs in (of, by))
                return torch.autograd.grad(tops, sources, seeds, create_graph=True)
            except RuntimeError:
                return None

    def _settle(self, call: Call, base: dict[str, Results]) -> bool:
        """Find the function of torch that gives what was recorded, and keep its result in float64."""
        if any(value.entries is None for value in call.values):
            return False
        if call.operation == "grad":
            found = self._gradient(call, base)
            if found is None or not all(map(_is_near, found, call.values)):
                return False
            self._operations[call.id], base[call.id] = _as_asked, tuple(one.detach() for one in found)
            return True
        for operation in _candidates(call.operation):
            results = _attempt(operation, call, base)
            if results is not None and all(map(_is_near, results, call.values)):
                self._operations[call.id], base[call.id] = operation, results
                return True
        return False

    def _slopes(
        self, leaf: Call, base: Mapping[str, Results], outputs: Sequence[tuple[Call, int]]
    ) -> Iterator[list[tuple[float | None, bool]]]:
        """For each entry of a leaf: the column of the Jacobian, and where it has kinks."""
        value = base[leaf.id][0]
        middle = _flat(base, outputs)
        for place in range(value.numel()):
            step = STEP * max(1.0, abs(float(value.reshape(-1)[place])))
            left, right, both = self._sides(leaf, place, step, base, outputs, middle)
            kinked = _differ(left, right)
            if bool(kinked.any()):  # a strong curve differs too: closer by it does not
                nearer = self._sides(leaf, place, step / 16, base, outputs, middle)
                kinked &= _differ(nearer[0], nearer[1])
            pairs = zip(both.tolist(), kinked.tolist(), strict=True)
            yield [(slope if math.isfinite(slope) else None, bool(kink)) for slope, kink in pairs]

    def _sides(
        self,
        leaf: Call,
        place: int,
        step: float,
        base: Mapping[str, Results],
        outputs: Sequence[tuple[Call, int]],
        middle: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The slopes to the left, to the right, and across both."""
        low, high = (self._outputs(leaf, place, move, base, outputs) for move in (-step, step))
        return (middle - low) / step, (high - middle) / step, (high - low) / (2 * step)

    def _outputs(
        self, leaf: Call, place: int, move: float, base: Mapping[str, Results], outputs: Sequence[tuple[Call, int]]
    ) -> Tensor:
        moved = base[leaf.id][0].clone()
        moved.view(-1)[place] += move
        found = self.outputs({leaf.id: (moved,)}, base, outputs)
        return torch.full_like(_flat(base, outputs), math.nan) if found is None else found


def _is_given(call: Call) -> bool:
    return call.kind != "operation" and all(value.entries is not None for value in call.values)


def _moving(calls: Sequence[Call]) -> dict[str, set[str]]:
    """The leaves that each call depends on."""
    moving: dict[str, set[str]] = {}
    for call in calls:
        own = {call.id} if call.kind == "leaf" else set()
        if call.kind == "operation":
            own = own.union(*(moving.get(id, set()) for id in operands(call)))
        moving[call.id] = own
    return moving


def _as_asked(*_: Any) -> None:
    """In the place of an operation: a gradient is found from the calls before it."""


def _candidates(operation: str) -> Iterator[Operation]:
    if operation in _OF_NAME:
        yield _OF_NAME[operation]
    for known in (*operators.BINARY.values(), *operators.UNARY.values()):
        if known.operation == operation:
            yield known.call
    for home in _HOMES:
        for known in home.values():
            if known.operation == operation and not known.inplace:
                yield known.call


def _attempt(operation: Operation, call: Call, results: Mapping[str, Results]) -> Results | None:
    """The results of a call, None where it can't be made like this."""
    arguments = [_resolve(argument, results) for argument in call.arguments]
    keywords = {name: _resolve(value, results) for name, value in call.keywords if name not in _DROPPED}
    try:
        made = operation(*arguments, **keywords)
    except Exception:  # another function of that name may take these arguments
        return None
    found = (made,) if isinstance(made, Tensor) else tuple(made) if isinstance(made, (tuple, list)) else ()
    ok = len(found) == len(call.values) and all(isinstance(one, Tensor) for one in found)
    return tuple(found) if ok else None


def _resolve(argument: Argument, results: Mapping[str, Results]) -> Any:
    if isinstance(argument, Ref):
        return results[argument.id][argument.result]
    if isinstance(argument, Slice):
        return slice(argument.start, argument.stop, argument.step)
    if isinstance(argument, tuple):
        return tuple(_resolve(item, results) for item in argument)
    return argument


def _tensor(value: Value) -> Tensor:
    dtype = torch.float64 if "float" in value.dtype else torch.bool if value.dtype == "bool" else torch.int64
    return torch.tensor(value.entries, dtype=dtype).reshape(value.shape)


def _is_near(made: Tensor, value: Value) -> bool:
    if tuple(made.shape) != value.shape:
        return False
    tolerance = _CLOSE.get(value.dtype, 1e-6)
    recorded = torch.tensor(value.entries or (), dtype=torch.float64).reshape(value.shape)
    return bool(torch.allclose(made.to(torch.float64), recorded, rtol=tolerance, atol=tolerance, equal_nan=True))


def _flat(results: Mapping[str, Results], outputs: Sequence[tuple[Call, int]]) -> Tensor:
    return torch.cat([results[call.id][result].reshape(-1).to(torch.float64) for call, result in outputs])


def _differ(left: Tensor, right: Tensor) -> Tensor:
    scale = torch.maximum(left.abs(), right.abs()).clamp_min(1.0)
    return ~((left - right).abs() <= _JUMP * scale)
