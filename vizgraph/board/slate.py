"""Gather what is written on the board: the last pass, its Jacobian, v, the gradients that arrived, the names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from vizgraph.model import Derivation, Link, Pass, Run, Tree, Value
from vizgraph.notation import mathml
from vizgraph.notation.labels import Label, read_label
from vizgraph.notation.mathml import EQUALS
from vizgraph.notation.plan import Plan, last_pass, plan

WIDEST: Final = 50.0  # em of a line: at 1280 pixels, and on a projector
OUTER: Final = ("A", "L", "F", "G", "H")
Line: TypeAlias = "tuple[Tree | None, Tree | None, Tree]"  # left of the sign, the sign, right of it
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Slate:
    """``v`` and ``arrived`` are flat, in the order of the rows and the columns; None where they were not recorded.

    ``outer`` is the letter of the unknown function A(y), None where the output is one number that starts with 1."""

    run: Run
    last: Pass
    number: int
    derivation: Derivation
    plan: Plan | None
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    v: tuple[float, ...] | None
    arrived: tuple[float, ...] | None
    outer: str | None

    def cell(self, i: int, j: int) -> Tree | None:
        formula = self.derivation.cells[i][j] if self.derivation.cells else None
        return formula.tree if formula else None

    def number_at(self, i: int, j: int) -> float:
        return self.derivation.numeric[i][j]

    @property
    def outputs(self) -> list[str]:
        """The names of the outputs, in the order of the rows."""
        return list(dict.fromkeys(row.name for row in self.rows))

    @property
    def leaves(self) -> list[str]:
        """The names of the leaves, in the order of the columns."""
        return list(dict.fromkeys(column.name for column in self.columns))

    def top(self) -> Tree:
        """What is differentiated: A, or the one output itself."""
        return mathml.word(self.outer) if self.outer else mathml.label(self.rows[0])

    def vector(self) -> tuple[float, ...]:
        """vᵀ J, the gradients that arrived; from the Jacobian where the pass did not record them."""
        if self.arrived is not None:
            return self.arrived
        v = self.v or (1.0,) * len(self.rows)
        return tuple(
            sum(v[i] * self.number_at(i, j) for i in range(len(self.rows))) for j in range(len(self.columns))
        )  # fmt: skip

    def shape(self, leaf: str) -> tuple[int, ...]:
        found = next((one.gradient.shape for one in self.last.gradients if one.leaf == leaf), None)
        return (
            found if found is not None else next((one.value.shape for one in self.run.leaves if one.name == leaf), ())
        )

    def links(self) -> dict[tuple[str, str], Link]:
        return {(link.target, link.source): link for link in self.derivation.links}


def slate(run: Run, derivation: Derivation) -> Slate | None:
    """What is known about the last pass; None without one."""
    last = last_pass(run)
    if last is None:
        return None
    steps = plan(run, last.seeds)
    rows, columns = _rows(derivation, steps), tuple(map(read_label, derivation.columns))
    v = _flat([seed.gradient for seed in last.seeds], len(rows))
    names = list(dict.fromkeys(column.name for column in columns))
    gradients = {one.leaf: one.gradient for one in last.gradients}
    arrived = _flat([gradients[name] for name in names], len(columns)) if set(names) <= set(gradients) else None
    taken = {call.name for call in run.calls} | {label.name for label in (*rows, *columns)}
    taken |= set(steps.names.values()) if steps else set()
    outer = next((letter for letter in OUTER if letter not in taken), OUTER[0])
    scalar = len(rows) == 1 and v == (1.0,)
    return Slate(
        run=run,
        last=last,
        number=run.passes.index(last),
        derivation=derivation,
        plan=steps,
        rows=rows,
        columns=columns,
        v=v,
        arrived=arrived,
        outer=None if scalar else outer,
    )


def _rows(derivation: Derivation, steps: Plan | None) -> tuple[Label, ...]:
    """The entries of the outputs; one that was called by its expression has a letter on the board."""
    letters = {call.expression: steps.names[call.id] for call, _ in steps.outputs if not call.name} if steps else {}
    labels = map(read_label, derivation.rows)
    return tuple(Label(letters.get(one.name, one.name), one.index) for one in labels)


def _flat(values: list[Value], wanted: int) -> tuple[float, ...] | None:
    if any(value.entries is None for value in values):
        return None
    entries = tuple(float(entry) for value in values for entry in value.entries or ())
    return entries if len(entries) == wanted else None


def lines(written: list[Line], *, caption: str = "", **more: Any) -> Block:
    """Lines that are aligned at their sign, and the same in LaTeX."""
    return {"kind": "lines", "lines": [list(line) for line in written], "latex": _latex(written), "caption": caption,
            **more}  # fmt: skip


def equal(left: Tree | None, right: Tree) -> Line:
    return left, EQUALS, right


def broken(left: Tree | None, joint: Tree, parts: Sequence[Tree]) -> Iterator[Line]:
    """An equation whose right side is broken before a ``joint`` (a dot, a plus) wherever it would be too wide."""
    sign: Tree = EQUALS
    kept: list[Tree] = []
    for part in parts:
        if kept and sum(mathml.width(one) + 1 for one in kept) + mathml.width(part) > WIDEST:
            yield left if sign == EQUALS else None, sign, _joined(kept, joint)
            sign, kept = joint, []
        kept.append(part)
    yield left if sign == EQUALS else None, sign, _joined(kept, joint)


def _joined(parts: Sequence[Tree], joint: Tree) -> Tree:
    return mathml.added(parts) if joint == mathml.PLUS else mathml.joined(parts, joint)


def _latex(written: list[Line]) -> str:
    rows = [
        f"{mathml.latex(left) if left else ''} &{mathml.latex(sign) if sign else ''} {mathml.latex(right)}".strip()
        for left, sign, right in written
    ]
    joined = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{joined}\n\\end{{aligned}}"


def under(tree: Tree, words: str) -> Tree:
    """A factor with its shape written below."""
    return ("munder", tree, ("mtext", words))
