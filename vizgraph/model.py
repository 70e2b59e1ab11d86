"""Define the frozen values that travel the line.

Every stage of the program takes some of these and returns others. They hold
plain Python data only: no tensor, no syntax tree of sympy, no widget. They can
be written as literals in a test, compared with ``==`` and sent as JSON
(`vizgraph.codec`).

Edges are named in the direction of the forward data flow, ``source -> target``;
gradients travel them backwards.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Number: TypeAlias = bool | int | float
Nested: TypeAlias = "Number | tuple[Nested, ...]"
Tree: TypeAlias = "str | tuple[Tree, ...]"  # a formula, as `vizgraph.notation.mathml` builds it
Kind: TypeAlias = Literal["leaf", "operation", "constant", "cut", "output", "group", "stub"]  # the last two: drawn only


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the program: lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a tensor, or a summary of it where it is large.

    ``entries`` is flat and row-major, or None above the limit; the summary
    (``minimum``, ``maximum``, 2-``norm``) is None for empty or complex tensors.
    Complex numbers stand in ``pairs``, each as (real, imaginary), and ``entries`` is None.
    """

    shape: tuple[int, ...]
    dtype: str
    entries: tuple[Number, ...] | None
    minimum: float | None = None
    maximum: float | None = None
    norm: float | None = None
    finite: bool = True
    pairs: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A Jacobian: ``entries[i * columns + j]`` is d(result entry i) / d(input entry j)."""

    rows: int
    columns: int
    entries: tuple[float, ...]


# --- what was written -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Free:
    """A name that the program reads and never binds: the user gives its value."""

    name: str
    span: Span
    default: Nested  # a sensible value, guessed from how the name is used


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the language, checked: every construct in it is allowed.

    ``tree`` is the syntax of ``source`` after the kind translation of textbook
    signs (`language.characters`); it stands for the source in the JSON.
    ``outputs`` are the names that stand as results when the program itself never
    calls backward: the assigned names that nothing else reads. ``imports`` tells
    Python as pasted from a textbook's functions.
    """

    source: str
    tree: ast.Module = field(repr=False, compare=False)
    free: tuple[Free, ...]
    outputs: tuple[str, ...]
    imports: bool = False


# --- what happened ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """A tensor operand: result number ``result`` of the call with that id."""

    id: str
    result: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice of an index, as written: ``start:stop:step``."""

    start: int | None
    stop: int | None
    step: int | None


Argument: TypeAlias = "Ref | Slice | Number | str | None | tuple[Argument, ...]"


@dataclass(frozen=True, slots=True)
class Call:
    """One evaluated step that made (or rewrote) a tensor: the forward side of the graph.

    Everything that made a tensor is a call: a leaf (``operation`` is "input" for
    a free name, else the function that created it, e.g. "tensor"), a constant, an
    operation, a cut ("detach"). ``operation`` is the name in the table of
    functions, whichever way it was written (``x*y``, ``torch.mul(x, y)`` and
    ``x.mul(y)`` are all "mul"); an index write ``y[i] = v`` is "write" with the
    arguments (base, index, value), a read ``y[i]`` is "index" with (base, index).
    ``nodes`` are the ids of the autograd functions that this call added to the
    engine's graph, the one that made the result first; empty where no history
    was recorded. ``module`` is the path of the module in which it ran: "model.blocks.0".
    """

    id: str
    kind: Kind
    operation: str
    arguments: tuple[Argument, ...]
    keywords: tuple[tuple[str, Argument], ...]
    nodes: tuple[str, ...]
    name: str | None
    expression: str
    values: tuple[Value, ...]
    span: Span | None
    inplace: bool = False
    module: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A tensor that a function keeps for its backward: kept, freed, changed by a write, or packed by a hook."""

    name: str  # "self", "tensors[0]"
    state: Literal["kept", "freed", "changed", "packed"]
    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    bytes: int | None = None
    version: int | None = None  # how often its memory was written to


