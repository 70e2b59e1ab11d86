"""Write the chain rule out, leaf by leaf: first in symbols, then with the formulas, then with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vizgraph.board.slate import Block, Line, Slate, broken, equal, lines, under
from vizgraph.model import Call, Formula, Link, Tree
from vizgraph.notation import mathml
from vizgraph.notation.mathml import DOT
from vizgraph.texts import say

MOST_TERMS: Final = 6  # of one sum
MOST_ENTRIES: Final = 6  # of one leaf that are written out
MOST_PATHS: Final = 6  # between one leaf and the outputs
MOST_CELLS: Final = 16  # of a matrix that stands as a factor in a product


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a leaf to an output through named values: the links, the one nearest to the output first."""

    key: str
    leaf: str
    links: tuple[Link, ...]


def chain(slate: Slate) -> list[Block]:
    """The chain rule for every leaf, along the named values where there are any between leaf and output."""
    found = paths(slate)
    if found:
        return list(_along(slate, found))
    return list(_entries(slate))


# --- entry by entry: ∂A/∂x₁ = ∂A/∂y₁ · ∂y₁/∂x₁ + … ------------------------------------------------


def _entries(slate: Slate) -> Iterator[Block]:
    for leaf in slate.leaves:
        places = [j for j, column in enumerate(slate.columns) if column.name == leaf]
        for j in places[:MOST_ENTRIES]:
            written = list(_sum(slate, j) if slate.outer else _single(slate, j))
            yield lines(written, pick=f"g{j}")
        if len(places) > MOST_ENTRIES:
            rest = len(places) - MOST_ENTRIES
            yield {"kind": "says", "text": say("board.chain.rest", leaf=leaf, count=rest)}


def _single(slate: Slate, j: int) -> Iterator[Line]:
    """One output: its derivative is the entry of the Jacobian itself."""
    left = mathml.pick(f"g{j}", mathml.partial(slate.top(), mathml.label(slate.columns[j])))
    cell, value = slate.cell(0, j), mathml.live(f"g{j}", slate.vector()[j])
    if cell is None or cell == value[2]:
        yield equal(left, mathml.pick(f"c0.{j}", value))
    else:
        yield equal(left, mathml.row(mathml.pick(f"c0.{j}", cell), mathml.EQUALS, mathml.pick(f"c0.{j}", value)))


def _sum(slate: Slate, j: int) -> Iterator[Line]:
    """Several outputs: a term for each."""
    column = mathml.label(slate.columns[j])
    kept, gap = _kept(slate, j)
    symbols, formulas, numbers = [], [], []
    for i in kept:
        v = slate.v[i] if slate.v else float("nan")
        value = mathml.live(f"v{i}", v, factor=True)
        output = mathml.label(slate.rows[i])
        symbols.append(_term(i, j, mathml.partial(slate.top(), output), mathml.partial(output, column)))
        formulas.append(_term(i, j, value, mathml.factor(slate.cell(i, j) or mathml.partial(output, column))))
        numbers.append(_term(i, j, value, mathml.factor(mathml.number(slate.number_at(i, j)))))
    if gap:
        for terms in (symbols, formulas, numbers):
            terms.insert(len(terms) - 1, ("mo", "…"))
    left = mathml.pick(f"g{j}", mathml.partial(slate.top(), column))
    yield from broken(left, mathml.PLUS, symbols)
    if [slate.cell(i, j) for i in kept] != [mathml.number(slate.number_at(i, j)) for i in kept]:
        yield from broken(None, mathml.PLUS, formulas)
    yield from broken(None, mathml.PLUS, numbers)
    yield equal(None, mathml.pick(f"g{j}", mathml.live(f"g{j}", slate.vector()[j])))


def _kept(slate: Slate, j: int) -> tuple[list[int], bool]:
    """The outputs whose terms are written: all, or those that are not zero, or the first of those and the last."""
    every = list(range(len(slate.rows)))
    if len(every) <= MOST_TERMS - 2:
        return every, False
    some = [i for i in every if slate.number_at(i, j) or slate.cell(i, j) not in (("mn", "0"), None)] or every[:1]
    if len(some) <= MOST_TERMS:
        return some, False
    return [*some[: MOST_TERMS - 1], some[-1]], True


def _term(i: int, j: int, left: Tree, right: Tree) -> Tree:
    return mathml.pick(f"c{i}.{j}", mathml.row(mathml.factor(left), DOT, right))


# --- along the named values: dz/dw = dz/db · db/da · da/dw ----------------------------------------


def paths(slate: Slate) -> list[Path]:
    """Every way from a leaf to an output, if one of them leads through a value that the program named."""
    if slate.plan is None:
        return []
    into: dict[str, list[Link]] = {}
    for link in slate.derivation.links:
        into.setdefault(link.target, []).append(link)
    leaves = {call.id for call in slate.plan.calls if call.kind == "leaf"}
    outputs = list(dict.fromkeys(call.id for call, _ in slate.plan.outputs))
    found: list[Path] = []
    waiting: list[tuple[Link, ...]] = [(link,) for id in reversed(outputs) for link in reversed(into.get(id, ()))]
    counts: dict[str, int] = {}
    while waiting:
        links = waiting.pop()
        end = links[-1].source
        if end in leaves:
            counts[end] = counts.get(end, 0) + 1
            found.append(Path(f"p{end}.{counts[end]}", end, links))
            if counts[end] > MOST_PATHS:
                return []
        else:
            waiting.extend((*links, link) for link in reversed(into.get(end, ())))
    through = any(len(path.links) > 1 for path in found)
    every = {path.leaf for path in found} == {id for id in leaves if slate.plan.names[id] in slate.leaves}
    plain = not any(cell is None for path in found for link in path.links for row in link.cells for cell in row)
    return found if through and every and plain else []


