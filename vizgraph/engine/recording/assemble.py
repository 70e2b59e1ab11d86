"""Give everything that happened its id and freeze it into a `Run`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from torch import Tensor
from torch.autograd.function import BackwardCFunction

from vizgraph import limits
from vizgraph.engine.recording.entries import Entry, Made, Operand
from vizgraph.engine.recording.inside import base_of, inside
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.recording import Recording
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.units import agree
from vizgraph.engine.recording.walk import (
    Function,
    class_name,
    dtype_text,
    in_forward_order,
    is_leaf,
    operation_of,
    results_of,
)
from vizgraph.engine.recording.walk import walk as walk_graph
from vizgraph.model import (
    Accumulation,
    Argument,
    Call,
    Change,
    Contribution,
    Edge,
    Fault,
    Graph,
    Inside,
    Kind,
    Leaf,
    Linear,
    Node,
    Pass,
    Program,
    Ref,
    Run,
    Seed,
    Step,
)

LONGEST_ID = 24


class Ids:
    """Short, stable, unique names: a leaf has its variable's name, an operation its own and a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def named(self, name: str | None, fallback: str) -> str:
        """Return the name itself where it is free and short, else a numbered one."""
        plain = re.sub(r"\W", "_", name or "")
        if plain and len(plain) <= LONGEST_ID and plain not in self._taken and not plain[0].isdigit():
            self._taken.add(plain)
            return plain
        return self.numbered(plain if 0 < len(plain) <= LONGEST_ID and not plain[0].isdigit() else fallback)

    def numbered(self, operation: str) -> str:
        while True:
            self._counts[operation] += 1
            candidate = f"{operation}_{self._counts[operation]}"
            if candidate not in self._taken:
                self._taken.add(candidate)
                return candidate


