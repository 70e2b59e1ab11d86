"""Choose the calls that a backward pass stands on, and name them as one would on a blackboard.

Values that the program names keep their names; what it left without one is u₁, u₂, … in forward order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from vizgraph.model import Argument, Call, Pass, Ref, Run, Seed
from vizgraph.notation.labels import read_label

LETTERS: Final = ("u", "t", "s", "p", "q", "r", "h")
OUTPUT_LETTERS: Final = ("s", "z", "r", "g", "k")  # for an output that the program gave no name
REWRITES: Final = ("write", "fill", "copy", "zero")  # steps that put values into a tensor
MOST_VERSIONS: Final = 6  # of one name: of a longer loop only the last value has it


@dataclass(frozen=True, slots=True)
class Plan:
    """``calls`` in forward order, ``outputs`` (one for each seed) among them with the result that was seeded.

    ``names`` holds leaves, inputs and the values that the program names; ``letters`` the steps between them."""

    calls: tuple[Call, ...]
    outputs: tuple[tuple[Call, int], ...]
    names: dict[str, str]
    letters: dict[str, str]

    def name(self, id: str) -> str | None:
        return self.names.get(id) or self.letters.get(id)


def last_pass(run: Run) -> Pass | None:
    """The pass that is written on the board: the last one whose Jacobian is known."""
    return next((one for one in reversed(run.passes) if one.jacobian is not None), None)


def plan(run: Run, seeds: Sequence[Seed]) -> Plan | None:
    """What the seeds were placed on and everything behind it; None where the forward side was not recorded."""
    makers = [_maker(run.calls, seed.node) for seed in seeds]
    outputs = tuple(
        (maker, _place(maker, seed)) for maker, seed in zip(makers, seeds, strict=True) if maker is not None
    )
    if not outputs or len(outputs) < len(seeds):
        return None
    calls = tuple(_needed(run.calls, [maker for maker, _ in outputs]))
    names = _names(calls, [maker for maker, _ in outputs])
    return Plan(calls, outputs, names, _letters(calls, names))


def operands(call: Call) -> Iterator[str]:
    """The ids of the calls whose results this one takes, once for each use."""
    waiting: list[Argument] = [*call.arguments, *(value for _, value in call.keywords)][::-1]
    while waiting:
        argument = waiting.pop()
        if isinstance(argument, Ref):
            yield argument.id
        elif isinstance(argument, tuple):
            waiting.extend(argument[::-1])


def is_symbol(call: Call) -> bool:
    """Leaves are symbols, and so are the user's constants, which read better by name."""
    if call.kind == "leaf":
        return True
    return call.kind == "constant" and call.operation == "input" and call.values[0].dtype.startswith("float")


def _place(maker: Call, seed: Seed) -> int:
    """Which value of a call it is: autograd counts what the call keeps to itself, too (svdvals, of svd)."""
    return seed.result if seed.result < len(maker.values) else 0


def _maker(calls: Sequence[Call], node: str) -> Call | None:
    """The call that made the result of a node of the engine's graph."""
    return next((call for call in reversed(calls) if call.nodes and call.nodes[0] == node), None)


def _needed(calls: Sequence[Call], outputs: Iterable[Call]) -> list[Call]:
    """The calls that the outputs stand on, in order; nothing behind a leaf counts."""
    known = {call.id: call for call in calls}
    found: set[str] = set()
    waiting = [call.id for call in outputs]
    while waiting:
        call = known.get(waiting.pop())
        if call is None or call.id in found:
            continue
        found.add(call.id)
        if call.kind != "leaf":
            waiting.extend(operands(call))
    return [call for call in calls if call.id in found]


def _names(calls: Sequence[Call], outputs: Sequence[Call]) -> dict[str, str]:
    """A name that was given several times means the last value that had it; those before it are h₁, h₂, …"""
    names = {call.id: call.name or call.expression or call.id for call in calls if is_symbol(call)}
    taken = set(names.values())
    for call in outputs:
        names.setdefault(call.id, call.name or _output_letter(call, taken | {one.name or "" for one in calls}))
        taken.add(names[call.id])
    last: dict[str, str] = {names[call.id]: call.id for call in outputs}
    for call in reversed(calls):
        if _may_be_named(call) and call.name and call.name not in taken:
            names[call.id] = call.name
            taken.add(call.name)
            last[call.name] = call.id
    return {**names, **_versions(calls, names, last, taken)}


def _may_be_named(call: Call) -> bool:
    return call.kind == "operation" and len(call.values) == 1 and call.operation not in REWRITES


def _output_letter(call: Call, taken: Set[str]) -> str:
    """What an output without a name is called: its expression where that is a name, else a letter."""
    written = call.expression or call.id
    if written.isidentifier():
        return written
    stems = {read_label(name).parts[0] for name in taken}
    return next((letter for letter in OUTPUT_LETTERS if letter not in stems), written)


def _versions(
    calls: Sequence[Call], names: Mapping[str, str], last: Mapping[str, str], taken: Set[str]
) -> dict[str, str]:
    """The single numbers that had a name before its last one, numbered in forward order; y₁ of a vector is an entry."""
    earlier: dict[str, list[str]] = {}
    for call in calls:
        if call.name and call.name in last and call.id not in names and _may_be_named(call):
            earlier.setdefault(call.name, []).append(call.id)
    found: dict[str, str] = {}
    for name, ids in earlier.items():
        numbered = {id: f"{name}{number}" for number, id in enumerate(ids, start=1)}
        plain = all(not call.values[0].shape for call in calls if call.id in numbered)
        if plain and len(ids) <= MOST_VERSIONS and taken.isdisjoint(numbered.values()) and not name[-1].isdigit():
            found |= numbered
    return found


def _letters(calls: Sequence[Call], names: dict[str, str]) -> dict[str, str]:
    """u₁, u₂, … for the steps without a name, with the first letter that starts no name here."""
    stems = Counter(read_label(name).parts[0] for name in names.values())
    letter = next((letter for letter in LETTERS if letter not in stems), LETTERS[0])
    steps = [
        call
        for call in calls
        if call.kind == "operation"
        and call.id not in names
        and len(call.values) == 1
        and call.operation not in REWRITES
    ]
    return {call.id: f"{letter}{number}" for number, call in enumerate(steps, start=1)}