def _along(slate: Slate, found: list[Path]) -> Iterator[Block]:
    assert slate.plan is not None
    calls = {call.id: call for call in slate.plan.calls}
    for leaf in dict.fromkeys(path.leaf for path in found):
        yield lines(list(_paths_of(slate, calls, [path for path in found if path.leaf == leaf], found)))


def _paths_of(slate: Slate, calls: dict[str, Call], mine: list[Path], every: list[Path]) -> Iterator[Line]:
    assert slate.plan is not None
    names = slate.plan.names
    whole = len(every) == 1 and slate.outer is None
    leaf = mine[0].leaf
    top = mathml.word(slate.outer) if slate.outer else mathml.named(names[mine[0].links[0].target])

    def symbol(over: Tree, under: Tree) -> Tree:
        return mathml.partial(over, under, whole=whole)

    def term(path: Path, factors: list[Tree]) -> Term:
        return path.key, [mathml.factor(factor) for factor in factors]

    symbols: list[Term] = []
    formulas: list[Term] = []
    numbers: list[Term] = []
    for path in mine:
        output = path.links[0].target
        outer = [symbol(top, mathml.named(names[output]))] if slate.outer else []
        seed = [_seed(slate, calls[output])] if slate.outer else []
        each = [symbol(mathml.named(names[link.target]), mathml.named(names[link.source])) for link in path.links]
        symbols.append(term(path, [*outer, *each]))
        formulas.append(term(path, [*seed, *(_formula(link, calls) for link in path.links)]))
        numbers.append(term(path, [*seed, *(_matrix(link.numbers) for link in path.links)]))
    result = _result(slate, names[leaf])
    direct = any(len(path.links) == 1 for path in mine) and not slate.outer
    if direct and len(mine) == 1:  # the derivative is its one factor, and the number is the result
        left = symbol(top, mathml.named(names[leaf]))
        if formulas != numbers:
            yield from _added(left, formulas)
        yield equal(None if formulas != numbers else left, result)
        return
    # beside the direct way there are others: the sum is the total derivative, and its first term only a part of it
    yield from _added(mathml.partial(top, mathml.named(names[leaf]), whole=whole or direct), symbols)
    if formulas != numbers:
        yield from _added(None, formulas)
    yield from _added(None, numbers)
    yield equal(None, result)


Term = tuple[str, list[Tree]]  # the key of a path, and its factors


def _added(left: Tree | None, terms: list[Term]) -> Iterator[Line]:
    """A sum of products, broken where it is too wide: between its terms, or one product between its factors."""
    if len(terms) == 1:
        key, factors = terms[0]
        for side, sign, right in broken(left, DOT, factors):
            yield side, sign, mathml.pick(key, right)
    else:
        yield from broken(left, mathml.PLUS, [mathml.pick(key, mathml.joined(parts, DOT)) for key, parts in terms])


def _seed(slate: Slate, output: Call) -> Tree:
    name = slate.plan.names[output.id] if slate.plan else ""
    places = [i for i, row in enumerate(slate.rows) if row.name == name]
    alone = len(places) == 1 and not output.values[0].shape
    values = [mathml.live(f"v{i}", slate.v[i] if slate.v else float("nan"), factor=alone) for i in places]
    return values[0] if alone else under(mathml.matrix([values]), f"1×{len(values)}")


def _result(slate: Slate, leaf: str) -> Tree:
    places = [j for j, column in enumerate(slate.columns) if column.name == leaf]
    values = [mathml.pick(f"g{j}", mathml.live(f"g{j}", slate.vector()[j])) for j in places]
    return values[0] if not slate.shape(leaf) else under(mathml.matrix([values]), f"1×{len(values)}")


def _formula(link: Link, calls: dict[str, Call]) -> Tree:
    """The factor as one expression where it has one, else its entries, else a hint of its shape."""
    if link.compact is not None:
        return link.compact.tree
    rows = [[cell.tree for cell in row if isinstance(cell, Formula)] for row in link.cells]
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return _sized(mathml.matrix(rows), len(rows), len(rows[0]))


def _matrix(numbers: tuple[tuple[float, ...], ...]) -> Tree:
    if len(numbers) == 1 and len(numbers[0]) == 1:
        return mathml.number(numbers[0][0])
    return _sized(mathml.matrix([list(map(mathml.number, row)) for row in numbers]), len(numbers), len(numbers[0]))


def _sized(tree: Tree, rows: int, columns: int) -> Tree:
    if rows * columns > MOST_CELLS:
        tree = ("mtext", "J")
    return under(tree, f"{rows}×{columns}")