class Assembly:
    """The ids of one run's calls and functions."""

    def __init__(
        self, recorder: Recorder, session: Session, *, unfinished: bool, functions: Sequence[Function] | None = None
    ) -> None:
        """``functions`` are all there are, where somebody has walked the graph already."""
        self.recorder, self.session = recorder, session
        roots = [root for recording in session.recordings for root, _ in recording.roots]
        self.outputs = list(dict.fromkeys(roots))
        self._outputs = frozenset(roots)
        if unfinished or not roots:
            roots = [*roots, *recorder.sinks()]
        self.functions = in_forward_order(walk_graph(roots) if functions is None else functions)
        self._results = {function: results_of(function) for function in self.functions}
        self.leaves: dict[Function, Entry] = {
            function: recorder.entry(function.variable) for function in self.functions if is_leaf(function)
        }
        self.calls: dict[Entry, str] = {}
        self.nodes: dict[Function, str] = {}
        self._live = functions is not None  # live code has no calls: operations are numbered as autograd has them
        self._give_ids()
        self.edges = {function: list(self._wires(function)) for function in self.functions}

    def _give_ids(self) -> None:
        ids = Ids()
        named = [entry for entry in self.recorder.entries if entry.kind in ("leaf", "constant")]
        for entry in sorted(named, key=lambda entry: entry.kind != "leaf"):
            self.calls[entry] = ids.named(entry.name, entry.kind)
        for entry in () if self._live else self.recorder.entries:
            if entry not in self.calls:
                self.calls[entry] = ids.numbered(entry.operation)
        for function in self.functions:
            owner = self.leaves.get(function) or self.recorder.owner(function)
            main = owner is not None and (is_leaf(function) or owner.functions[0] is function)
            known = self.calls.get(owner) if owner and main else None
            self.nodes[function] = known or ids.numbered(operation_of(function))

    def run(
        self,
        program: Program | None,
        printed: Iterable[str],
        warnings: Iterable[str],
        error: Fault | None,
        notices: tuple[Fault, ...] = (),
    ) -> Run:
        return Run(
            program=program,
            calls=() if self._live else tuple(self._call(entry) for entry in self.recorder.entries),
            graph=Graph(
                nodes=tuple(self._node(function) for function in self.functions),
                edges=tuple(edge for function in self.functions for edge in self.edges[function]),
                outputs=tuple(self.nodes[root] for root in self.outputs if root in self.nodes),
            ),
            passes=tuple(self._pass(recording) for recording in self.session.recordings),
            changes=tuple(self._changes()),
            leaves=tuple(self._leaves()),
            printed=tuple(printed),
            warnings=tuple(dict.fromkeys(warnings)),
            error=error,
            notices=notices,
        )

    def node_of(self, culprit: Tensor | None) -> str | None:
        """The node that made the tensor which an error is about, where the graph has it."""
        if culprit is None or not self.recorder.knows(culprit):
            return None
        functions = self._functions(self.recorder.made(culprit).entry)
        return next((self.nodes[function] for function in functions if function in self.nodes), None)

    def _call(self, entry: Entry) -> Call:
        return Call(
            id=self.calls[entry],
            kind=entry.kind,
            operation=entry.operation,
            arguments=tuple(self._argument(operand) for operand in entry.arguments),
            keywords=tuple((name, self._argument(operand)) for name, operand in entry.keywords),
            nodes=tuple(self.nodes[f] for f in self._functions(entry) if f in self.nodes),
            name=entry.name,
            expression=entry.expression,
            values=tuple(entry.values),
            span=entry.span,
            inplace=entry.inplace,
            module=entry.module,
        )

    def _functions(self, entry: Entry) -> list[Function]:
        return [f for f, owner in self.leaves.items() if owner is entry] if entry.kind == "leaf" else entry.functions

    def _argument(self, operand: Operand) -> Argument:
        if isinstance(operand, Made):
            return Ref(self.calls[operand.entry], operand.result)
        if isinstance(operand, tuple):
            return tuple(self._argument(item) for item in operand)
        return operand

    def _node(self, function: Function) -> Node:
        owner = self.leaves.get(function) or self.recorder.owner(function)
        main = owner if owner and (is_leaf(function) or owner.functions[0] is function) else None
        results = self._results[function]
        shape, dtype = results[0] if len(results) == 1 and results[0] else (None, None)
        value = main.values[0] if main and len(main.values) == 1 else None
        kind: Kind = "leaf" if is_leaf(function) else "output" if function in self._outputs else "operation"
        return Node(
            id=self.nodes[function],
            kind=kind,
            operation=main.operation if main and kind != "leaf" else operation_of(function),
            grad_fn=class_name(function),
            name=main.name if main else None,
            expression=(main.expression or None) if main else None,
            value=value,
            shape=value.shape if value else shape,
            dtype=value.dtype if value else dtype_text(dtype),
            span=main.span if main else owner.span if owner else None,
            module=owner.module if owner else None,
            file=main.file if main else None,
            backward_of=self.nodes.get(main.backward_of) if main else None,
            inside=self._inside(function, main) if self._live else None,
        )

    def _inside(self, function: Function, entry: Entry | None) -> Inside | None:
        slice_of = next((one.writes[function] for one in self.session.recordings if function in one.writes), None)
        if slice_of and entry and entry.written_by:
            slice_of = (slice_of[0], entry.written_by)
        version = entry.version if entry else None
        retains = function in self.session.retaining
        found = inside(function, self._results, slice_of, base_of(function, self.nodes), version, retains)
        if found is not None and function in self.recorder.results:
            results = list(found.results)
            for number, value, name in self.recorder.results[function]:
                known = results[number] if number < len(results) else None
                if known is not None:
                    results[number] = replace(known, value=value, name=name)
            found = replace(found, results=tuple(results))
        constants = self.recorder.constants.get(function)
        return replace(found or Inside(), constants=constants) if constants else found

    def _wires(self, function: Function) -> Iterable[Edge]:
        target = self.nodes[function]
        for slot, (source, result) in enumerate(function.next_functions):
            if source is not None:
                yield Edge(edge_id(self.nodes[source], target, slot), self.nodes[source], target, slot, result)

    def _pass(self, recording: Recording) -> Pass:
        steps = []
        for function, upstream, contributions in recording.steps:
            delivered = tuple(
                Contribution(
                    edge.id,
                    contributions[edge.slot] if edge.slot < len(contributions) else None,
                    recording.locals.get((function, edge.slot)),
                )
                for edge in self.edges[function]
            )
            steps.append(Step(self.nodes[function], upstream, delivered, recording.hooked.get(function, ())))
        return Pass(
            span=recording.span,
            seeds=tuple(
                Seed(self.nodes[root], seed, result)
                for (root, result), seed in zip(recording.roots, recording.seeds, strict=True)
            ),
            steps=tuple(steps),
            gradients=tuple(
                Accumulation(self._name(leaf), self._leaf_id(leaf), gradient, before, after)
                for leaf, gradient, before, after in recording.accumulations
            ),
            jacobian=recording.jacobian,
            linear=self._linear(recording),
            number=recording.number,
            is_linear=_is_linear(recording),
        )

    def _linear(self, recording: Recording) -> Linear | None:
        """The passes with unit seeds by our ids; None if the real one does not agree with them."""
        units = recording.units
        if units is None or not agree(units, recording.seeds, recording.steps):
            return None
        contributions = {}
        for function in recording.functions:
            for edge in self.edges[function]:
                if (function, edge.slot) in units.contributions:
                    contributions[edge.id] = units.contributions[function, edge.slot]
        upstream = tuple((self.nodes[function], found) for function, found in units.upstream.items())
        return Linear(units.size, upstream, tuple(contributions.items()))

    def _changes(self) -> Iterable[Change]:
        for rewrite in self.session.rewrites:
            yield Change(
                self._name(rewrite.leaf), self._leaf_id(rewrite.leaf), rewrite.passes, rewrite.how,
                rewrite.before, rewrite.after, rewrite.span,
            )  # fmt: skip

    def _leaves(self) -> Iterable[Leaf]:
        for tensor, entry in self.recorder.leaves():
            grad = self.session.gradient(tensor)
            # the call has the value that was used last; of live code nobody has written to it since
            value = entry.values[0] if self._live else self.recorder.freeze(tensor)
            yield Leaf(entry.name or self.calls[entry], self.calls[entry], value, grad, entry.span)

    def _leaf_id(self, leaf: Tensor) -> str:
        return self.calls[self.recorder.entry(leaf)]

    def _name(self, leaf: Tensor) -> str:
        return self.recorder.entry(leaf).name or self._leaf_id(leaf)


def _is_linear(recording: Recording) -> bool:
    """Whether v may be followed in a pass of live code: a hook and a user's own function may do what they like."""
    if not recording.live or recording.hooked or len(recording.functions) > limits.FOLLOWED_NODES:
        return False
    return not any(isinstance(function, BackwardCFunction) for function in recording.functions)


def edge_id(source: str, target: str, slot: int) -> str:
    return f"{source}__{target}__{slot}"
