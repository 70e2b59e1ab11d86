"""Find what belongs together in a stretch of operations: modules, repeats, source lines, equal parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from typing import Final, Literal, TypeAlias

from vizgraph.grouping.modules import Path, common
from vizgraph.grouping.order import Order
from vizgraph.model import Node
from vizgraph.texts import say

MOST: Final = 36  # parts of one level
BUNDLES: Final = 16  # parts that a longer level is cut into
WIRES: Final = 80  # edges of one level, where fewer parts help
PERIODS: Final = 8  # distances that are tried when repeats are looked for
FREE: Final = 4  # outputs at the end that are in no group
LEAST: Final = 3  # operations worth a group, and times that make a repeat

How: TypeAlias = Literal["module", "repeat", "line", "part", "sources"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A group before it has its id: what it is called, and its parts in forward order."""

    title: str
    how: How
    parts: tuple[Part, ...]
    first: str  # its first operation
    count: int
    turns: tuple[int, int] | None = None  # of a loop, the first and the last that it holds
    number: str = ""  # of one of several equal parts: 3, and of a part inside of it 3.1

    @staticmethod
    def of(
        title: str, how: How, parts: Sequence[Part], turns: tuple[int, int] | None = None, number: str = ""
    ) -> Draft:
        return Draft(title, how, tuple(parts), first(parts[0]), sum(map(count, parts)), turns, number)


Part: TypeAlias = "Draft | str"


def first(part: Part) -> str:
    """The first operation of a part."""
    return part if isinstance(part, str) else part.first


def count(part: Part) -> int:
    """How many operations a part holds."""
    return 1 if isinstance(part, str) else part.count


def operations(part: Part) -> Iterator[str]:
    """The operations of a part."""
    pending = [part]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
        else:
            pending.extend(reversed(one.parts))


