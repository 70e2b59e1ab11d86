"""Find the leaves whose gradient is 0 everywhere, and the operation that made it 0."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from vizgraph.findings.measure import holds, is_zero, norm
from vizgraph.findings.scene import Scene, listed
from vizgraph.model import Contribution, Edge, Finding, Leaf, Pass, Severity, Step, Value
from vizgraph.texts import say

FLAT = {"sign", "sgn", "round", "floor", "ceil", "trunc", "heaviside", "frac", "floor_divide"}
OFF = {"relu", "relu6", "threshold", "hardtanh", "hardsigmoid"}
CHOSEN = {"where", "masked_fill", "masked_scatter", "index_put", "scatter"}
EXTREMES = {"max", "min", "amax", "amin", "maximum", "minimum", "fmax", "fmin", "max_pool2d_with_indices"}
PARTS = {"select", "slice", "index", "index_select", "gather", "unbind", "split", "narrow", "take", "embedding"}
WRITES = {"copy_slices", "write", "copy"}
SATURATES = {"sigmoid", "tanh", "softmax", "log_softmax", "log_sigmoid_forward", "erf"}
MATRICES = {"mm", "bmm", "addmm", "mv", "dot", "linear", "convolution", "baddbmm", "addmv", "mkldnn_rnn_layer"}
VIEWS = {"t", "transpose", "permute", "view", "reshape", "unsafe_view", "expand", "squeeze", "unsqueeze", "to_copy"}
ENTRYWISE = {"mul", "div", "pow", "where", "lerp", "addcmul", "addcdiv"}
SERIOUS = {"flat", "off", "saturated", "one_class", "underflow", "zero_both"}
SUMS = {"expand", "add", "sub", "repeat"}
SCALED = {"native_layer_norm", "native_group_norm", "native_batch_norm"}  # by their second operand
PRODUCTS = {"mul", "mm", "bmm", "addmm", "mv", "dot", "div", "prod", "linear", "convolution"}


# the operand that is added and no factor, by its slot
ADDENDS = {"addmm": 0, "addmv": 0, "baddbmm": 0, "linear": 2, "convolution": 2, **dict.fromkeys(SCALED, 2)}
TINY = 1e-30  # of float32: what is smaller soon rounds to 0


@dataclass(frozen=True, slots=True)
class Loss:
    """Where a gradient became 0, and why; ``factor`` is the leaf of zeros that it was multiplied by."""

    key: str
    node: str
    edges: tuple[str, ...]
    factor: str | None = None


def zeros(scene: Scene, dead: Collection[str] = ()) -> Iterator[Finding]:
    """Leaves to which every pass brought nothing but zeros, those that lost it at the same place together.

    What units do that are known to be ``dead`` is told of them already."""
    together: dict[Loss, list[Leaf]] = defaultdict(list)
    found = [(leaf, lost) for leaf in scene.run.leaves if (lost := _loss(scene, leaf)) is not None]
    zero = {leaf.node for leaf, _ in found}
    told: set[str] = set()  # as the factor of another: neither ever changes
    for leaf, lost in sorted(found, key=lambda one: one[1].factor is None):
        if leaf.node in told or _is_of(scene, lost, dead):
            continue
        if lost.factor in (None, leaf.node):
            together[lost].append(leaf)
        elif lost.factor in zero:
            told.add(lost.factor)
            together[replace(lost, key="zero_both")].append(leaf)
        else:
            together[replace(lost, key="zero_start")].append(leaf)
    for lost, leaves in together.items():
        yield _tell(scene, lost, leaves)


def _loss(scene: Scene, leaf: Leaf) -> Loss | None:
    """Where the gradient of a leaf became 0; None of one that is not 0."""
    arrivals = [(one, done) for one in scene.run.passes for done in one.gradients if done.node == leaf.node]
    if not arrivals or not all(is_zero(done.gradient) for _, done in arrivals) or 0 in leaf.value.shape:
        return None
    return _origin(scene, arrivals[-1][0], leaf)


def _is_of(scene: Scene, lost: Loss, dead: Collection[str]) -> bool:
    """Whether dead units are behind it: it was lost there, or multiplied by what they give."""
    at = [lost.node, *(edge.source for edge in scene.inputs[lost.node])] if dead else []
    while at:
        node = at.pop()
        if node in dead:
            return True
        inputs = scene.inputs[node]
        if node != lost.node and len(inputs) == 1:  # a view, a pooling, a dropout
            at.append(inputs[0].source)
    return False


def _tell(scene: Scene, lost: Loss, leaves: list[Leaf]) -> Finding:
    last = lost.key == "off" and scene.ends(lost.node)
    serious = lost.key in SERIOUS and not last and any(leaf.value.shape for leaf in leaves)
    severity: Severity = "warning" if serious else "note"
    nodes = dict.fromkeys((*(leaf.node for leaf in leaves), lost.node))
    values = {"leaf": listed(leaf.name for leaf in leaves), "node": scene.written(lost.node)}
    values["factor"] = scene.caption(lost.factor) if lost.factor else ""
    return Finding(
        "zero", severity, say(f"finding.zero.{lost.key}", **values),
        say(f"finding.fix.zero.{'met' if last else lost.key}", **values), tuple(nodes), lost.edges,
        scene.line(lost.node),
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
    others = _factors(scene, edge)
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
        key = "one_class" if _is_of_one(scene.value(edge.target), function) else "saturated"
    elif function in PRODUCTS | SCALED and any(map(is_zero, others)):
        return Loss("times_zero", edge.target, (item.edge,), _factor(scene, edge))
    elif _is_underflow(item, step):
        key = "underflow"
    elif function in MATRICES:
        key = "factor"
    else:
        key = "slope"
    return Loss(key, edge.target, (item.edge,))


def _factors(scene: Scene, edge: Edge) -> list[Value]:
    """The known values of the operands; in live code, of what the input of an edge is multiplied by."""
    apart = () if edge.target in scene.made else (edge.slot, ADDENDS.get(scene.function(edge.target)))
    operands = enumerate(scene.operands(edge.target))
    return [one.value for slot, one in operands if slot not in apart and one.value is not None]


def _factor(scene: Scene, edge: Edge) -> str | None:
    """The leaf that is 0 and stands beside the input of an edge, through views of it; None where it is no leaf."""
    for other in scene.inputs[edge.target]:
        value, source = scene.value(other.source, other.result), other.source
        if other.slot in (edge.slot, ADDENDS.get(scene.function(edge.target))) or value is None or not is_zero(value):
            continue
        while len(scene.inputs[source]) == 1 and scene.function(source) in VIEWS:
            source = scene.inputs[source][0].source
        if scene.nodes[source].kind == "leaf":
            return source
    return None


def _is_of_one(result: Value | None, function: str) -> bool:
    """Whether a softmax had one entry in a row: then it is 1, whatever that is. (Saturated rows have zeros, too.)"""
    one = 0.0 if function == "log_softmax" else 1.0
    return result is not None and function in ("softmax", "log_softmax") and result.minimum == result.maximum == one


def _is_underflow(item: Contribution, step: Step) -> bool:
    """Whether a product of numbers that are not 0 rounds to 0."""
    narrow = item.gradient is not None and item.gradient.dtype == "float16"
    sizes = [norm(value) for value in step.upstream if value is not None]
    return narrow or bool(sizes) and 0 < max(sizes) < TINY


def _is_broadcast(item: Contribution, step: Step) -> bool:
    """Whether the operand was smaller than the result: what arrives at its copies is added up."""
    sizes = [math.prod(value.shape) for value in step.upstream if value is not None]
    return item.gradient is not None and bool(sizes) and math.prod(item.gradient.shape) < max(sizes)
