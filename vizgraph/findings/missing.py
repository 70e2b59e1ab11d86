"""Find the leaves that no gradient reached, and say what stopped it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vizgraph.findings.scene import Scene, listed, written
from vizgraph.model import Call, Finding, Leaf, Stop
from vizgraph.texts import say

LIKE = re.compile(r"(zeros|ones|full|empty|rand|randn|randint)_like|new_\w+|shape|size")
COPIES = {"tensor", "as_tensor", "from_numpy", "asarray", "array"}
ASKS = {"grad", "backward"}  # they name a leaf and compute nothing of it
REENTRANT = "CheckpointFunctionBackward"  # its backward runs a pass of its own, in a graph that nobody sees
UNUSED = {"unused", "unreached", "beside", "called", "uncalled"}
FIXES = {"inference": "no_grad", "underived": "no_grad"}
WHOLE = re.compile(r"bool|u?int\d+")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a leaf got nothing: the key of the text, and the node where it stopped."""

    key: str
    fix: str
    at: str | None = None
    edge: str | None = None
    stop: Stop | None = None  # of recorded code: the step stands in no graph


def missing(scene: Scene) -> Iterator[Finding]:
    """Leaves with ``.grad`` None after backward ran, those with the same reason together."""
    if not scene.run.passes or scene.run.error is not None:
        return
    alone = _has_no_way(scene)
    if alone and scene.run.program is not None:
        return
    arrived = {done.node for one in scene.run.passes for done in one.gradients}
    reachable = _reachable(scene)
    hides = any(node.grad_fn == REENTRANT for node in scene.run.graph.nodes)
    stops = {stop.leaf: stop for stop in scene.run.stops}
    together: dict[Reason, list[Leaf]] = defaultdict(list)
    for leaf in scene.run.leaves:
        if leaf.node in arrived or (leaf.grad is not None and (scene.run.program is not None or hides)):
            continue  # (live code may hold a gradient of an earlier step)
        if leaf.node in reachable and not alone:
            reason = _returned_none(scene, leaf)
        elif alone:
            reason = Reason("cut.alone", "alone")
        else:
            reason = _of_stop(stops[leaf.node], together) if leaf.node in stops else _unreached(scene, leaf)
        if reason is not None:
            together[reason].append(leaf)
    for reason, leaves in together.items():
        yield _tell(scene, reason, leaves, [stops[leaf.node].module or "" for leaf in leaves if leaf.node in stops])


def _has_no_way(scene: Scene) -> bool:
    """Whether every pass began at a leaf itself: a program without a function to look at."""
    seeds = [seed.node for one in scene.run.passes for seed in one.seeds]
    return not any(scene.inputs[node] for node in seeds)


def _of_stop(stop: Stop, known: Iterable[Reason]) -> Reason:
    """What was seen of it; all steps of one no_grad are one reason, and so are all modules that were never called."""
    if stop.reason in UNUSED:
        return Reason(stop.reason, stop.reason, stop=Stop("", stop.reason))
    if stop.block is None or stop.reason != "no_grad":
        return Reason(f"cut.{stop.reason}", FIXES.get(stop.reason, stop.reason), stop=replace(stop, leaf=""))
    same = (one for one in known if one.key == "cut.block" and one.stop and one.stop.block == stop.block)
    return next(same, Reason("cut.block", "no_grad", stop=replace(stop, leaf="")))


def _tell(scene: Scene, reason: Reason, leaves: list[Leaf], modules: list[str]) -> Finding:
    stop, at = reason.stop, reason.at
    seeds = dict.fromkeys(seed.node for one in scene.run.passes for seed in one.seeds)
    values = {
        "leaf": listed(leaf.name for leaf in leaves), "outputs": scene.names(seeds), "module": listed(modules),
        "node": scene.written(at) if at else written(stop.expression) if stop else "",
        "block": str(stop.block) if stop else "",
    }  # fmt: skip
    kind = "unused" if reason.key in UNUSED else "cut"
    nodes = (*(leaf.node for leaf in leaves), *((at,) if at else ()))
    finding = Finding(
        kind, "warning", say(f"finding.{reason.key}", **values), say(f"finding.fix.{reason.fix}", **values),
        nodes, (reason.edge,) if reason.edge else (), scene.line(at or leaves[0].node),
    )  # fmt: skip
    if stop is None or stop.span is None:
        return finding
    return replace(finding, line=stop.span.line, file=stop.file, module=stop.module)


