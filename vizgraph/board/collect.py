"""Collect what the board shows beside the graph: formulas, chain rule, product, local derivatives and checks.

The result is JSON data (docs/ARCHITECTURE.md). Formulas are trees (`vizgraph.notation.mathml`); what can be picked in
them has a key, and ``picks`` says which edges of the graph and which entries of the Jacobian belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vizgraph.board.chain import MOST_CELLS, chain
from vizgraph.board.layouts import layouts
from vizgraph.board.picks import Picks
from vizgraph.board.slate import WIDEST, Block, Line, Slate, equal, lines, slate
from vizgraph.board.ways import places
from vizgraph.model import Call, Check, Derivation, Hessian, Run, Tree, View
from vizgraph.notation import mathml
from vizgraph.notation.equations import Equations
from vizgraph.notation.numbers import brief
from vizgraph.notation.plan import operands
from vizgraph.texts import say, spoken, words

LONGEST: Final = 20_000  # characters of LaTeX
MOST_CHECKS: Final = 64
MOST_STEPS: Final = 30
MOST_BESIDE: Final = 18.0  # em of a local derivative that has another one beside it
MOST_SECOND: Final = 1_200  # characters of a Hessian in LaTeX: a longer one stands in numbers only


def board(run: Run, views: Mapping[str, View], derivation: Derivation | None) -> dict[str, Any]:
    """Everything that stands on the board; without a Jacobian only why there is none."""
    on_it = slate(run, derivation) if derivation is not None else None
    found: dict[str, Any] = {
        "version": 1,
        "language": spoken(),
        "words": {name: word for name, word in words(spoken()).items() if name.startswith("board.")},
        "source": run.program.source if run.program else None,
        # of live code that has no formulas nothing stands here that an edge could light
        "wires": {name: _wires(view, on_it) for name, view in views.items() if run.program or on_it},
        "note": derivation.note if derivation else say("board.large" if run.passes else "board.nothing"),
        "picks": {},
        "ways": [],
        "sections": [],
    }
    if on_it is None:
        return found
    picks = Picks(on_it, views)
    found |= {
        "picks": picks.keys,
        "ways": picks.ways,
        "numbers": {
            "rows": [row.python for row in on_it.rows],
            "columns": [column.python for column in on_it.columns],
            "jacobian": [[_plain(number) for number in row] for row in on_it.derivation.numeric],
            "v": [_plain(number) for number in on_it.v or ()],
            "pass": on_it.number,
            "line": on_it.last.span.line if on_it.last.span else None,
        },
        "sections": _within(_sections(on_it)),
    }
    return found


def _plain(number: float) -> float | str:
    return number if number - number == 0 else brief(number)


def _wires(view: View, on_it: Slate | None) -> dict[str, Any]:
    """Which nodes the edges join, at which lines of the program they stand, and the node of every column and row."""
    starts, ends = places(view, on_it.number, on_it.leaves) if on_it else ([], [])
    return {
        "leaves": [node for node, _ in starts],
        "outputs": [node for node, _ in ends],
        "edges": {edge.id: [edge.source, edge.target] for edge in view.graph.edges},
        "lines": {node.id: node.span.line for node in view.graph.nodes if node.span and node.kind != "constant"},
    }


# --- sections -------------------------------------------------------------------------------------


def _sections(on_it: Slate) -> list[dict[str, Any]]:
    found = [
        _section("functions", _functions(on_it)),
        _section("chain", chain(on_it)),
        _section("product", layouts(on_it)),
        _section("steps", _steps(on_it), open=False),
        _section("second", _second(on_it), open=False),
        _section("checks", _checks(on_it)),
    ]
    return [section for section in found if section["blocks"]]


def _section(id: str, blocks: list[Block], *, open: bool = True) -> dict[str, Any]:
    return {"id": id, "title": say(f"board.{id}"), "open": open, "blocks": blocks}


def _within(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks are left out, and that is said, where the LaTeX of everything would be too long."""
    left = LONGEST
    for section in sections:
        kept: list[Block] = []
        for block in section["blocks"]:
            left -= len(block.get("latex", ""))
            if left >= 0:
                kept.append(block)
        if len(kept) < len(section["blocks"]):
            kept.append({"kind": "says", "text": say("board.too_long")})
        section["blocks"] = kept
    return sections


def _functions(on_it: Slate) -> list[Block]:
    if on_it.plan is None:
        return []
    written: list[Line] = []
    cuts = {call.id for call in on_it.plan.calls if call.kind == "cut"}  # nothing flows there that could light up
    for one in Equations(on_it.plan).named():
        right = one.right if one.call in cuts else mathml.pick(_key_of(one.call, one.entry), one.right)
        written.append(equal(one.left, right))
    blocks = [lines(written)] if written else []
    if on_it.outer:
        outputs = mathml.joined((mathml.label(row) for row in on_it.rows[:6]), ("mo", ","))
        more: Tree = mathml.row(outputs, ("mo", ","), ("mo", "…")) if len(on_it.rows) > 6 else outputs
        unknown = mathml.row(mathml.word(on_it.outer), mathml.paren(more))
        known = [equal(mathml.word(on_it.outer), unknown), equal(mathml.word("v"), _vector(on_it))]
        blocks.append(lines(known, caption=say("board.unknown", outer=on_it.outer)))
    return [*blocks, *_which_pass(on_it)]


