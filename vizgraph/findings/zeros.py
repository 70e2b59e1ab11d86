"""Find the leaves whose gradient is 0 everywhere, and the operation that made it 0."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from vizgraph.findings.measure import holds, is_zero
from vizgraph.findings.scene import Scene, listed
from vizgraph.model import Contribution, Edge, Finding, Leaf, Pass, Severity, Step
from vizgraph.texts import say

FLAT = {"sign", "sgn", "round", "floor", "ceil", "trunc", "heaviside", "frac", "floor_divide"}
OFF = {"relu", "relu6", "threshold", "hardtanh", "hardsigmoid"}
CHOSEN = {"where", "masked_fill", "masked_scatter", "index_put", "scatter"}
EXTREMES = {"max", "min", "amax", "amin", "maximum", "minimum", "fmax", "fmin", "max_pool2d_with_indices"}
PARTS = {"select", "slice", "index", "index_select", "gather", "unbind", "split", "narrow", "take", "embedding"}
WRITES = {"copy_slices", "write", "copy"}
SATURATES = {"sigmoid", "tanh", "softmax", "log_softmax", "log_sigmoid_forward", "erf"}
MATRICES = {"mm", "bmm", "addmm", "mv", "dot", "linear", "convolution", "baddbmm", "addmv"}
ENTRYWISE = {"mul", "div", "pow", "where", "lerp", "addcmul", "addcdiv"}
SERIOUS = {"flat", "off", "saturated"}
SUMS = {"expand", "add", "sub", "repeat"}
PRODUCTS = {"mul", "mm", "bmm", "addmm", "mv", "dot", "div", "prod", "linear", "convolution"}


@dataclass(frozen=True, slots=True)
class Loss:
    """Where a gradient became 0, and why."""

    key: str
    node: str
    edges: tuple[str, ...]


def zeros(scene: Scene) -> Iterator[Finding]:
    """Leaves to which every pass brought nothing but zeros, those that lost it at the same place together."""
    together: dict[Loss, list[Leaf]] = defaultdict(list)
    for leaf in scene.run.leaves:
        arrivals = [(one, done) for one in scene.run.passes for done in one.gradients if done.node == leaf.node]
        if not arrivals or not all(is_zero(done.gradient) for _, done in arrivals) or 0 in leaf.value.shape:
            continue
        lost = _origin(scene, arrivals[-1][0], leaf)
        if lost is not None:
            together[lost].append(leaf)
    for lost, leaves in together.items():
        yield _tell(scene, lost, leaves)


def _tell(scene: Scene, lost: Loss, leaves: list[Leaf]) -> Finding:
    severity: Severity = "warning" if lost.key in SERIOUS and any(leaf.value.shape for leaf in leaves) else "note"
    nodes = dict.fromkeys((*(leaf.node for leaf in leaves), lost.node))
    names = listed(leaf.name for leaf in leaves)
    return Finding(
        "zero", severity, say(f"finding.zero.{lost.key}", leaf=names, node=scene.written(lost.node)),
        say(f"finding.fix.zero.{lost.key}"), tuple(nodes), lost.edges, scene.line(lost.node),
    )  # fmt: skip


def _origin(scene: Scene, one: Pass, leaf: Leaf) -> Loss | None:
    """Walk against the gradient until something arrives that is not 0: there it was lost."""
    steps = {step.node: step for step in one.steps}
    delivered = {item.edge: item for step in one.steps for item in step.contributions}
    seen: set[str] = set()
    pending = [leaf.node]
    while pending:
        node = pending.pop(0)
        if node in seen:
            continue
        seen.add(node)
        came = [(edge, delivered[edge.id]) for edge in scene.consumers[node] if edge.id in delivered]
        if any(item.gradient is not None and not is_zero(item.gradient) for _, item in came):
            return Loss("meet" if node == leaf.node else "cancel", node, tuple(edge.id for edge, _ in came))
        for edge, item in came:
            if item.gradient is not None and _has_upstream(steps.get(edge.target)):
                return _lost(scene, edge, item, steps[edge.target])
            pending.append(edge.target)
    return None  # the seed itself was 0


def _has_upstream(step: Step | None) -> bool:
    return step is not None and any(value is not None and not is_zero(value) for value in step.upstream)


def _lost(scene: Scene, edge: Edge, item: Contribution, step: Step) -> Loss:
    function = scene.function(edge.target)
    own = scene.value(edge.source, edge.result)
    others = [operand.value for operand in scene.operands(edge.target)]
    if function in SUMS or (function in ENTRYWISE and _is_broadcast(item, step)):
        key = "cancel"
    elif function in FLAT:
        key = "flat"
    elif function in OFF:
        key = "off"
    elif function == "clamp" or function.startswith("clamp_"):
        key = "clamp"
    elif function in CHOSEN:
        key = "unchosen"
    elif function in EXTREMES:
        key = "extreme"
    elif function in PARTS:
        key = "part"
    elif function in WRITES or edge.target in scene.calls and scene.calls[edge.target].operation == "write":
        key = "overwritten"
    elif function in SATURATES and not (own is not None and holds(own, lambda entry: entry == 0)):
        key = "saturated"
    elif function in PRODUCTS and any(value is not None and is_zero(value) for value in others):
        key = "times_zero"
    elif function in MATRICES:
        key = "factor"
    else:
        key = "slope"
    return Loss(key, edge.target, (item.edge,))


def _is_broadcast(item: Contribution, step: Step) -> bool:
    """Whether the operand was smaller than the result: what arrives at its copies is added up."""
    sizes = [math.prod(value.shape) for value in step.upstream if value is not None]
    return item.gradient is not None and bool(sizes) and math.prod(item.gradient.shape) < max(sizes)
