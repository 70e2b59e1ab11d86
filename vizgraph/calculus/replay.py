"""Replay the forward calls of a run on sympy entries: every tensor becomes an array of formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, array, lift
from vizgraph.calculus.exact import exact
from vizgraph.calculus.labels import Label, labels_of, reading_order
from vizgraph.calculus.moves import gather
from vizgraph.calculus.rules import PICKS, RULES, Rule
from vizgraph.calculus.sizes import MAGNITUDE, TENSOR_ENTRIES, Sizes
from vizgraph.model import Argument, Call, Ref, Run, Seed, Slice, Value
from vizgraph.texts import say

_NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}
HOLE = sympy.Dummy("hole")  # stands for an entry without a formula


@dataclass(frozen=True, slots=True)
class Formulas:
    """The outputs' entries as formulas.

    ``labels`` names every symbol, ``point`` holds its recorded value, ``leaves``
    are the symbols to differentiate by, by their Python label. An output entry
    that holds `HOLE` has no formula; ``notes`` say why.
    """

    outputs: tuple[Any, ...]
    values: tuple[float | None, ...]
    labels: dict[Any, Label]
    point: dict[Any, float]
    leaves: dict[str, Any]
    notes: tuple[str, ...]


def formulas(run: Run, seeds: Sequence[Seed], sizes: Sizes) -> Formulas | None:
    """The formulas of what ``seeds`` were placed on; None where the forward side was not recorded."""
    makers = [_maker(run.calls, seed.node) for seed in seeds]
    outputs = [(maker, seed.result) for maker, seed in zip(makers, seeds, strict=True) if maker is not None]
    if len(outputs) < len(seeds):
        return None
    calls = _needed(run.calls, [maker for maker, _ in outputs])
    replay = _Replay(calls, sizes)
    for call in calls:
        replay.run(call)
    entries = [entry for maker, result in outputs for entry in replay.results[maker.id][result].flat]
    recorded = [value for maker, result in outputs for value in _entries(maker.values[result])]
    return Formulas(
        tuple(entries), tuple(recorded), replay.labels, replay.point, replay.leaves, tuple(dict.fromkeys(replay.notes))
    )


def _maker(calls: Sequence[Call], node: str) -> Call | None:
    """The call that made the result of a node of the engine's graph."""
    return next((call for call in reversed(calls) if call.nodes and call.nodes[0] == node), None)


def _needed(calls: Sequence[Call], outputs: Iterable[Call]) -> list[Call]:
    """The calls that the outputs stand on, in order; nothing behind a leaf counts."""
    known = {call.id: call for call in calls}
    found: set[str] = set()
    waiting = [call.id for call in outputs]
    while waiting:
        call = known.get(waiting.pop())
        if call is None or call.id in found:
            continue
        found.add(call.id)
        if call.kind != "leaf":
            waiting.extend(_operands(call))
    return [call for call in calls if call.id in found]


def _operands(call: Call) -> Iterator[str]:
    waiting: list[Argument] = [*call.arguments, *(value for _, value in call.keywords)]
    while waiting:
        argument = waiting.pop()
        if isinstance(argument, Ref):
            yield argument.id
        elif isinstance(argument, tuple):
            waiting.extend(argument)


def _entries(value: Value) -> list[float | None]:
    if value.entries is None:
        return [None] * int(numpy.prod(value.shape))
    return [float(entry) for entry in value.entries]


def _is_symbol(call: Call) -> bool:
    """Leaves are symbols, and so are the user's constants, which read better by name."""
    if call.kind == "leaf":
        return True
    return call.kind == "constant" and call.operation == "input" and call.values[0].dtype.startswith("float")


