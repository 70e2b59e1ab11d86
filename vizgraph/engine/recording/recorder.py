"""Remember which call made which tensor, and which autograd functions it added.

Entries are written while the program runs and are frozen into the model at the
end (`assemble`), because names and ids are known only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from vizgraph import limits
from vizgraph.engine.recording.entries import (
    Entry,
    Held,
    Made,
    Operand,
    is_of,
    is_usable,
    kind_of,
    origin,
    tensors_in,
    was_written,
)
from vizgraph.engine.recording.freeze import freeze
from vizgraph.engine.recording.walk import Function, has_history, is_leaf, operation_of, root_of, walk
from vizgraph.model import Kind, Slice, Span, Value


@dataclass(frozen=True, slots=True)
class Write:
    """A write into memory that may be in use: after how many entries, what was written, by which words.

    ``entries`` are the tensor's own entry and the write's, where it has one; ``leaf`` tells an update of a leaf."""

    place: int
    tensor: Tensor
    expression: str
    span: Span | None
    entries: tuple[Entry, ...]
    leaf: bool


class Recorder:
    """The forward side of a run, as it happens."""

    def __init__(self, max_entries: int = limits.ENTRIES) -> None:
        self.max_entries = max_entries
        self.entries: list[Entry] = []
        self.writes: list[Write] = []
        self.module: str | None = None  # the path of the module that is running
        # of live code that was watched the results of functions with several: number, value, variable
        self.results: dict[Function, tuple[tuple[int, Value, str | None], ...]] = {}
        self.constants: dict[Function, tuple[tuple[int, Value], ...]] = {}  # operands that live code saved, by slot
        self._made: dict[int, Held] = {}
        self._owner: dict[Function, Entry] = {}
        self._aliases: dict[int, Tensor] = {}
        self._derived: dict[int, tuple[Tensor, tuple[Operand, ...], tuple[tuple[str, Operand], ...]]] = {}

    def freeze(self, tensor: Tensor) -> Value:
        return freeze(tensor, self.max_entries)

    def begin(
        self,
        operation: str,
        arguments: Sequence[Any],
        keywords: Mapping[str, Any],
        expression: str,
        span: Span | None,
        *,
        inplace: bool = False,
    ) -> Entry:
        """Return the entry of a call that is about to happen: its operands are what they are before it."""
        entry = Entry(
            kind="constant",
            operation=operation,
            arguments=tuple(self.operand(argument) for argument in arguments),
            keywords=tuple((name, self.operand(value)) for name, value in keywords.items()),
            expression=expression,
            span=span,
            inplace=inplace,
            module=self.module,
        )
        if inplace and arguments and isinstance(arguments[0], Tensor):
            base = arguments[0]._base
            entry.under = self.held(base) if base is not None and self.knows(base) else None
        return entry

    def finish(self, entry: Entry, result: Any, *, kind: Kind | None = None) -> None:
        """Keep the entry of a call that has happened, if it made a tensor."""
        tensors = [tensor for tensor in tensors_in(result) if is_usable(tensor)]
        if not tensors or (not entry.inplace and all(self.knows(tensor) for tensor in tensors)):
            return
        first = tensors[0]
        if entry.inplace and self.knows(first):
            self.wrote(first, entry.expression, entry.span, entry)
            if first.is_leaf and first.requires_grad:
                self.outdated(first)  # an update of a leaf keeps the leaf; its value is read when it is used next
                return
            entry.name = self._made[id(first)].made.entry.name
        entry.values = [self.freeze(tensor) for tensor in tensors]
        entry.tensors = tensors
        entry.kind = kind or kind_of(first, entry)
        if entry.under is None:
            entry.functions = self._claim(entry, tensors)
        self.entries.append(entry)
        for position, tensor in enumerate(tensors):
            self._hold(tensor, Made(entry, position))
        if entry.under is not None:
            self._written_through(first, entry.under)
        if entry.inplace and id(first) in self._aliases:
            self.outdated(self._aliases[id(first)])

    def found(
        self, operation: str, tensor: Tensor, expression: str, span: Span | None, *, kind: Kind | None = None
    ) -> None:
        """Keep a tensor that no call of the program made: an input, ``x.grad``, a leaf of live code."""
        self.finish(self.begin(operation, (), {}, expression, span), tensor, kind=kind)

    def derived(self, gradient: Tensor, of: Tensor, by: Tensor, seed: Tensor | None) -> None:
        """``backward(create_graph=True)`` made this ``.grad``: who reads it reads the derivative of that by that."""
        keywords = () if seed is None else (("grad_outputs", self.operand(seed)),)
        self._derived[id(gradient)] = gradient, (self.operand(of), self.operand(by)), keywords

    def _read(self, tensor: Tensor, expression: str, span: Span | None) -> None:
        """Keep a tensor that is an attribute of another (``x.grad``)."""
        known = self._derived.get(id(tensor))
        if known is None:
            self.found("value", tensor, expression, span)
        else:
            self.finish(Entry("constant", "grad", known[1], known[2], expression, span, module=self.module), tensor)

    def name(self, tensor: Tensor, name: str) -> None:
        """Give the call that made ``tensor`` the name of the variable, if it has none yet."""
        entry = self.entry(tensor)
        if entry.name is None and len(entry.values) == 1:
            entry.name = name

    def name_output(self, tensor: Tensor, name: str) -> str:
        """Give an output the name under which it ends (``y2 = a``), and say the name; an input keeps its own."""
        entry = self.made(tensor).entry
        if entry.kind == "operation" and len(entry.values) == 1:
            entry.name = name
        return entry.name or name

    def became_leaf(self, tensor: Tensor) -> None:
        """The program set requires_grad: what was a constant or a cut is a leaf from now on (or no longer)."""
        entry = self.made(tensor).entry
        if entry.kind in ("constant", "cut", "leaf") and tensor.is_leaf:
            entry.kind = "leaf" if tensor.requires_grad else "constant"

    def knows(self, tensor: Tensor) -> bool:
        return id(tensor) in self._made

    def held(self, tensor: Tensor) -> Held:
        self.made(tensor)
        return self._made[id(tensor)]

    def made(self, tensor: Tensor) -> Made:
        """Return which call made ``tensor`` as it is now.

        A tensor that nobody recorded (``x.grad``) is a constant or a leaf. One that was written to through
        another tensor (a view, ``detach()``, ``.data``) has a new version: same name, another call."""
        held = self._made.get(id(tensor))
        if held is None:
            self._read(tensor, "", None)
        elif was_written(held):
            self._notice(tensor, held)
        return self._made[id(tensor)].made

    def wrote(self, tensor: Tensor, expression: str, span: Span | None, entry: Entry | None = None) -> None:
        """Keep that the program writes into a tensor in place."""
        leaf = tensor.is_leaf and tensor.requires_grad
        own = self._made[id(tensor)].made.entry
        entries = (own,) if leaf or entry is None else (own, entry)
        self.writes.append(Write(len(self.entries), tensor, expression, span, entries, leaf))

    def outdated(self, tensor: Tensor) -> None:
        """The memory of a tensor was replaced or written to without its count of writes telling."""
        held = self._made.get(id(tensor))
        if held is not None:
            self._made[id(tensor)] = Held(tensor, held.function, -1, held.made)

    def tensors(self) -> list[Tensor]:
        """Return every tensor that is known."""
        return [held.tensor for held in self._made.values()]

    def alias(self, tensor: Tensor, owner: Tensor) -> None:
        """``tensor`` shares the memory of ``owner`` and not its count of writes."""
        self._aliases[id(tensor)] = owner

    def looked_at(self, tensor: Tensor, expression: str, span: Span | None) -> None:
        """The program read an attribute that is a tensor (``x.grad``): a constant where it is used."""
        if not self.knows(tensor):
            self._read(tensor, expression, span)

    def found_leaf(self, tensor: Tensor, name: str | None) -> None:
        """A leaf of live code, which nobody saw being made."""
        self.found("leaf", tensor, name or "", None)
        if name:
            self.name(tensor, name)

    def found_output(self, tensor: Tensor, name: str | None) -> None:
        """An output of live code: its value is known, and perhaps its name."""
        function = root_of(tensor)[0]
        if not is_leaf(function) and function not in self._owner:
            values = [self.freeze(tensor)] if tensor.output_nr == 0 else []
            entry = Entry("operation", operation_of(function), (), (), "", None, values, [function], name)
            entry.version = tensor._version
            self.own(function, entry)

    def own(self, function: Function, entry: Entry) -> None:
        """What is known of a function of live code."""
        self.entries.append(entry)
        self._owner[function] = entry

    def owner(self, function: Function) -> Entry | None:
        return self._owner.get(function)

    def entry(self, tensor: Tensor) -> Entry:
        """The entry of a tensor as it was used last, whatever was written to it since."""
        held = self._made.get(id(tensor))
        return held.made.entry if held else self.made(tensor).entry

    def leaves(self) -> Iterator[tuple[Tensor, Entry]]:
        """Yield every leaf that still is one, in the order in which they were made."""
        for held in list(self._made.values()):
            if held.function is None and held.tensor.requires_grad:
                yield held.tensor, held.made.entry

    def sinks(self) -> list[Function]:
        """Return the last functions of every recorded call: the graph that exists so far."""
        return [entry.functions[0] for entry in self.entries if entry.functions]

    def _hold(self, tensor: Tensor, made: Made) -> None:
        self._made[id(tensor)] = Held(tensor, tensor.grad_fn, tensor._version, made)

    def _notice(self, tensor: Tensor, held: Held) -> None:
        """Record what happened to a tensor behind our back."""
        entry = held.made.entry
        if tensor.is_leaf and tensor.requires_grad:
            entry.values[held.made.result] = self.freeze(tensor)
            self._hold(tensor, held.made)
        elif entry.operation == "value" or id(tensor) in self._derived:
            self._derived.pop(id(tensor), None)  # x.grad after another backward: simply another value
            del self._made[id(tensor)]
            self.found("value", tensor, entry.expression, entry.span)
        elif tensor._base is not None and len(entry.values) == 1:
            self._reread(tensor, held)
        else:
            self._version(tensor, held, "write", (held.made,))

    def _written_through(self, view: Tensor, under: Held) -> None:
        """A write into a view is a write into its base, and the view shows the base's new entries."""
        held = self._made[id(view)]
        original = origin(held.made.entry)
        place = original.arguments[1:] if original.operation == "index" and is_of(original, under.made) else ()
        self._version(under.tensor, under, "write", (under.made, *place, held.made))
        if view.grad_fn is not None:
            self._reread(view, held)

    def _reread(self, view: Tensor, held: Held) -> None:
        """Record a view again, as it was made, but of its base as it is now."""
        original = origin(held.made.entry)
        base = view._base
        if base is None or not self.knows(base):
            self._version(view, held, "write", (held.made,))
        elif is_of(original, self._made[id(base)].made):
            self._version(view, held, original.operation, (self.made(base), *original.arguments[1:]), inplace=False)
        else:  # a view of a view
            self._version(view, held, "view", (self.made(base),), inplace=False)

    def _version(
        self, tensor: Tensor, held: Held, operation: str, arguments: tuple[Operand, ...], *, inplace: bool = True
    ) -> None:
        old = held.made.entry
        entry = Entry(
            "constant", operation, arguments, (), old.expression, old.span, [self.freeze(tensor)],
            name=old.name, inplace=inplace,
        )  # fmt: skip
        entry.kind = kind_of(tensor, entry)
        entry.functions = self._claim(entry, [tensor])
        self.entries.append(entry)
        self._hold(tensor, Made(entry, 0))

    def _claim(self, entry: Entry, tensors: list[Tensor]) -> list[Function]:
        """The functions that this call added to the graph: those that no earlier call had."""
        roots = [root_of(tensor)[0] for tensor in tensors if not tensor.is_leaf and has_history(tensor)]
        new = [f for f in walk(roots, known=self._owner) if not is_leaf(f)] if roots else []
        for function in new:
            self._owner[function] = entry
        return new[::-1]

    def operand(self, argument: Any) -> Operand:
        """What the entry of a call keeps of an argument."""
        if isinstance(argument, Tensor):
            return self.made(argument)
        if isinstance(argument, (bool, int, float, str)) or argument is None:
            return argument
        if isinstance(argument, slice):
            return Slice(_whole(argument.start), _whole(argument.stop), _whole(argument.step))
        if isinstance(argument, (list, tuple)):
            return tuple(self.operand(item) for item in argument)
        return str(argument)


def _whole(bound: Any) -> int | None:
    """A bound of a slice as a number; what is none will be refused by what it slices."""
    try:
        return None if bound is None else int(bound)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None
