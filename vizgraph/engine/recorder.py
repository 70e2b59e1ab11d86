"""Remember which call made which tensor, and which autograd functions it added.

Entries are written while the program runs and are frozen into the model at the
end (`assemble`), because names and ids are known only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor

from vizgraph import limits
from vizgraph.engine.freeze import freeze
from vizgraph.engine.walk import Function, is_leaf, operation_of, root_of, walk
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
    values: list[Value]
    functions: list[Function] = field(default_factory=list)
    name: str | None = None
    inplace: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A tensor operand: result number ``result`` of an entry."""

    entry: Entry
    result: int


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A tensor whose maker is known: held, so that its id() stays its own; ``function`` was its grad_fn then."""

    tensor: Tensor
    function: Function | None
    made: Made


Operand: TypeAlias = "Made | Slice | Number | str | None | tuple[Operand, ...]"


class Recorder:
    """The forward side of a run, as it happens."""

    def __init__(self, max_entries: int = limits.ENTRIES) -> None:
        self.max_entries = max_entries
        self.entries: list[Entry] = []
        self._made: dict[int, Held] = {}
        self._owner: dict[Function, Entry] = {}

    def freeze(self, tensor: Tensor) -> Value:
        return freeze(tensor, self.max_entries)

    def call(
        self,
        operation: str,
        result: Any,
        arguments: Sequence[Any],
        keywords: dict[str, Any],
        expression: str,
        span: Span | None,
        *,
        kind: Kind | None = None,
        inplace: bool = False,
    ) -> Entry | None:
        """Remember a call by its result; a call that made no tensor is not remembered."""
        tensors = list(tensors_in(result))
        if not tensors or (not inplace and all(self.knows(tensor) for tensor in tensors)):
            return None
        rewritten = self._made.get(id(tensors[0])) if inplace else None
        operands = tuple(
            rewritten.made if rewritten and argument is rewritten.tensor else self._operand(argument)
            for argument in arguments
        )
        options = tuple((name, self._operand(value)) for name, value in keywords.items())
        entry = Entry(
            kind=kind or _kind(tensors[0], (arguments, tuple(keywords.values()))),
            operation=operation,
            arguments=operands,
            keywords=options,
            expression=expression,
            span=span,
            values=[self.freeze(tensor) for tensor in tensors],
            inplace=inplace,
        )
        if inplace and len(tensors) == 1 and self.knows(tensors[0]):
            entry.name = self._made[id(tensors[0])].made.entry.name
            if tensors[0].is_leaf and tensors[0].requires_grad:
                return self._rewrite_leaf(tensors[0])
        entry.functions = self._claim(entry, tensors)
        self.entries.append(entry)
        for position, tensor in enumerate(tensors):
            self._made[id(tensor)] = Held(tensor, tensor.grad_fn, Made(entry, position))
        return entry

    def name(self, tensor: Tensor, name: str) -> None:
        """Give the call that made ``tensor`` the name of the variable, if it has none yet."""
        made = self.made(tensor)
        if made.entry.name is None and len(made.entry.values) == 1:
            made.entry.name = name

    def became_leaf(self, tensor: Tensor) -> None:
        """The program set requires_grad: what was a constant is a leaf from now on (or no longer)."""
        entry = self.made(tensor).entry
        if entry.kind in ("constant", "leaf") and tensor.is_leaf:
            entry.kind = "leaf" if tensor.requires_grad else "constant"

    def knows(self, tensor: Tensor) -> bool:
        return id(tensor) in self._made

    def made(self, tensor: Tensor) -> Made:
        """Return which call made ``tensor``; one that nobody recorded (``x.grad``) is a constant or a leaf.

        A write through a view gives its base a new function behind our back: a new version, same name."""
        held = self._made.get(id(tensor))
        if held is None:
            self.call("value", tensor, (), {}, "", None)
        elif held.function is not tensor.grad_fn:
            self.call("write", tensor, (), {}, held.made.entry.expression, held.made.entry.span, inplace=True)
        return self._made[id(tensor)].made

    def looked_at(self, tensor: Tensor, expression: str, span: Span | None) -> None:
        """The program read an attribute that is a tensor (``x.grad``): a constant where it is used."""
        if not self.knows(tensor):
            self.call("value", tensor, (), {}, expression, span)

    def rewritten(self, leaf: Tensor) -> None:
        """The program replaced the data of a leaf."""
        if self.knows(leaf):
            self._rewrite_leaf(leaf)

    def found_leaf(self, tensor: Tensor, name: str | None) -> None:
        """A leaf of live code, which nobody saw being made."""
        self.call("leaf", tensor, (), {}, name or "", None)
        if name:
            self.name(tensor, name)

    def found_output(self, tensor: Tensor, name: str | None) -> None:
        """An output of live code: its value is known, and perhaps its name."""
        function = root_of(tensor)[0]
        if not is_leaf(function) and function not in self._owner:
            values = [self.freeze(tensor)] if tensor.output_nr == 0 else []
            entry = Entry("operation", operation_of(function), (), (), "", None, values, [function], name)
            self.entries.append(entry)
            self._owner[function] = entry

    def owner(self, function: Function) -> Entry | None:
        return self._owner.get(function)

    def leaf(self, variable: Tensor) -> Entry:
        return self.made(variable).entry

    def leaves(self) -> Iterator[tuple[Tensor, Entry]]:
        """Yield every leaf that still is one, in the order in which they were made."""
        for held in list(self._made.values()):
            if held.tensor.is_leaf and held.tensor.requires_grad:
                yield held.tensor, held.made.entry

    def sinks(self) -> list[Function]:
        """Return the last functions of every recorded call: the graph that exists so far."""
        return [entry.functions[0] for entry in self.entries if entry.functions]

    def _rewrite_leaf(self, tensor: Tensor) -> Entry:
        """An update of a leaf under no_grad keeps the leaf; it shows its newest value."""
        entry = self._made[id(tensor)].made.entry
        entry.values = [self.freeze(tensor)]
        return entry

    def _claim(self, entry: Entry, tensors: list[Tensor]) -> list[Function]:
        """The functions that this call added to the graph: those that no earlier call had."""
        roots = [root_of(tensor)[0] for tensor in tensors if tensor.requires_grad]
        new = [f for f in walk(roots, known=self._owner) if not is_leaf(f)] if roots else []
        for function in new:
            self._owner[function] = entry
        return new[::-1]

    def _operand(self, argument: Any) -> Operand:
        if isinstance(argument, Tensor):
            return self.made(argument)
        if isinstance(argument, (bool, int, float, str)) or argument is None:
            return argument
        if isinstance(argument, slice):
            return Slice(_whole(argument.start), _whole(argument.stop), _whole(argument.step))
        if isinstance(argument, (list, tuple, torch.Size)):
            return tuple(self._operand(item) for item in argument)
        return str(argument)


def _kind(result: Tensor, operands: Any) -> Kind:
    if result.requires_grad:
        return "leaf" if result.is_leaf else "operation"
    return "cut" if any(tensor.requires_grad for tensor in tensors_in(operands)) else "constant"


def tensors_in(value: Any) -> Iterator[Tensor]:
    """Yield the tensors of a result: a tensor, or tuples and lists of them."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from tensors_in(item)


def _whole(bound: Any) -> int | None:
    return None if bound is None else int(bound)