def _which_pass(on_it: Slate) -> list[Block]:
    """The board is about one pass; of several it says which."""
    count, place = len(on_it.run.passes), on_it.last.span
    if count < 2 or place is None:
        return []
    return [{"kind": "says", "text": say("board.pass", count=count, number=on_it.number + 1, line=place.line)}]


def _vector(on_it: Slate) -> Tree:
    top = on_it.top()
    symbols: list[Tree] = [
        mathml.pick(f"v{i}", mathml.partial(top, mathml.label(row))) for i, row in enumerate(on_it.rows[:8])
    ]  # fmt: skip
    numbers: list[Tree] = [
        mathml.pick(f"v{i}", mathml.live(f"v{i}", number)) for i, number in enumerate((on_it.v or ())[:8])
    ]  # fmt: skip
    if len(on_it.rows) > 8:
        symbols, numbers = [*symbols, ("mo", "…")], [*numbers, ("mo", "…")]
    return mathml.row(mathml.matrix([symbols]), mathml.EQUALS, mathml.matrix([numbers]))


def _key_of(call: str, entry: int | None) -> str:
    return f"f{call}" if entry is None else f"f{call}.{entry}"


def _steps(on_it: Slate) -> list[Block]:
    """A line for every step: what it computes, and its derivative by each operand, with the number.

    A step that moves with nothing (``w * 0``) has a line too where another one names it."""
    if on_it.plan is None:
        return []
    equations, calls = Equations(on_it.plan), {call.id: call for call in on_it.plan.calls}
    by_target: dict[str, list[Any]] = {}
    for link in on_it.derivation.locals:
        by_target.setdefault(link.target, []).append(link)
    local = {id: [_local(on_it, calls, link) for link in links] for id, links in list(by_target.items())[:MOST_STEPS]}
    beside = (
        1 if any(mathml.width(one[0]) > MOST_BESIDE or len(one) > 1 for found in local.values() for one in found) else 2
    )
    shown = set(local)
    for call in reversed(on_it.plan.calls):
        shown.update(id for id in operands(call) if call.id in shown and id in on_it.plan.letters)
    rows: list[Line] = []
    for id in (call.id for call in on_it.plan.calls if call.id in shown):
        name = mathml.named(on_it.plan.name(id) or id)
        step = mathml.pick(f"f{id}", mathml.row(name, mathml.EQUALS, equations.step(calls[id])))
        rows += _beside(step, local.get(id, []), beside)
    return [lines(rows, grid=True)] if rows else []


def _beside(step: Tree, derivatives: list[list[Tree]], beside: int) -> Iterator[Line]:
    """The lines of a step: so many derivatives beside each other, each in one line or two; of w·0 there is none."""
    if not derivatives:
        yield step, ("mrow",), ("mrow",)
    left: Tree | None = step
    for start in range(0, len(derivatives), beside):
        pair = derivatives[start : start + beside]
        for place in range(max(map(len, pair))):
            one, other = (*(trees[place] for trees in pair), ("mrow",))[:2]
            yield left, one, other
            left = None


def _local(on_it: Slate, calls: dict[str, Call], link: Any) -> list[Tree]:
    """A local derivative with its number, in two lines where it is too wide for one."""
    assert on_it.plan is not None
    over, by = (mathml.named(on_it.plan.name(id) or id) for id in (link.target, link.source))
    head = mathml.pick(f"l{link.target}.{link.source}", mathml.partial(over, by))
    small = len(link.cells) * len(link.cells[0]) <= MOST_CELLS
    scalar = len(link.cells) == 1 and len(link.cells[0]) == 1
    cells = [[cell.tree if cell else ("mo", "…") for cell in row] for row in link.cells]
    parts: list[Tree] = []
    if link.compact:
        parts.append(link.compact.tree)
    elif scalar:
        parts.append(cells[0][0])
    elif small:
        parts.append(mathml.matrix(cells))
    if scalar:
        parts.append(mathml.number(link.numbers[0][0]))
    elif small:
        parts.append(mathml.matrix([list(map(mathml.number, row)) for row in link.numbers]))
    else:
        parts.append(("mtext", f"{len(link.cells)}×{len(link.cells[0])}"))
    if len(parts) == 2 and parts[0] == parts[1]:
        parts.pop()
    whole = mathml.row(head, mathml.EQUALS, mathml.joined(parts, mathml.EQUALS))
    if mathml.width(whole) <= WIDEST - MOST_BESIDE or len(parts) == 1:
        return [whole]
    return [mathml.row(head, mathml.EQUALS, parts[0]), mathml.row(mathml.EQUALS, parts[1])]