def _reachable(scene: Scene) -> set[str]:
    """The nodes that autograd holds behind the outputs of every pass."""
    found: set[str] = set()
    pending = [seed.node for one in scene.run.passes for seed in one.seeds]
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending.extend(edge.source for edge in scene.inputs[node])
    return found


def _returned_none(scene: Scene, leaf: Leaf) -> Reason | None:
    """A backward of the user's own that returned None. (torch's own give None where nobody asked: inputs=.)"""
    given = {item.edge for one in scene.run.passes for step in one.steps for item in step.contributions}
    edges = scene.consumers[leaf.node]
    guilty = next((edge for edge in edges if scene.is_custom(edge.target)), None)
    if guilty is None or any(edge.id not in given for edge in edges):
        return None
    return Reason("none_returned", "none_returned", guilty.target, guilty.id)


def _unreached(scene: Scene, leaf: Leaf) -> Reason | None:
    if not scene.run.calls:
        is_recorded = any(node.file for node in scene.run.graph.nodes)
        return Reason("unreached", "unreached" if is_recorded else "unrecorded")
    uses, descendants = _followed(scene, leaf.node)
    stop = _stop(scene, leaf, descendants)
    if stop is not None:
        key = _why(stop)
        return Reason(f"cut.{key}", key, stop.id)
    taken = _taken_out(scene, leaf.name)
    if taken is not None:
        return Reason("cut.number", "number", taken.id)
    if uses:
        return Reason("beside", "beside", uses[0])
    made = scene.calls.get(leaf.node)
    is_next = made is not None and any(scene.sources(made))  # w = w.detach().requires_grad_(): for the step to come
    return None if is_next else Reason("unused", "unused")


def _followed(scene: Scene, leaf: str) -> tuple[list[str], set[str]]:
    """The calls that use a leaf itself, and all that depend on it, over cuts too."""
    users: dict[str, list[str]] = defaultdict(list)
    for call in scene.run.calls:
        for source in scene.sources(call) if call.operation not in ASKS else ():
            users[source.id].append(call.id)
    found: set[str] = set()
    pending = [leaf]
    while pending:
        id = pending.pop()
        if id not in found:
            found.add(id)
            pending.extend(users[id])
    return users[leaf], found


def _stop(scene: Scene, leaf: Leaf, descendants: set[str]) -> Call | None:
    """The first call between the leaf and an output at which the history ends; None where no output needs the leaf."""
    between = descendants & _needed(scene)
    with_history = {leaf.node}
    for call in scene.run.calls:  # in the order in which they happened
        if call.id in between and any(source.id in with_history for source in scene.sources(call)):
            if call.kind not in ("leaf", "operation"):
                return call
            with_history.add(call.id)
    return None


def _needed(scene: Scene) -> set[str]:
    """The calls that the outputs were made of, over cuts too."""
    found: set[str] = set()
    pending = [scene.made[seed.node].id for one in scene.run.passes for seed in one.seeds if seed.node in scene.made]
    while pending:
        id = pending.pop()
        if id not in found:
            found.add(id)
            pending.extend(call.id for call in scene.sources(scene.calls[id]))
    return found


def _why(stop: Call) -> str:
    if stop.operation in ("detach", "detach_", "data"):
        return "detach"
    if LIKE.fullmatch(stop.operation):
        return "like"
    if stop.values and WHOLE.fullmatch(stop.values[0].dtype):
        return "integer"
    if stop.operation in COPIES:
        return "copy"
    return "no_grad"


def _taken_out(scene: Scene, name: str) -> Call | None:
    """The call whose text takes the leaf's number out of torch: ``x.item() * w``."""
    taken = rf"(?<![\w.]){re.escape(name)}(\[[^\]]*\]|\.\w+\([^()]*\))*"
    takes = re.compile(rf"{taken}\.(item|tolist|numpy)\(|(?<![\w.])(float|int)\({taken}\)")
    needed = _needed(scene)
    return next((call for call in scene.run.calls if call.id in needed and takes.search(call.expression)), None)