class _Replay:
    """Runs the calls one after the other; ``results`` holds the arrays of each."""

    def __init__(self, calls: Sequence[Call], sizes: Sizes) -> None:
        self.results: dict[str, tuple[Array, ...]] = {}
        self.labels: dict[Any, Label] = {}
        self.point: dict[Any, float] = {}
        self.leaves: dict[str, Any] = {}
        self.notes: list[str] = []
        self._sizes = sizes
        self._flowing: set[str] = set()  # calls through which a gradient flows
        self._symbols = self._name_symbols([call for call in calls if _is_symbol(call)])

    def _name_symbols(self, calls: Sequence[Call]) -> dict[tuple[str, Label], Any]:
        """One symbol for each entry, numbered in reading order, which is sympy's printing order."""
        wanted = [
            (call.id, label)
            for call in calls
            if (call.values[0].entries is not None)
            for label in labels_of(call.name or call.expression or call.id, call.values[0].shape)
        ]
        wanted.sort(key=lambda pair: (reading_order(pair[1]), pair[0]))
        return {pair: sympy.Symbol(f"v{number:04}", real=True) for number, pair in enumerate(wanted)}

    def run(self, call: Call) -> None:
        """Make the results of one call, once those of its operands are made."""
        flows = call.kind in ("leaf", "operation")
        if flows:
            self._flowing.add(call.id)
        if _is_symbol(call) and call.values[0].entries is not None:
            self.results[call.id] = (self._symbolic(call),)
        elif flows:
            self.results[call.id] = self._ruled(call)
        elif any(operand in self._flowing for operand in _operands(call)):  # a cut: the value and no more
            self.results[call.id] = self._recorded(call)
        else:
            self.results[call.id] = self._constant(call)

    def _symbolic(self, call: Call) -> Array:
        value = call.values[0]
        labels = labels_of(call.name or call.expression or call.id, value.shape)
        symbols = [self._symbols[call.id, label] for label in labels]
        self.labels.update(zip(symbols, labels, strict=True))
        self.point.update(zip(symbols, map(float, value.entries or ()), strict=True))
        if call.kind == "leaf":
            self.leaves.update((label.python, symbol) for symbol, label in zip(symbols, labels, strict=True))
        return array(value.shape, symbols)

    def _constant(self, call: Call) -> tuple[Array, ...]:
        """What is computed from named constants is written by its formula, everything else by its value."""
        named = any(
            result.size and not all(entry.is_number for entry in map(_expression, result.flat))
            for operand in _operands(call)
            for result in self.results[operand]
        )
        if named and all(value.dtype.startswith("float") for value in call.values):
            results = self._attempt(call)
            if isinstance(results, tuple):
                return results
        return self._recorded(call)

    def _recorded(self, call: Call) -> tuple[Array, ...]:
        return tuple(self._numbers(call, value) for value in call.values)

    def _numbers(self, call: Call, value: Value) -> Array:
        if value.entries is None or not value.finite:
            self.notes.append(say("derivation.no_numbers", operation=_named(call)))
            return array(value.shape, [HOLE] * int(numpy.prod(value.shape)))
        return array(value.shape, (exact(entry, value.dtype) for entry in value.entries))

    def _ruled(self, call: Call) -> tuple[Array, ...]:
        results = self._attempt(call)
        if isinstance(results, tuple):
            return results
        self.notes.append(results)
        return tuple(array(value.shape, [HOLE] * int(numpy.prod(value.shape))) for value in call.values)

    def _attempt(self, call: Call) -> tuple[Array, ...] | str:
        """The results by the rule of the operation, or the sentence that says why not."""
        rule = self._picking(call) if call.operation in PICKS else RULES.get(call.operation)
        if rule is None:
            return say("derivation.no_rule", operation=_named(call))
        if any(numpy.prod(value.shape) > TENSOR_ENTRIES for value in call.values):
            return say("derivation.too_large", operation=_named(call))
        try:
            made = rule(*map(self._resolve, call.arguments), **self._options(call))
            results = made if isinstance(made, tuple) else (made,)
            kept = [self._kept(call, *pair) for pair in zip(results, call.values, strict=True)]
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
            # an option that the rule does not know, or an operand that it has no formula for
            return say("derivation.no_rule_for", operation=_named(call))
        return tuple(kept)

    def _picking(self, call: Call) -> Rule:
        """The rule that gathers the entries at the recorded positions."""

        def rule(a: Array, *options: Any, **more: Any) -> Any:
            place, dim = PICKS[call.operation], more.get("dim", -1)
            dim = options[place - 1] if len(options) >= place else dim
            where = self._numbers(call, call.values[1])
            kept = where if where.ndim == a.ndim else numpy.expand_dims(where, dim)
            return gather(a, dim, kept).reshape(where.shape), None

        return rule

    def _kept(self, call: Call, result: Array | None, value: Value) -> Array:
        """A result of the right shape, its too large formulas replaced by holes."""
        if result is None:
            return self._numbers(call, value)
        if result.shape != value.shape:
            raise ValueError("the rule reads this call differently than torch")
        return array(value.shape, (self._bounded(call, _expression(entry)) for entry in result.flat))

    def _bounded(self, call: Call, entry: Any) -> Any:
        if HOLE in self._sizes.symbols(entry):
            return HOLE
        if not self._sizes.readable(entry) or (entry.is_Number and not abs(entry) < MAGNITUDE):
            self.notes.append(say("derivation.too_long", operation=_named(call)))
            return HOLE
        return entry

    def _options(self, call: Call) -> dict[str, Any]:
        return {_NUMPY_NAMES.get(name, name): self._resolve(value) for name, value in call.keywords}

    def _resolve(self, argument: Argument) -> Any:
        if isinstance(argument, Ref):
            return self.results[argument.id][argument.result]
        if isinstance(argument, Slice):
            return slice(argument.start, argument.stop, argument.step)
        if isinstance(argument, tuple):
            return tuple(map(self._resolve, argument))
        return argument


def _expression(entry: Any) -> Any:
    return lift(entry)[()] if isinstance(entry, (bool, int, float)) else entry


def _named(call: Call) -> str:
    """The operation, and where it stands if that is known."""
    if call.span is None:
        return call.operation
    return say("derivation.in_line", operation=call.operation, line=call.span.line)