def _second(on_it: Slate) -> list[Block]:
    """The gradient, the Hessian, and how a second backward pass finds it."""
    hessian = on_it.derivation.hessian
    if hessian is None or (on_it.outer is not None and hessian.of is None):
        return []
    top = on_it.top() if hessian.of is None else mathml.named(hessian.of)
    columns = [mathml.label(column) for column in on_it.columns]
    if hessian.of is None:
        slopes = [mathml.pick(f"c0.{j}", on_it.cell(0, j) or ("mo", "…")) for j in range(len(columns))]
        how = say("board.second.how")
    else:
        slopes = [one.tree for one in hessian.gradient]
        how = say("board.second.asked", gradient=", ".join(on_it.outputs))
    return [{"kind": "says", "text": how}, *_twice_derived(hessian, top, columns, slopes)]


def _twice_derived(hessian: Hessian, top: Tree, columns: list[Tree], slopes: list[Tree]) -> list[Block]:
    gradient = [mathml.partial(top, column) for column in columns]
    symbols = [[_twice(top, one, other) for other in columns] for one in columns]
    cells = [[cell.tree if cell else ("mo", "…") for cell in row] for row in hessian.cells]
    numbers = [list(map(mathml.number, row)) for row in hessian.numbers]
    short = all(cell for row in hessian.cells for cell in row) and len(mathml.latex(_block(cells))) <= MOST_SECOND
    written = [equal(mathml.row(("mo", "∇"), top), _block([gradient]))]
    written += [equal(None, _block([slopes]))] if short else []
    written += [equal(("mi", "H"), _block(symbols))]
    written += [equal(None, _block(rows)) for rows in ([cells, numbers] if short and cells != numbers else [numbers])]
    good = sum(check.agrees is True for check in hessian.checks)
    state = (
        "good" if good == len(hessian.checks) else "bad" if any(c.agrees is False for c in hessian.checks) else "open"
    )
    return [
        lines(written),
        *([] if short else [{"kind": "says", "text": say("board.second.long")}]),
        {"kind": "says", "text": say("board.second.checks", good=good, all=len(hessian.checks)), "state": state},
    ]


def _block(rows: list[list[Tree]]) -> Tree:
    """A matrix; of one entry the entry itself."""
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else mathml.matrix(rows)


def _twice(top: Tree, one: Tree, other: Tree) -> Tree:
    """``∂²z / ∂x₁ ∂x₂``"""
    sign: Tree = ("mo", "∂")
    over = mathml.row(mathml.sup(sign, ("mn", "2")), top)
    if one == other:
        power: Tree = ("msubsup", *one[1:], ("mn", "2")) if one[0] == "msub" else mathml.sup(one, ("mn", "2"))
        return mathml.frac(over, mathml.row(sign, power))
    return mathml.frac(over, mathml.row(sign, one, sign, other))


def _checks(on_it: Slate) -> list[Block]:
    """Autograd's number, the formula's and the finite difference side by side."""
    checks = on_it.derivation.checks
    if not checks:
        return []
    width = len(on_it.columns)
    rows = [_check(on_it, check, *divmod(place, width)) for place, check in enumerate(checks[:MOST_CHECKS])]
    good = sum(check.agrees is True for check in checks)
    bad = sum(check.agrees is False for check in checks)
    open_ = len(checks) - good - bad
    text = say("board.checks.sum", good=good, all=len(checks))
    if bad:
        text += " " + say("board.checks.bad", count=bad)
    if open_:
        text += " " + say("board.checks.open", count=open_)
    return [
        {"kind": "says", "text": text, "state": "bad" if bad else "open" if open_ else "good"},
        {"kind": "checks", "rows": rows, "left": len(checks) - len(rows)},
    ]


def _check(on_it: Slate, check: Check, i: int, j: int) -> dict[str, Any]:
    subject = mathml.partial(mathml.label(on_it.rows[i]), mathml.label(on_it.columns[j]))
    others = [other for other in (check.symbolic, check.finite) if other is not None]
    difference = max((abs(other - check.autograd) for other in others), default=None)
    return {
        "pick": f"c{i}.{j}",
        "subject": subject,
        "autograd": _digits(check.autograd),
        "symbolic": None if check.symbolic is None else _digits(check.symbolic),
        "finite": None if check.finite is None else _digits(check.finite),
        "difference": None if difference is None else f"{difference:.1e}" if difference else "0",
        "state": {True: "good", False: "bad", None: "open"}[check.agrees],
        "reason": check.reason,
    }


def _digits(number: float) -> str:
    """Enough digits to see where two numbers part."""
    return f"{number:.7g}" if abs(number) > 1e-12 or number == 0 else f"{number:.1e}"
