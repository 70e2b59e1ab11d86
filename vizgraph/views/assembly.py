"""Find the chains of index writes that put one tensor together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from vizgraph.model import Argument, Call, Ref, Run, Slice
from vizgraph.views.operands import references


@dataclass(frozen=True, slots=True)
class Assembly:
    """``y = torch.randn(3); y[0] = a; y[1] = b``: one tensor, made by writing into ``base``.

    The last write is the result, and gives the assembly its id."""

    base: Ref
    writes: tuple[Call, ...]

    @property
    def id(self) -> str:
        return self.writes[-1].id

    def index(self, number: int) -> str:
        """The place that write ``number`` filled, as written: ``[0]``."""
        return f"[{_index_text(self.writes[number].arguments[1])}]"

    def entry(self, number: int) -> str:
        """The same with the name: ``y[0]``."""
        return f"{self.writes[-1].name or self.id}{self.index(number)}"

    @property
    def covers_base(self) -> bool:
        """Whether nothing of the base is left: every entry along its first axis was written."""
        indices = (write.arguments[1] for write in self.writes)
        shape = self.writes[-1].values[0].shape
        written = {i % shape[0] for i in indices if isinstance(i, int) and shape and -shape[0] <= i < shape[0]}
        return bool(shape) and len(written) == shape[0]

    @property
    def expression(self) -> str:
        entries = [self.entry(number) for number in range(len(self.writes))]
        return f"[{', '.join(entries if self.covers_base else [*entries, '…'])}]"


def assemblies(run: Run) -> dict[str, Assembly]:
    """Every assembly of the run by its id."""
    writes = {call.id: call for call in run.calls if _is_write(call)}
    uses = Counter(ref.id for call in run.calls for ref, _ in references(call))
    # A version that something else reads, or on which backward was called, stays a node of its own.
    absorbed = {_base(write).id for write in writes.values() if uses[_base(write).id] == 1}
    absorbed -= set(run.graph.outputs)
    chains = (_chain(write, writes, absorbed) for write in writes.values() if write.id not in absorbed)
    return {chain.id: chain for chain in chains if any(write.kind == "operation" for write in chain.writes)}


def entries(run: Run) -> dict[str, str]:
    """For every index write by its id what it wrote: ``y[0]``."""
    writes = (call for call in run.calls if _is_write(call))
    return {call.id: f"{call.name or call.id}[{_index_text(call.arguments[1])}]" for call in writes}


def _chain(last: Call, writes: dict[str, Call], absorbed: set[str]) -> Assembly:
    chain = [last]
    while (base := _base(chain[-1]).id) in writes and base in absorbed:
        chain.append(writes[base])
    return Assembly(_base(chain[-1]), tuple(reversed(chain)))


def _is_write(call: Call) -> bool:
    return call.operation == "write" and len(call.arguments) == 3 and isinstance(call.arguments[0], Ref)


def _base(write: Call) -> Ref:
    base = write.arguments[0]
    assert isinstance(base, Ref)  # see _is_write
    return base


def _index_text(index: Argument) -> str:
    if isinstance(index, tuple):
        return ", ".join(_index_text(part) for part in index)
    if isinstance(index, Slice):
        start, stop, step = (("" if part is None else str(part)) for part in (index.start, index.stop, index.step))
        return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"
    return index.id if isinstance(index, Ref) else str(index)
