"""Define what ran backwards: the passes step by step, what they left in the leaves, what went wrong, all as one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vizgraph.model.graph import Call, Graph
from vizgraph.model.program import Program
from vizgraph.model.values import Matrix, Span, Value


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one edge delivers to its source: the VJP of the target's upstream gradient.

    ``gradient`` is None where the engine passed none; ``local`` is the local
    Jacobian d(target)/d(source) through this slot, None where it is too large."""

    edge: str
    gradient: Value | None
    local: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One node of the backward pass: ``upstream`` has one entry per result of the node.

    Where a hook changed the gradient, ``before`` has what had arrived, one entry per result."""

    node: str
    upstream: tuple[Value | None, ...]
    contributions: tuple[Contribution, ...]
    before: tuple[Value | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """The upstream gradient placed on an output when backward starts."""

    node: str
    gradient: Value
    result: int = 0


@dataclass(frozen=True, slots=True)
class Accumulation:
    """What a pass did to one leaf: ``gradient`` arrived, ``.grad`` went from before to after."""

    leaf: str  # the leaf's name
    node: str  # its node id
    gradient: Value
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Jacobian:
    """d(outputs)/d(leaves) with labels such as "y1", "y[0]", "x[2]", by unit seeds of torch's engine."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Linear:
    """How every number of a pass follows from v, the entries of all its seeds one after the other.

    A matrix has a row for each entry of v and a column for each entry of the quantity: what the engine
    computes where that entry of v is 1 and the others are 0. ``upstream`` is by node, one for each of its
    results (None: nothing arrives there), ``contributions`` by edge."""

    size: int
    upstream: tuple[tuple[str, tuple[Matrix | None, ...]], ...]
    contributions: tuple[tuple[str, Matrix], ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """One call of backward, steps in the engine's own order."""

    span: Span | None
    seeds: tuple[Seed, ...]
    steps: tuple[Step, ...]
    gradients: tuple[Accumulation, ...]
    jacobian: Jacobian | None = None
    linear: Linear | None = None  # None where v has many entries, or a number does not follow from it linearly
    number: int = 1  # which call of backward it was: of very many, only the first and the last are kept
    is_linear: bool = False  # of live code: no hook and no function of the user's own stands in the way of v


@dataclass(frozen=True, slots=True)
class Change:
    """The program itself wrote a leaf's ``.grad`` (``zero_()``, ``= None``) after ``passes`` passes."""

    leaf: str
    node: str
    passes: int
    how: str  # the source text, "x.grad.zero_()"
    before: Value | None
    after: Value | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A tensor with requires_grad that no operation made; ``grad`` is its final ``.grad``."""

    name: str
    node: str
    value: Value
    grad: Value | None
    span: Span | None


@dataclass(frozen=True, slots=True)
class Fix:
    """A line of the program written anew: ``replace`` stands for line ``line``, and may be several lines."""

    line: int
    replace: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The error with which a program ended, or what went wrong in silence: what, where, what to do.

    ``node`` is the culprit if known, ``also`` what else had a part in it; ``why`` is the reason
    in words, ``fixes`` are lines that were tried: with any of them the program runs without this error."""

    message: str
    span: Span | None
    hint: str | None
    node: str | None = None
    why: str | None = None
    fixes: tuple[Fix, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a leaf got no gradient in live code that was recorded: the step that ended its history, and where it stands.

    ``reason`` is "detach", "no_grad", "integer", …; ``block`` is the line of the no_grad, ``module`` the module that
    made the step, or that holds the leaf where it was never called ("uncalled") or nothing used the leaf ("called")."""

    leaf: str  # its node id
    reason: str
    expression: str = ""
    name: str | None = None
    span: Span | None = None
    file: str | None = None
    module: str | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that happened, as plain values: no tensor leaves the engine.

    ``calls`` is the forward side (empty for `vizgraph.trace`), ``graph`` the
    engine's graph: one node per autograd function, one edge per non-None
    ``next_functions`` entry. ``program`` is None for `vizgraph.trace`. ``notices`` are
    what went wrong without stopping the program: a NaN, the ``.grad`` of what is no leaf. ``stops`` are of live code
    that was recorded."""

    program: Program | None
    calls: tuple[Call, ...]
    graph: Graph
    passes: tuple[Pass, ...]
    changes: tuple[Change, ...]
    leaves: tuple[Leaf, ...]
    printed: tuple[str, ...]
    warnings: tuple[str, ...]
    error: Fault | None
    notices: tuple[Fault, ...] = ()
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A graph together with the backward passes told in its nodes and edges."""

    name: Literal["math", "engine"]
    graph: Graph
    passes: tuple[Pass, ...]
    changes: tuple[Change, ...]