class Drafting:
    """The stretch of operations of one view, and what is known of each."""

    def __init__(self, nodes: dict[str, Node], line: Order, paths: dict[str, Path]) -> None:
        self._nodes, self._line, self._paths = nodes, line, paths

    def whole(self, outputs: Sequence[str]) -> list[Part]:
        """All operations, by the modules in which they ran; outputs at the end stay by themselves."""
        end = len(self._line.operations)
        while end and self._line.operations[end - 1] in outputs[-FREE:]:
            end -= 1
        return [*self.fit(self._by_module(self._line.operations[:end], 0)), *self._line.operations[end:]]

    def fit(self, parts: Sequence[Part], number: str = "") -> list[Part]:
        """The same in at most `MOST` parts; ``number`` is that of the part that they stand in."""
        fewer = list(parts)
        if len(parts) > MOST:
            fewer = self._repeats(parts) or self._lines(parts) or fewer
        if len(fewer) <= BUNDLES or (len(fewer) <= MOST and self._wires(fewer) <= WIRES):
            return fewer
        return self._bundles(fewer, number)

    def _wires(self, parts: Sequence[Part]) -> int:
        """How many edges a level of these parts has."""
        owner = {id: number for number, part in enumerate(parts) for id in operations(part)}
        ends = {(owner.get(source, source), part) for id, part in owner.items() for source in self._line.inputs[id]}
        uses = Counter(source for source, _ in ends)
        # A leaf that only one part uses stands inside of it.
        return sum(source != target and (isinstance(source, int) or uses[source] > 1) for source, target in ends)

    def _by_module(self, operations: Sequence[str], depth: int) -> list[Part]:
        def own(id: str) -> str | None:
            path = self._paths.get(id, ())
            return path[depth] if depth < len(path) else None

        parts: list[Part] = []
        for name, run in groupby(operations, own):
            inside = list(run)
            if name is None:
                parts += inside
                continue
            inner = self._by_module(inside, depth + 1)
            title = self._module(inside, depth)
            parts += inner if len(inside) < LEAST else [Draft.of(title, "module", inner)]
        return list(parts[0].parts) if len(parts) == 1 and isinstance(parts[0], Draft) else parts

    def _module(self, inside: Sequence[str], depth: int) -> str:
        """What a module is called: of a list in which only one is used here, with its place in it."""
        shared = reduce(common, (self._paths[id] for id in inside))
        end = depth + 1
        while end < len(shared) and _called(shared[end]).isdigit():
            end += 1
        return ".".join(shared[:end])

    # --- repeats

    def _repeats(self, parts: Sequence[Part]) -> list[Part] | None:
        """One part per turn of a loop or block of a stack, where most of the stretch repeats itself."""
        tokens = [self._token(part) for part in parts]
        runs = {period: _runs(tokens, period) for period in _periods(tokens)}
        covered = {period: sum(end - start for start, end in found) for period, found in runs.items()}
        best = max(covered.values(), default=0)
        if best < len(parts) / 2:
            return None
        period = min(period for period, length in covered.items() if length >= 0.98 * best)
        start = runs[period][0][0]
        if sum(map(count, parts[start : start + period])) < LEAST:
            return None
        found: list[Part] = []
        done = 0
        for start, end in runs[period]:
            start = self._phase(parts, start, end, period)
            times = (end - start) // period
            found += parts[done:start]
            for number in range(times):
                turn = parts[start + number * period : start + (number + 1) * period]
                title = say("group.repeat", number=number + 1, count=times)
                found.append(Draft.of(title, "repeat", turn, (number + 1, number + 1)))
            done = start + times * period
        return found + list(parts[done:])

    def _token(self, part: Part) -> Hashable:
        if isinstance(part, str):
            node = self._nodes[part]
            return node.operation, node.shape
        name = _called(part.title.rpartition(".")[2])
        return (part.how, None if name.isdigit() else name, part.count)

    def _phase(self, parts: Sequence[Part], start: int, end: int, period: int) -> int:
        """Where a turn begins: where the fewest edges go from one to the next; the first such place."""
        fits = (end - start) // period

        def crossed(phase: int) -> float:
            cuts = range(start + phase, end, period)
            return sum(self._crossing(parts[cut]) for cut in cuts) / len(cuts)

        return start + min(range(period if fits > LEAST else 1), key=crossed)

    def _crossing(self, part: Part) -> int:
        return self._line.crossing[self._line.place[first(part)]]

    # --- lines and equal parts

    def _lines(self, parts: Sequence[Part]) -> list[Part] | None:
        """One part per run of operations of one source line."""

        def line(part: Part) -> int | None:
            span = self._nodes[part].span if isinstance(part, str) else None
            return span.line if span else None

        found: list[Part] = []
        for number, run in groupby(parts, line):
            inside = list(run)
            together = number is not None and len(inside) >= LEAST
            found += [Draft.of(say("group.line", line=number), "line", inside)] if together else inside
        return found if 1 < len(found) <= len(parts) / 2 else None

    def _bundles(self, parts: Sequence[Part], within: str) -> list[Part]:
        """Parts of about equal length, cut where few edges are, and rather between two modules than inside of one."""
        length = -(-len(parts) // BUNDLES)
        cuts = [0]
        while len(parts) - cuts[-1] > 1.5 * length:
            near = range(cuts[-1] + max(1, round(0.7 * length)), cuts[-1] + round(1.3 * length) + 1)
            cuts.append(
                min(
                    near,
                    key=lambda cut: (self._crossing(parts[cut]), self._cuts(parts, cut), abs(cut - cuts[-1] - length)),
                )
            )
        pieces = [parts[a:b] for a, b in zip(cuts, [*cuts[1:], len(parts)], strict=True)]
        return [self._bundle(piece, number, len(pieces), within) for number, piece in enumerate(pieces, start=1)]

    def _cuts(self, parts: Sequence[Part], cut: int) -> bool:
        """Whether what stands on both sides of a cut ran in the same module."""
        before, after = self._path(parts[cut - 1]), self._path(parts[cut])
        return bool(before) and before[:-1] == after[:-1]

    def _path(self, part: Part) -> Path:
        return self._paths.get(first(part), ())

    def _bundle(self, piece: Sequence[Part], number: int, total: int, within: str) -> Part:
        if len(piece) == 1:
            return piece[0]
        one, last = piece[0], piece[-1]
        if isinstance(one, Draft) and isinstance(last, Draft):
            if one.turns and last.turns and one.turns[1] < last.turns[1]:
                turns = one.turns[0], last.turns[1]
                return Draft.of(say("group.repeats", first=turns[0], last=turns[1]), "repeat", piece, turns)
            return Draft.of(_range(one.title, last.title), one.how, piece)
        modules = _span(self._path(one), self._path(last))
        if modules:
            return Draft.of(_range(*modules), "module", piece)
        if within:
            inner = f"{within}.{number}"
            return Draft.of(say("group.inner", number=inner), "part", piece, number=inner)
        return Draft.of(say("group.part", number=number, count=total), "part", piece, number=str(number))


def _range(first: str, last: str) -> str:
    """``layers.3–8``, or both names where they have not so much in common."""
    (around, _, start), (other, _, end) = first.rpartition("."), last.rpartition(".")
    if around == other and start.isdigit() and end.isdigit():
        return f"{around}.{start}–{end}" if around else f"{start}–{end}"
    return say("group.span", first=first, last=last)


def _called(module: str) -> str:
    """The name of a module without the number of a call."""
    return module.partition("#")[0]


def _span(one: Path, last: Path) -> tuple[str, str] | None:
    """The modules from which and to which a stretch goes, if they stand beside each other."""
    shared = len(common(one, last))
    if shared in (len(one), len(last)):
        return None
    return ".".join(one[: shared + 1]), ".".join(last[: shared + 1])


def _periods(tokens: Sequence[Hashable]) -> list[int]:
    """The most frequent distances between two places with the same token."""
    last: dict[Hashable, int] = {}
    gaps: Counter[int] = Counter()
    for place, token in enumerate(tokens):
        if token in last:
            gaps[place - last[token]] += 1
        last[token] = place
    likely = [gap for gap, _ in gaps.most_common(PERIODS) if 1 < gap <= len(tokens) // LEAST]
    # What stands twice in a turn is met at two distances, which are one turn together.
    sums = {a + b for a in likely for b in likely if a + b <= len(tokens) // LEAST}
    return sorted({*likely, *sums})


def _runs(tokens: Sequence[Hashable], period: int) -> list[tuple[int, int]]:
    """The stretches that repeat after ``period`` places, at least `LEAST` times."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for place in range(len(tokens) - period + 1):
        same = place < len(tokens) - period and tokens[place] == tokens[place + period]
        if same and start is None:
            start = place
        elif not same and start is not None:
            if place + period - start >= LEAST * period:
                found.append((start, place + period))
            start = None
    return [run for before, run in zip([(0, 0), *found], found, strict=False) if run[0] >= before[1]]
