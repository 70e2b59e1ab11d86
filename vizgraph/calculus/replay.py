"""Replay the forward calls of a run on sympy entries: every tensor becomes an array of formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import sympy

from vizgraph.calculus.arrays import Array, array, lift
from vizgraph.calculus.exact import exact
from vizgraph.calculus.hole import HOLE
from vizgraph.calculus.moves import gather
from vizgraph.calculus.own import gradient, has_own_slope
from vizgraph.calculus.rules import PICKS, RULES, Rule
from vizgraph.calculus.sizes import MAGNITUDE, TENSOR_ENTRIES, Sizes
from vizgraph.model import Argument, Call, Ref, Slice, Value
from vizgraph.notation.labels import Label, labels_of, reading_order
from vizgraph.notation.plan import Plan, is_symbol, operands
from vizgraph.texts import say

_NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}


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


def formulas(plan: Plan, sizes: Sizes) -> Formulas:
    """The formulas of the outputs in the leaves and the named constants."""
    replay = _Replay(plan, sizes, {})
    for call in plan.calls:
        replay.run(call)
    entries = [entry for maker, result in plan.outputs for entry in replay.results[maker.id][result].flat]
    recorded = [value for maker, result in plan.outputs for value in _entries(maker.values[result])]
    return Formulas(
        tuple(entries), tuple(recorded), replay.labels, replay.point, replay.leaves, tuple(dict.fromkeys(replay.notes))
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """The formulas of chosen calls, each in the symbols of the chosen calls and leaves before it.

    ``inner`` holds the operand of those whose slope reads best in their own result: s(1 − s) of a sigmoid s."""

    made: dict[str, Array]
    inner: dict[str, tuple[Call, Array]]
    symbols: dict[str, Array]
    labels: dict[Any, Label]
    point: dict[Any, float]


def steps(plan: Plan, sizes: Sizes, stops: Mapping[str, str]) -> Steps:
    """Stop at the calls ``stops`` (id -> name): what comes after is written in their names."""
    replay = _Replay(plan, sizes, stops)
    for call in plan.calls:
        replay.run(call)
    leaves = {call.id: replay.results[call.id][0] for call in plan.calls if call.kind == "leaf"}
    stopped = {id: replay.results[id][0] for id in replay.made}
    return Steps(replay.made, replay.inner, {**leaves, **stopped}, replay.labels, replay.point)


def _entries(value: Value) -> list[float | None]:
    if value.entries is None:
        return [None] * int(numpy.prod(value.shape))
    return [float(entry) for entry in value.entries]


class _Replay:
    """Runs the calls one after the other; ``results`` holds the arrays of each."""

    def __init__(self, plan: Plan, sizes: Sizes, stops: Mapping[str, str]) -> None:
        self.made: dict[str, Array] = {}
        self.inner: dict[str, tuple[Call, Array]] = {}
        self.results: dict[str, tuple[Array, ...]] = {}
        self.labels: dict[Any, Label] = {}
        self.point: dict[Any, float] = {}
        self.leaves: dict[str, Any] = {}
        self.notes: list[str] = []
        self._plan, self._sizes = plan, sizes
        self._flowing: set[str] = set()  # calls through which a gradient flows
        self._stops = {call.id: stops[call.id] for call in plan.calls if call.id in stops and _is_kept(call)}
        self._symbols = self._name_symbols([call for call in plan.calls if is_symbol(call) or call.id in self._stops])

    def _name_symbols(self, calls: Sequence[Call]) -> dict[tuple[str, Label], Any]:
        """One symbol for each entry, numbered in reading order, which is sympy's printing order."""
        wanted = [
            (call.id, label)
            for call in calls
            if (call.values[0].entries is not None)
            for label in labels_of(self._name(call), call.values[0].shape)
        ]
        wanted.sort(key=lambda pair: (reading_order(pair[1]), pair[0]))
        return {pair: sympy.Symbol(f"v{number:04}", real=True) for number, pair in enumerate(wanted)}

    def _name(self, call: Call) -> str:
        return self._stops.get(call.id) or call.name or call.expression or call.id

    def run(self, call: Call) -> None:
        """Make the results of one call, once those of its operands are made."""
        flows = call.kind in ("leaf", "operation")
        if flows:
            self._flowing.add(call.id)
        if is_symbol(call) and call.values[0].entries is not None:
            self.results[call.id] = (self._symbolic(call),)
        elif flows:
            self.results[call.id] = self._ruled(call)
            if call.id in self._stops:
                self.made[call.id] = self.results[call.id][0]
                if has_own_slope(call):
                    self.inner[call.id] = call, lift(self._resolve(call.arguments[0]))
                self.results[call.id] = (self._symbolic(call),)
        elif any(operand in self._flowing for operand in operands(call)):  # a cut: the value and no more
            self.results[call.id] = self._recorded(call)
        else:
            self.results[call.id] = self._constant(call)

    def _symbolic(self, call: Call) -> Array:
        value = call.values[0]
        labels = labels_of(self._name(call), value.shape)
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
            for operand in operands(call)
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
        if call.operation == "grad":
            return self._asked(call)
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

    def _asked(self, call: Call) -> tuple[Array, ...] | str:
        """What `torch.autograd.grad` gave: the derivatives of formulas by leaves, formulas themselves."""
        of, by = (item if isinstance(item, tuple) else (item,) for item in call.arguments[:2])
        seeds = dict(call.keywords).get("grad_outputs")
        leaves = {one.id for one in self._plan.calls if one.kind == "leaf"}
        if not all(isinstance(one, Ref) and one.id in leaves for one in by) or len(by) != len(call.values):
            return say("derivation.no_rule_for", operation=_named(call))
        whole = self if not self._stops else self._unstopped(call)
        tops = [lift(whole._resolve(one)) for one in of]
        weights = [lift(one) for one in map(self._resolve, seeds if isinstance(seeds, tuple) else (seeds,))]
        if seeds is None:
            weights = [array(top.shape, [sympy.Integer(1)] * top.size) for top in tops]
        found = gradient(tops, weights, [whole._resolve(one) for one in by], self._sizes)
        if found is None:
            return say("derivation.too_long", operation=_named(call))
        own = {symbol: self._symbols[key] for key, symbol in whole._symbols.items() if key in self._symbols}
        return tuple(
            array(value.shape, (entry.xreplace(own) for entry in made.flat))
            for made, value in zip(found, call.values, strict=True)
        )

    def _unstopped(self, call: Call) -> _Replay:
        """The same up to a call, all in the leaves."""
        whole = _Replay(self._plan, self._sizes, {})
        for one in self._plan.calls[: self._plan.calls.index(call)]:
            whole.run(one)
        return whole

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


def _is_kept(call: Call) -> bool:
    """Whether its value can be given by symbols: one result, of few finite numbers."""
    value = call.values[0]
    return len(call.values) == 1 and value.entries is not None and len(value.entries) <= TENSOR_ENTRIES


def _expression(entry: Any) -> Any:
    return lift(entry)[()] if isinstance(entry, (bool, int, float)) else entry


def _named(call: Call) -> str:
    """The operation, and where it stands if that is known."""
    if call.span is None:
        return call.operation
    return say("derivation.in_line", operation=call.operation, line=call.span.line)
