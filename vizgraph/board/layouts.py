"""Write v times the Jacobian in the layout that one prefers, with the shape of every factor below it."""

from __future__ import annotations

from math import prod
from typing import Final

from vizgraph.board.slate import Block, Line, Slate, equal, lines, under
from vizgraph.model import Tree
from vizgraph.notation import mathml
from vizgraph.notation.mathml import DOT
from vizgraph.texts import say

MOST: Final = 8  # rows or columns of a matrix that is written out; larger ones are heat maps
MOST_CELLS: Final = 40
WIDEST: Final = 64  # characters of a row of formulas

Rows = list[list[Tree]]


def layouts(slate: Slate) -> list[Block]:
    """The product in all three layouts; a Jacobian that is too large to be read is a picture."""
    if not is_small(slate):
        return [heat(slate), *_as_torch_has_it(slate)]
    return [
        lines(_lines(slate, flipped=False), layout="numerator", caption=say("board.layout.numerator.caption")),
        lines(_lines(slate, flipped=True), layout="denominator", caption=say("board.layout.denominator.caption")),
        *_as_torch_has_it(slate),
    ]


def is_small(slate: Slate) -> bool:
    m, n = len(slate.rows), len(slate.columns)
    return max(m, n) <= MOST and m * n <= MOST_CELLS


def heat(slate: Slate) -> Block:
    """The Jacobian as a picture: a field for each entry."""
    numbers = [[float(number) for number in row] for row in slate.derivation.numeric]
    return {
        "kind": "heat",
        "rows": [row.python for row in slate.rows],
        "columns": [column.python for column in slate.columns],
        "numbers": numbers,
        "formulas": [list(row) for row in slate.derivation.symbolic],
        "caption": say("board.heat", rows=len(slate.rows), columns=len(slate.columns)),
    }


def _lines(slate: Slate, *, flipped: bool) -> list[Line]:
    m, n = len(slate.rows), len(slate.columns)

    def write(rows: Rows) -> Tree:
        turned = [list(column) for column in zip(*rows, strict=True)] if flipped else rows
        shape = f"{len(turned)}×{len(turned[0])}"
        return under(mathml.matrix(turned) if m * n > 1 or len(turned) * len(turned[0]) > 1 else turned[0][0], shape)

    def times(left: Tree, right: Tree) -> Tree:
        return mathml.row(right, DOT, left) if flipped else mathml.row(left, DOT, right)

    columns = [mathml.label(column) for column in slate.columns]
    outputs = [mathml.label(row) for row in slate.rows]
    symbols = [[_cell(i, j, mathml.partial(outputs[i], columns[j])) for j in range(n)] for i in range(m)]
    cells = [
        [_cell(i, j, slate.cell(i, j) or mathml.partial(outputs[i], columns[j])) for j in range(n)] for i in range(m)
    ]
    numbers = [[_cell(i, j, mathml.number(slate.number_at(i, j))) for j in range(n)] for i in range(m)]
    vector = slate.vector()
    result = write([[mathml.pick(f"g{j}", mathml.live(f"g{j}", vector[j])) for j in range(n)]])
    left = mathml.partial(slate.top(), _names(slate.leaves), whole=True)
    compact = slate.derivation.compact
    whole = None if compact is None else turned(compact.tree) if flipped else compact.tree
    if slate.outer is None:
        between = [] if cells == numbers or not _is_narrow(slate) else [equal(None, write(cells))]
        short = [] if whole is None else [equal(None, whole)]
        return [equal(left, write(symbols)), *between, *short, equal(None, result)]
    v = slate.v or (float("nan"),) * m
    upstream = [[mathml.pick(f"v{i}", mathml.partial(slate.top(), outputs[i])) for i in range(m)]]
    seeds = [[mathml.pick(f"v{i}", mathml.live(f"v{i}", v[i])) for i in range(m)]]
    first = times(write(upstream), write(symbols))
    second = [] if cells == numbers or not _is_narrow(slate) else [equal(None, times(write(upstream), write(cells)))]
    if whole is not None:
        second.append(equal(None, times(mathml.transposed(("mi", "v")) if flipped else ("mi", "v"), whole)))
    return [equal(left, first), *second, equal(None, times(write(seeds), write(numbers))), equal(None, result)]


def turned(tree: Tree) -> Tree:
    """The transpose of an expression: of 2 xᵀ it is 2 x."""
    if isinstance(tree, tuple) and tree[0] == "msup" and tree[2] == ("mo", "⊤"):
        return tree[1]
    if isinstance(tree, tuple) and tree[0] == "mrow" and len(tree) == 4 and tree[2] == mathml.INVISIBLE_TIMES:
        number = isinstance(tree[1], tuple) and tree[1][0] == "mn"
        return ("mrow", tree[1], tree[2], turned(tree[3])) if number else mathml.transposed(mathml.paren(tree))
    plain = isinstance(tree, tuple) and tree[0] in ("mi", "msub")
    return mathml.transposed(tree if plain else mathml.paren(tree))


def _is_narrow(slate: Slate) -> bool:
    """Whether the matrix of formulas fits beside the vector; the chain rule writes each out anyway."""
    return max(sum(len(text) + 2 for text in row) for row in slate.derivation.symbolic) <= WIDEST


def _cell(i: int, j: int, tree: Tree) -> Tree:
    return mathml.pick(f"c{i}.{j}", tree)


def _names(names: list[str]) -> Tree:
    trees = list(map(mathml.named, names))
    return trees[0] if len(trees) == 1 else mathml.paren(mathml.joined(trees, ("mo", ",")))


def _as_torch_has_it(slate: Slate) -> list[Block]:
    """Every gradient in the shape of its leaf, which is neither layout: torch keeps no row and no column."""
    vector, start, written = slate.vector(), 0, []
    for leaf in slate.leaves:
        shape = slate.shape(leaf)
        size = prod(shape)
        entries: list[Tree] = [
            mathml.pick(f"g{j}", mathml.live(f"g{j}", vector[j])) for j in range(start, start + size)
        ]  # fmt: skip
        start += size
        name = mathml.row(mathml.named(leaf), ("mo", "."), ("mi", "grad"))
        written.append(
            equal(name, under(_shaped(entries, shape), f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"))
        )
    return [lines(written, layout="torch", caption=say("board.layout.torch.caption"))]


def _shaped(entries: list[Tree], shape: tuple[int, ...]) -> Tree:
    if not shape:
        return entries[0]
    if len(entries) > 64 or len(shape) > 2:
        return ("mtext", "…")
    width = shape[-1]
    return mathml.matrix([entries[start : start + width] for start in range(0, len(entries), width)])
