"""Tell how the gradient travels in one backward pass, step by step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from vizgraph.model import Accumulation, Beat, Contribution, Edge, Node, Pass, Run, Step, Value, View
from vizgraph.telling.captions import Captions
from vizgraph.telling.formulas import Product, accumulation, product, signed, summands, text
from vizgraph.telling.holes import fitting, is_in
from vizgraph.texts import say
from vizgraph.views import Assembly, assemblies, entries

MANY_STEPS = 60  # a pass with more steps than these is told node by node, not edge by edge
NOTHING = "None"
WRITE = "CopySlices"  # what autograd calls an index write: its inputs are the base and the written value
GROWING_WIDTH = 14  # characters of the contributions that stand on a node while more are to come


@dataclass(frozen=True, slots=True)
class Map:
    """What a teller needs to know about a view: its nodes and edges by id, and what each is called."""

    nodes: Mapping[str, Node]
    edges: Mapping[str, Edge]
    stopped: Mapping[str, tuple[Edge, ...]]  # by target: the edges from a cut
    assemblies: Mapping[str, Assembly]
    entries: Mapping[str, str]  # what each index write of the engine view wrote
    captions: Captions


def survey(view: View, run: Run) -> Map:
    """The map of a view of that run."""
    nodes = {node.id: node for node in view.graph.nodes}
    stopped: dict[str, list[Edge]] = defaultdict(list)
    for edge in view.graph.edges:
        if not edge.flows and nodes[edge.source].kind == "cut":
            stopped[edge.target].append(edge)
    return Map(
        nodes,
        {edge.id: edge for edge in view.graph.edges},
        {target: tuple(edges) for target, edges in stopped.items()},
        {id: made for id, made in assemblies(run).items() if id in nodes and nodes[id].operation == "assemble"},
        {id: entry for id, entry in entries(run).items() if id in nodes and nodes[id].grad_fn == WRITE},
        Captions(view),
    )


class Journey:
    """One backward pass while it is being told: what has arrived where so far.

    ``held`` are the texts of the leaves' ``.grad`` before the pass; telling keeps them up to date."""

    def __init__(self, land: Map, one: Pass, held: dict[str, str]) -> None:
        self._map = land
        self._pass = one
        self._held = held
        self._seeds = {(seed.node, seed.result): seed.gradient for seed in one.seeds}
        self._met: dict[str, list[Value]] = defaultdict(list)
        for seed in one.seeds:
            self._met[seed.node].append(seed.gradient)
        self._edges_met: dict[str, list[str]] = defaultdict(list)
        self._expected = Counter(seed.node for seed in one.seeds)
        # What stands on a node while more is to come: what a leaf held, then seeds, then "+0.6 +0.2".
        self._growing = defaultdict(str, {node: shown for node, shown in held.items() if shown != "None"})
        for seed in one.seeds:
            self._growing[seed.node] = f"{self._growing[seed.node]} {text(seed.gradient)}".strip()
        self._expected.update(
            land.edges[item.edge].source for step in one.steps for item in step.contributions if item.gradient
        )
        self._final = _finals(one)

    def beats(self) -> Iterator[Beat]:
        """The beats of all steps in their order; leaves without a step of their own come last."""
        accumulations = {accumulation.node: accumulation for accumulation in self._pass.gradients}
        by_node = len(self._pass.steps) > MANY_STEPS
        for step in self._pass.steps:
            if any(step.before):
                yield from self._hook(step)
            if self._map.nodes[step.node].kind == "leaf":
                yield self._reach(step, accumulations.pop(step.node, None))
            elif by_node:
                yield self._whole(step)
            else:
                yield from self._step(step)
        for node, left in accumulations.items():
            if node in self._map.nodes:
                yield self._accumulate(left)

    def _step(self, step: Step) -> Iterator[Beat]:
        if self._expected[step.node] > 1 and not any(step.before):
            yield self._sum(step)
        for item in step.contributions:
            yield self._multiply(step, item, item.gradient) if item.gradient is not None else self._nothing(item)
        for edge in self._map.stopped.get(step.node, ()):
            yield self._cut(edge)

    def _sum(self, step: Step) -> Beat:
        met = self._met[step.node]
        single = len(step.upstream) == 1
        result = upstream_text(step)
        return Beat(
            "sum",
            say(
                "beat.sum" if single else "beat.gather",
                node=self._map.captions.node(step.node),
                count=len(met),
                result=result,
            ),
            f"{summands(met)} = {result}" if single else result,
            nodes=(step.node,),
            edges=tuple(self._edges_met[step.node]),
            gradients=((step.node, result),),
            line=self._line(step.node),
        )

    def _hook(self, step: Step) -> Iterator[Beat]:
        """A hook of the program makes something else of what arrived; from here on that is all there is."""
        kept = zip(step.before, step.upstream, strict=True)
        arrived = replace(step, upstream=tuple(new if old is None else old for old, new in kept))
        if self._expected[step.node] > 1:
            yield self._sum(arrived)
        is_leaf = self._map.nodes[step.node].kind == "leaf"
        before, after = upstream_text(arrived), upstream_text(step)
        if len(step.upstream) == 1 and step.upstream[0] is not None:
            self._met[step.node] = [step.upstream[0]]
        yield Beat(
            "hook",
            say("beat.hook", node=self._map.captions.node(step.node), before=before, after=after),
            f"{before} → {after}",
            nodes=(step.node,),
            gradients=() if is_leaf else ((step.node, after),),
            line=self._line(step.node),
        )

    def _nothing(self, item: Contribution) -> Beat:
        """The engine passed no gradient on, which is another thing than a gradient of 0."""
        edge = self._map.edges[item.edge]
        return Beat(
            "none",
            say("beat.none", target=self._map.captions.node(edge.target), source=self._map.captions.source(edge)),
            NOTHING,
            nodes=(edge.target, edge.source),
            edges=(edge.id,),
            contributions=((edge.id, NOTHING),),
            line=self._line(edge.target),
        )

    def _multiply(self, step: Step, item: Contribution, gradient: Value) -> Beat:
        edge = self._map.edges[item.edge]
        assembly = self._map.assemblies.get(step.node)
        is_entry = assembly is not None and edge.slot < len(assembly.writes)
        sentence, formula = (
            self._entry(step, edge, gradient, assembly)
            if assembly is not None and is_entry
            else self._product(step, edge, item, gradient)
        )
        write = assembly.writes[edge.slot] if assembly is not None and is_entry else None
        return Beat(
            "multiply",
            sentence,
            formula,
            nodes=(edge.target, edge.source),
            edges=(edge.id,),
            moves=(edge.id,),
            gradients=((edge.source, self._arrive(edge, gradient)),),
            contributions=((edge.id, text(gradient)),),
            line=write.span.line if write is not None and write.span else self._line(step.node),
        )

    def _entry(self, step: Step, edge: Edge, gradient: Value, assembly: Assembly) -> tuple[str, str]:
        """An entry of an assembled tensor takes its own entry of the upstream gradient: no product to show."""
        is_seed = self._seeds.get((step.node, 0)) == step.upstream[0]
        sentence = say(
            "beat.entry.seed" if is_seed else "beat.entry",
            entry=assembly.entry(edge.slot),
            source=self._map.captions.source(edge),
            result=text(gradient),
        )
        whole = "v" if is_seed else upstream_text(step)
        return sentence, f"{whole}{assembly.index(edge.slot)} = {text(gradient)}"

    def _product(self, step: Step, edge: Edge, item: Contribution, gradient: Value) -> tuple[str, str]:
        several = len(step.upstream) > 1
        told = (
            Product("unknown", f"{upstream_text(step)} → {text(gradient)}")
            if several
            else product(step.upstream[0], item.local, gradient)
        )
        derivative = self._map.captions.derivative(edge)
        entry = self._map.entries.get(step.node)
        written = "beat.write.value" if edge.slot else "beat.write.base"
        sentence = say(
            f"beat.multiply.{told.shape}" if entry is None else written,
            entry=entry,
            target=self._map.captions.node(edge.target),
            source=self._map.captions.source(edge),
            upstream=upstream_text(step),
            local=f"{derivative} = {told.local}" if derivative else told.local,
            result=text(gradient),
        )
        return sentence, told.formula

    def _arrive(self, edge: Edge, gradient: Value) -> str:
        """Note a contribution, and say what now stands on the node where it arrived."""
        node = edge.source
        self._met[node].append(gradient)
        self._edges_met[node].append(edge.id)
        is_leaf = self._map.nodes[node].kind == "leaf"
        if not is_leaf and self._expected[node] == 1:
            return text(gradient)
        listed = f"{self._growing[node]} {signed(gradient)}".strip()
        final = self._final[node]
        # What is too long stays too long, and short to keep.
        self._growing[node] = listed if is_in(listed) else listed[: max(GROWING_WIDTH, len(final)) + 1]
        return fitting(GROWING_WIDTH, final, [listed, *self._counted(node, gradient)])

    def _counted(self, node: str, gradient: Value) -> list[str]:
        """What may stand on a node where a list of contributions would be too long."""
        number, expected = len(self._met[node]), self._expected[node]
        counted = say("caption.arrived", number=number, count=expected) if expected > 1 else text(gradient)
        return [signed(gradient), counted] if number == 1 else [counted]

    def _cut(self, edge: Edge) -> Beat:
        cut = self._map.nodes[edge.source]
        sentence = say(
            "beat.cut.detach" if cut.operation == "detach" else "beat.cut",
            target=self._map.captions.node(edge.target),
            cut=self._map.captions.node(edge.source),
            operation=cut.operation,
        )
        return Beat(
            "cut",
            sentence,
            f"{cut.name}.requires_grad = False" if cut.name else "",
            nodes=(edge.target, edge.source),
            edges=(edge.id,),
            line=self._line(edge.source),
        )

    def _reach(self, step: Step, accumulation: Accumulation | None) -> Beat:
        if accumulation is not None:
            return self._accumulate(accumulation)
        met = self._met[step.node]
        result = upstream_text(step)
        self._held[step.node] = result
        return Beat(
            "accumulate",
            say("beat.reach", leaf=self._map.captions.node(step.node), result=result),
            f"{summands(met)} = {result}" if len(met) > 1 else result,
            nodes=(step.node,),
            edges=tuple(self._edges_met[step.node]),
            gradients=((step.node, result),),
            line=self._line(step.node),
        )

    def _accumulate(self, done: Accumulation) -> Beat:
        met = self._met[done.node] or [done.gradient]
        if self._is_handed_over(done):
            return self._hand_over(done, met)
        after = done.after if done.after is not None else done.gradient
        self._held[done.node] = text(after)
        if done.before is None:
            kind = "one" if len(met) == 1 else "sum"
        else:
            kind = "more" if done.before.entries is None or any(done.before.entries) else "cleared"
        before = text(done.before) if done.before is not None else "None"
        return Beat(
            "accumulate",
            say(
                f"beat.accumulate.{kind}",
                leaf=self._map.captions.value(done.node),
                count=len(met),
                before=before,
                after=text(after),
            ),
            accumulation(done.before, met, after),
            nodes=(done.node,),
            edges=tuple(self._edges_met[done.node]),
            gradients=((done.node, text(after)),),
            line=self._line(done.node),
        )

    def _is_handed_over(self, done: Accumulation) -> bool:
        """Whether the pass left ``.grad`` as it was. Of a pass over live tensors, which are never touched, one tells
        what backward would do where that is simple."""
        if done.before is None or done.after is None:
            return done.after is None and self._pass.span is not None
        same = done.before.entries == done.after.entries and done.before.norm == done.after.norm
        return same and (done.gradient.entries is None or any(done.gradient.entries))

    def _hand_over(self, done: Accumulation, met: list[Value]) -> Beat:
        """What ``torch.autograd.grad`` does with what arrived: it returns it."""
        kept, result = text(done.before) if done.before is not None else "None", text(done.gradient)
        self._held[done.node] = kept
        return Beat(
            "accumulate",
            say("beat.accumulate.handed", leaf=self._map.captions.value(done.node), gradient=result, after=kept),
            f"{summands(met)} = {result}" if len(met) > 1 else result,
            nodes=(done.node,),
            edges=tuple(self._edges_met[done.node]),
            gradients=((done.node, kept),),
            line=self._line(done.node),
        )

    def _whole(self, step: Step) -> Beat:
        """A whole step in one beat: the sum of what arrived, and every product that leaves."""
        edges = [(self._map.edges[item.edge], item.gradient) for item in step.contributions if item.gradient]
        arrived = {edge.source: self._arrive(edge, gradient) for edge, gradient in edges if gradient}
        met = self._met[step.node]
        result = upstream_text(step)
        return Beat(
            "multiply",
            say(
                "beat.whole",
                target=self._map.captions.node(step.node),
                upstream=result,
                sources=self._map.captions.values(list(arrived)),
            ),
            f"{summands(met)} = {result}" if len(met) > 1 and len(step.upstream) == 1 else result,
            nodes=(step.node, *arrived),
            edges=tuple(edge.id for edge, _ in edges),
            moves=tuple(edge.id for edge, _ in edges),
            gradients=((step.node, result), *arrived.items()),
            contributions=tuple(
                (item.edge, text(item.gradient) if item.gradient else NOTHING) for item in step.contributions
            ),
            line=self._line(step.node),
        )

    def _line(self, node: str) -> int | None:
        span = self._map.nodes[node].span
        return span.line if span else None


def upstream_text(step: Step) -> str:
    """The upstream gradient of a step; of a node with several results one for each, as ``(0.1, –, 0.3)``."""
    texts = [text(value) if value is not None else "–" for value in step.upstream]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _finals(one: Pass) -> defaultdict[str, str]:
    """The last text of each node: what has arrived before makes no box wider."""
    finals: defaultdict[str, str] = defaultdict(str)
    finals |= {step.node: upstream_text(step) for step in one.steps}
    finals |= {done.node: text(done.after or done.gradient) for done in one.gradients}
    return finals
