"""Define what ran forwards: the calls of a program, and the engine's graph of functions and edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vizgraph.model.values import Number, Span, Value

Kind: TypeAlias = Literal["leaf", "operation", "constant", "cut", "output", "group", "stub"]  # the last two: drawn only


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
    """One of several results of a function; of recorded code with its numbers, and the variable that took it."""

    shape: tuple[int, ...]
    dtype: str
    value: Value | None = None
    name: str | None = None


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
