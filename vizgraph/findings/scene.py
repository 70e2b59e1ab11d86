"""Look a run up: which call made a node, on what operands, under what name, on which line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vizgraph.findings.measure import scalar
from vizgraph.model import Argument, Call, Edge, Ref, Result, Run, Value
from vizgraph.notation.numbers import brief
from vizgraph.telling.captions import plain, shorten
from vizgraph.texts import say
from vizgraph.views import references

WIDTH = 32  # cells of an expression in a sentence
SUMMING = {"sum", "mean", "add", "sub", "mul", "div", "neg", "view", "squeeze", "expand"}
MANY = 4  # longer lists of names are cut


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand of an operation: what it is called (nothing, where it is a constant of live code), and its numbers
    where they are known."""

    caption: str
    value: Value | None


class Scene:
    """A run with its tables."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.nodes = {node.id: node for node in run.graph.nodes}
        self.edges = {edge.id: edge for edge in run.graph.edges}
        self.calls = {call.id: call for call in run.calls}
        self.made: dict[str, Call] = {}
        for call in run.calls:
            for node in (call.id, *call.nodes):
                self.made.setdefault(node, call)
        self.inputs: dict[str, list[Edge]] = defaultdict(list)
        self.consumers: dict[str, list[Edge]] = defaultdict(list)
        for edge in run.graph.edges:
            self.inputs[edge.target].append(edge)
            self.consumers[edge.source].append(edge)
        self._names = {leaf.node: leaf.name for leaf in run.leaves}

    def values(self, id: str) -> tuple[Value, ...]:
        """What a node (or a call) computed; nothing where it was not recorded, or is an inner step of a call."""
        call = self.made.get(id)
        if call is not None:
            return call.values if self._is_main(id, call) else ()
        several = tuple(one.value for one in self._results(id) if one is not None and one.value is not None)
        node = self.nodes.get(id)
        return several or ((node.value,) if node is not None and node.value is not None else ())

    def value(self, id: str, result: int = 0) -> Value | None:
        several = self._results(id) if id not in self.made else ()
        if any(one is not None and one.value is not None for one in several):
            one = several[result] if result < len(several) else None
            return one.value if one is not None else None
        values = self.values(id)
        return values[result] if result < len(values) else None

    def _results(self, id: str) -> tuple[Result | None, ...]:
        """The results of a function of live code that has several."""
        node = self.nodes.get(id)
        return node.inside.results if node is not None and node.inside is not None else ()

    def operands(self, id: str) -> tuple[Operand, ...]:
        """The operands as written; of an inner step and of live code, what the engine's edges lead to."""
        call = self.made.get(id)
        if call is not None and self._is_main(id, call):
            keywords = (argument for _, argument in call.keywords)
            return tuple(self._operand(argument) for argument in _flat((*call.arguments, *keywords)))
        return tuple(self._in_slots(id))

    def _in_slots(self, id: str) -> Iterator[Operand]:
        """What the engine's edges lead to, each in its slot, and between them what it keeps without history."""
        edges, constants = {edge.slot: edge for edge in self.inputs[id]}, dict(self.constants(id))
        for slot in range(max((*edges, *constants), default=-1) + 1):
            edge = edges.get(slot)
            if edge is None:
                yield Operand("", constants.get(slot))
            else:
                yield Operand(self.caption(edge.source, edge.result), self.value(edge.source, edge.result))

    def constants(self, id: str) -> tuple[tuple[int, Value], ...]:
        """The operands without history of live code that are known, with their slots (-1: not known)."""
        node = self.nodes.get(id)
        return node.inside.constants if node is not None and node.inside is not None else ()

    def behind(self, id: str) -> Iterator[Value]:
        """The values that a node was made of: where that of an input is not known, those behind it."""
        pending = list(self.inputs[id])
        seen: set[str] = set()
        while pending:
            edge = pending.pop()
            value = self.value(edge.source, edge.result)
            if value is not None:
                yield value
            elif edge.source not in seen:
                seen.add(edge.source)
                pending.extend(self.inputs[edge.source])

    def sources(self, call: Call) -> Iterator[Call]:
        """The calls that made its operands."""
        return (self.calls[ref.id] for ref, _ in references(call) if ref.id in self.calls)

    def ends(self, id: str) -> bool:
        """Whether nothing but sums and means follow: it is a term of the loss itself."""
        while self.consumers[id]:
            if len(self.consumers[id]) > 1 or self.function(self.consumers[id][0].target) not in SUMMING:
                return False
            id = self.consumers[id][0].target
        return True

    def caption(self, id: str, result: int = 0) -> str:
        """What a sentence calls it: its variable, else its expression, else its operation."""
        if id in self._names:
            return self._names[id]
        one = next(iter(self._results(id)[result : result + 1]), None)
        if one is not None and one.name:
            return one.name
        call, node = self.made.get(id), self.nodes.get(id)
        name = call.name if call else node.name if node else None
        expression = call.expression if call else node.expression if node else None
        if name:
            return name
        if expression:
            return shorten(plain(" ".join(expression.split())), WIDTH)
        return call.operation if call else (node.grad_fn or node.operation) if node else id

    def written(self, id: str) -> str:
        """The operation as written, with the name of its result: ``y = x.sqrt()``."""
        call, node = self.made.get(id), self.nodes.get(id)
        holder = call or node
        expression = holder.expression if holder else None
        if not expression:
            return self.caption(id)
        return written(expression)

    def function(self, id: str) -> str:
        """The operation of a node in the words of the tables: ``linalg_vector_norm`` of LinalgVectorNormBackward0."""
        node = self.nodes.get(id)
        if node is None or node.grad_fn is None:
            return self.calls[id].operation if id in self.calls else ""
        name = re.sub(r"(?<=\d)D(?=[A-Z]|$)", "d", re.sub(r"(Backward\d*)+$", "", node.grad_fn))
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

    def is_custom(self, id: str) -> bool:
        """Whether its backward was written by the user: torch numbers its own functions."""
        node = self.nodes.get(id)
        return node is not None and (node.grad_fn or "").endswith("Backward")

    def line(self, id: str) -> int | None:
        call, node = self.made.get(id), self.nodes.get(id)
        span = (call.span if call else None) or (node.span if node else None)
        return span.line if span else None

    def names(self, ids: Iterable[str]) -> str:
        """Their captions, a few of many."""
        return listed(self.caption(id) for id in ids)

    def _is_main(self, id: str, call: Call) -> bool:
        return id == call.id or bool(call.nodes) and call.nodes[0] == id

    def _operand(self, argument: Argument) -> Operand:
        if isinstance(argument, Ref):
            call = self.calls.get(argument.id)
            value = call.values[argument.result] if call and argument.result < len(call.values) else None
            return Operand(self.caption(argument.id), value)
        if isinstance(argument, (bool, int, float)):
            return Operand(brief(argument), scalar(argument))
        return Operand(str(argument), None)


def written(expression: str) -> str:
    """An expression as it is written in a sentence."""
    return shorten(plain(" ".join(expression.split())), WIDTH)


def listed(captions: Iterable[str]) -> str:
    """Names once each, the first few of many: ``a, b, c and 5 more``."""
    names = list(dict.fromkeys(captions))
    if len(names) <= MANY:
        return ", ".join(names)
    return say("finding.more", names=", ".join(names[: MANY - 1]), count=len(names) - MANY + 1)


def _flat(arguments: Iterable[Argument]) -> Iterator[Argument]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _flat(argument)
        else:
            yield argument