@dataclass(frozen=True, slots=True)
class Result:
    """One of several results of a function."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Summed:
    """The contribution of ``slot`` is summed from the shape of the result to that of the input, which was broadcast."""

    slot: int
    source: tuple[int, ...]
    target: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """What autograd holds of one function: the engine's truth, of live code.

    ``writes`` is the slice that a CopySlices writes, ``wraps`` the operation that writes it (as recorded, else the
    kernels of its backward); ``version`` counts the writes to the memory of its result, ``base`` is the node whose
    memory it shares. ``constants`` are the operands without history that it keeps, by slot (-1: not
    known): read only where a number went wrong. ``dead`` are the units of a relu that are 0 for every example."""

    results: tuple[Result | None, ...] = ()
    saved: tuple[Saved, ...] = ()
    summed: tuple[Summed, ...] = ()
    custom: bool = False
    writes: str | None = None
    wraps: str | None = None
    version: int | None = None
    base: str | None = None
    retains: bool = False
    constants: tuple[tuple[int, Value], ...] = ()
    dead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a graph. ``grad_fn`` is the class name of the autograd function
    ("MulBackward0"), None for nodes of the math view that the engine does not have.

    In live code that was recorded ``span`` is a place in ``file``. ``module`` is the path of the module whose
    forward made the node ("layers.3.attn"). ``backward_of`` is the node whose own backward made this one, in a
    pass that created a graph: the second layer of a double backward."""

    id: str
    kind: Kind
    operation: str
    grad_fn: str | None
    name: str | None
    expression: str | None
    value: Value | None
    shape: tuple[int, ...] | None
    dtype: str | None
    span: Span | None
    module: str | None = None
    file: str | None = None
    backward_of: str | None = None
    inside: Inside | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` is used by ``target`` in its input number ``slot``; ``result`` says
    which result of a source with several (unbind, split) is used.

    ``flows`` is False for edges that exist only in the mathematics: a constant,
    or a value behind a cut. No gradient ever travels those."""

    id: str
    source: str
    target: str
    slot: int
    result: int = 0
    flows: bool = True


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order in which the forward pass made them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: tuple[str, ...]


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


# --- what is shown ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """A graph together with the backward passes told in its nodes and edges."""

    name: Literal["math", "engine"]
    graph: Graph
    passes: tuple[Pass, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """The Jacobian of a pass by central finite differences in float64, an entry None where there is none.

    ``kinks`` tells the entries at which the slopes to the left and to the right differ; ``reason`` why
    there are no entries at all."""

    rows: int
    columns: int
    entries: tuple[float | None, ...]
    kinks: tuple[bool, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Second:
    """The Hessian of one output, row by row: by a second backward pass through the first, and by central
    differences of the gradient."""

    columns: int
    backward: tuple[float, ...]
    finite: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One formula held against what autograd recorded, and both against a finite difference."""

    subject: str  # "d y1 / d x2"
    symbolic: float | None
    autograd: float
    agrees: bool | None  # None where it can't be said
    reason: str | None = None
    finite: float | None = None  # central difference in float64


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a tree of our own markup (`vizgraph.notation.mathml`), which no text can break out of."""

    tree: Tree


@dataclass(frozen=True, slots=True)
class Link:
    """How one named value depends on another: d(target)/d(source), a row for each entry of the target.

    ``target`` and ``source`` are ids of calls, ``cells`` the entries in symbols (None: no formula),
    ``numbers`` their values, ``compact`` the whole as one matrix expression where one is known."""

    target: str
    source: str
    cells: tuple[tuple[Formula | None, ...], ...]
    numbers: tuple[tuple[float, ...], ...]
    compact: Formula | None = None
    hessian: Hessian | None = None


@dataclass(frozen=True, slots=True)
class Hessian:
    """The second derivatives of one output: in symbols, as the second backward pass found them, and checked.

    ``of`` is the name of what the program itself differentiated twice, whose gradient stands in ``gradient``; None
    where the output of the pass is meant, whose gradient is the Jacobian."""

    cells: tuple[tuple[Formula | None, ...], ...]
    numbers: tuple[tuple[float, ...], ...]
    checks: tuple[Check, ...]
    of: str | None = None
    gradient: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """The Jacobian in symbols beside its numbers; empty strings stand for entries without a formula.

    ``cells`` are the same entries as formulas to typeset, ``links`` the derivatives between the named values
    of the program, ``locals`` those of every single step by its operands, ``compact`` all of it as one
    matrix expression where one is known."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    symbolic: tuple[tuple[str, ...], ...]
    numeric: tuple[tuple[float, ...], ...]
    latex: tuple[str, ...]
    checks: tuple[Check, ...]
    note: str | None = None
    cells: tuple[tuple[Formula | None, ...], ...] = ()
    links: tuple[Link, ...] = ()
    locals: tuple[Link, ...] = ()
    compact: Formula | None = None
    hessian: Hessian | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    """One event of the timeline that a viewer sees at once.

    ``nodes`` and ``edges`` are lit, everything else is dimmed. ``gradients`` and
    ``contributions`` are the texts that appear with this beat on nodes and edges
    and stay; ``clears`` wipes all earlier texts but the leaves' first (a new pass
    begins). ``moves`` are the edges along which a number travels."""

    kind: str
    sentence: str
    formula: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    gradients: tuple[tuple[str, str], ...] = ()
    contributions: tuple[tuple[str, str], ...] = ()
    clears: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """``faulty`` are the nodes that an error or a notice is about: they are marked at every beat."""

    beats: tuple[Beat, ...]
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A placed node: centre, size (points) and its lines of text, from `dot.write`'s metrics."""

    id: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Route:
    """A placed edge: the Bézier points from source to target, and where its label stands."""

    id: str
    points: tuple[tuple[float, float], ...]
    label: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in points, y downwards, the origin top left."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture of one view: SVG without any gradient text in it; the player fills those."""

    view: str
    svg: str
    width: float
    height: float


Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a run that its author should know: what, where, and what to do about it.

    ``kind`` names it for programs ("gradient", "value", "failed", "cut", "unused", "zero", "dead", "vanishing",
    "exploding"); ``nodes`` and ``edges`` are ids of the engine view, of calls where the engine has none. ``line``
    is a line of the program, or of ``file`` in live code that was recorded, ``module`` the path of its module."""

    kind: str
    severity: Severity
    sentence: str
    fix: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    line: int | None = None
    file: str | None = None
    module: str | None = None

    def __str__(self) -> str:
        return f"{self.where}{': ' if self.where else ''}{self.sentence} {self.fix}".rstrip()

    @property
    def where(self) -> str:
        """The place in the code, as people write it: ``model.py line 24, blocks.0.norm``."""
        line = f"line {self.line}" if self.line else ""
        name = self.file.replace("\\", "/").rpartition("/")[2] if self.file else ""
        return ", ".join(part for part in (f"{name} {line}".strip(), self.module) if part)
