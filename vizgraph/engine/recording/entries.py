"""Define what the recorder keeps of each call while the program runs, with tensors still being tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from torch import Tensor

from vizgraph.engine.recording.walk import Function
from vizgraph.model import Kind, Number, Slice, Span, Value


@dataclass(slots=True, eq=False)
class Entry:
    """One call: what a `model.Call` will say, with tensors still being tensors."""

    kind: Kind
    operation: str
    arguments: tuple[Operand, ...]
    keywords: tuple[tuple[str, Operand], ...]
    expression: str
    span: Span | None
    values: list[Value] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    name: str | None = None
    inplace: bool = False
    module: str | None = None  # in which module it was made; of live code that was watched, in which file, too
    file: str | None = None
    backward_of: Function | None = None
    written_by: str | None = None  # the call that it is
    version: int | None = None  # writes to the memory of the result
    under: Held | None = None  # of a write into a view: its base before that
    tensors: list[Tensor] = field(default_factory=list)  # its results, which are held anyway


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A tensor operand: result number ``result`` of an entry."""

    entry: Entry
    result: int


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A tensor whose maker is known: held, so that its id() stays its own.

    ``function`` was its grad_fn then and ``version`` the count of writes to its memory: where they differ
    now, somebody wrote to it through another tensor."""

    tensor: Tensor
    function: Function | None
    version: int
    made: Made


Operand: TypeAlias = "Made | Slice | Number | str | None | tuple[Operand, ...]"


def was_written(held: Held) -> bool:
    if not is_usable(held.tensor):
        return False
    return held.function is not held.tensor.grad_fn or held.version != held.tensor._version


def is_usable(tensor: Tensor) -> bool:
    """Whether it is none of the views that torch has made unusable, such as one made under no_grad of a tensor that
    was written to since: whoever uses it will be told."""
    try:
        return tensor.grad_fn is None or True
    except RuntimeError:
        return False


def origin(entry: Entry) -> Entry:
    """The call that first made a tensor that was rewritten since."""
    while entry.inplace and entry.arguments and isinstance(entry.arguments[0], Made):
        entry = entry.arguments[0].entry
    return entry


def is_of(view: Entry, base: Made) -> bool:
    """Whether a view was made of that base itself, at any of its versions, and not of another view."""
    first = view.arguments[0] if view.arguments else None
    return isinstance(first, Made) and origin(first.entry) is origin(base.entry)


def kind_of(result: Tensor, entry: Entry) -> Kind:
    """A result without history is a cut where one of its operands had some."""
    if result.requires_grad:
        return "leaf" if result.is_leaf else "operation"
    operands = made_in((entry.arguments, tuple(value for _, value in entry.keywords)))
    return "cut" if any(made.entry.kind in ("leaf", "operation") for made in operands) else "constant"


def made_in(operands: Any) -> Iterator[Made]:
    if isinstance(operands, Made):
        yield operands
    elif isinstance(operands, tuple):
        for item in operands:
            yield from made_in(item)


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors of a result: a tensor, or tuples and lists of them."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from tensors_in(item)
