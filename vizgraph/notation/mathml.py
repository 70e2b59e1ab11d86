"""Build formulas as trees that a browser can typeset and that LaTeX can be written of.

A tree is a text, or a tuple of a tag and its parts. Most tags are elements of MathML; ours are ``matrix``
(rows of cells), ``pick`` (a key, and the part that can be picked by it) and ``live`` (a key, and the number
that follows it while v is dragged). Names and numbers are data: nothing in a tree is ever markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from vizgraph.model import Tree
from vizgraph.notation.labels import Label, escaped
from vizgraph.notation.numbers import brief

TAGS: Final = frozenset(
    "math mrow mi mn mo mtext msub msup msubsup munder mover mfrac msqrt matrix tr td pick live mspace".split()
)

FUNCTIONS: Final = frozenset(
    "sin cos tan sinh cosh tanh exp ln log min max det arcsin arccos arctan".split()
)  # those that LaTeX knows too

_LETTERS: Final = dict(
    alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", zeta="ζ", eta="η", theta="θ", iota="ι", kappa="κ",
    mu="μ", nu="ν", xi="ξ", pi="π", rho="ρ", sigma="σ", tau="τ", upsilon="υ", phi="φ", chi="χ", psi="ψ", omega="ω",
    Gamma="Γ", Delta="Δ", Theta="Θ", Lambda="Λ", Xi="Ξ", Pi="Π", Sigma="Σ", Upsilon="Υ", Phi="Φ", Psi="Ψ", Omega="Ω",
    **{"lambda": "λ"},
)  # fmt: skip
_COMMANDS: Final = {letter: f"\\{name}" for name, letter in _LETTERS.items()}
_SIGNS: Final = {
    "−": "-", "·": r"\cdot", "∂": r"\partial ", "⊤": r"\top", "⊙": r"\odot", "×": r"\times", "‖": r"\|", "∑": r"\sum",
    "∏": r"\prod", "⊗": r"\otimes", "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "≈": r"\approx",
    "∞": r"\infty", "…": r"\ldots", "⋅": r"\cdot", "\u2062": "", "\u2061": "", "𝟏": r"\mathbf{1}", "≥": r"\ge",
    "∇": r"\nabla",
}  # fmt: skip
INVISIBLE_TIMES: Final = ("mo", "\u2062")
EQUALS: Final = ("mo", "=")
PLUS: Final = ("mo", "+")
MINUS: Final = ("mo", "−")
DOT: Final = ("mo", "·")
KRONECKER: Final = ("mo", "⊗")
ENTRYWISE: Final = ("mo", "⊙")


# --- building -------------------------------------------------------------------------------------


def word(text: str) -> Tree:
    """A name as it is written: Greek names as their letter."""
    return ("mi", _LETTERS.get(text, text))


def label(one: Label) -> Tree:
    """``x₁``, ``A₀₁``: the stem of a name, its number and the index of the entry below it."""
    stem, below = one.parts
    return ("msub", word(stem), ("mn", below)) if below else word(stem)


def named(text: str) -> Tree:
    """The name of a whole tensor."""
    return label(Label(text))


def number(value: float) -> Tree:
    """A number with four significant digits, powers of ten as such.

    >>> number(-0.25), number(2e-7)
    (('mrow', ('mo', '−'), ('mn', '0.25')), ('mrow', ('mn', '2'), ('mo', '·'), ('msup', ('mn', '10'), ('mn', '−7'))))
    """
    text = brief(value)
    if text in ("inf", "-inf"):
        tree: Tree = ("mi", "∞")
    elif text == "nan":
        return ("mtext", "nan")
    else:
        mantissa, _, power = text.lstrip("-").partition("e")
        tree = ("mn", mantissa)
        if power:
            tree = row(tree, DOT, sup(("mn", "10"), ("mn", str(int(power)).replace("-", "−"))))
    return row(MINUS, tree) if text.startswith("-") else tree


def row(*parts: Tree) -> Tree:
    return parts[0] if len(parts) == 1 else ("mrow", *parts)


def sup(base: Tree, power: Tree) -> Tree:
    return ("msup", base, power)


def sub(base: Tree, index: Tree) -> Tree:
    return ("msub", base, index)


def frac(over: Tree, under: Tree) -> Tree:
    return ("mfrac", over, under)


def root(inside: Tree) -> Tree:
    return ("msqrt", inside)


def text(words: str) -> Tree:
    return ("mtext", words)


def paren(inside: Tree) -> Tree:
    return ("mrow", ("mo", "("), inside, ("mo", ")"))


def between(left: str, inside: Tree, right: str) -> Tree:
    return ("mrow", ("mo", left), inside, ("mo", right))


def transposed(base: Tree) -> Tree:
    return sup(base, ("mo", "⊤"))


def apply(function: str, *arguments: Tree) -> Tree:
    """``f(x, y)``"""
    return row(word(function), paren(joined(arguments, ("mo", ","))))


def joined(parts: Iterable[Tree], sign: Tree) -> Tree:
    """The parts with a sign between each two."""
    trees: list[Tree] = []
    for part in parts:
        trees += [sign, part] if trees else [part]
    return row(*trees) if trees else ("mrow",)


def added(parts: Iterable[Tree]) -> Tree:
    """A sum; a part that starts with a minus brings its own sign."""
    trees: list[Tree] = []
    for part in parts:
        if trees and is_negative(part):
            trees += [MINUS, negated(part)]
        else:
            trees += [PLUS, part] if trees else [part]
    return row(*trees) if trees else ("mn", "0")


def is_negative(tree: Tree) -> bool:
    return isinstance(tree, tuple) and tree[0] == "mrow" and len(tree) > 1 and tree[1] == MINUS


def negated(tree: Tree) -> Tree:
    """The tree without its leading minus."""
    return row(*tree[2:])


def factor(tree: Tree) -> Tree:
    """The tree as a factor: a sum, what starts with a minus, and a product of another kind, in brackets."""
    return paren(tree) if is_negative(tree) or is_sum(tree) or _is_other_product(tree) else tree


def _is_other_product(tree: Tree) -> bool:
    return isinstance(tree, tuple) and tree[0] == "mrow" and any(part in (KRONECKER, ENTRYWISE) for part in tree[2:])


def is_sum(tree: Tree) -> bool:
    return isinstance(tree, tuple) and tree[0] == "mrow" and any(part in (PLUS, MINUS) for part in tree[2:])


def matrix(rows: Sequence[Sequence[Tree]]) -> Tree:
    lines: list[Tree] = [("tr", *(("td", cell) for cell in cells)) for cells in rows]
    return ("matrix", *lines)


def pick(key: str, tree: Tree) -> Tree:
    return ("pick", key, tree)


def live(key: str, value: float, *, factor: bool = False) -> Tree:
    """A number that follows v: the browser writes it anew while v is dragged; a negative ``factor`` in brackets."""
    written = number(value)
    return (
        ("live", f"{key}*", paren(written) if is_negative(written) else written) if factor else ("live", key, written)
    )


def partial(over: Tree, under: Tree, *, whole: bool = False) -> Tree:
    """``∂A/∂x``, or with a straight d where there is nothing else that could vary."""
    sign: Tree = ("mi", "d") if whole else ("mo", "∂")
    return frac(row(sign, over), row(sign, under))


# --- width ---------------------------------------------------------------------------------------

_SIGN: Final = 1.0  # em of an operator with the room around it
_DIGIT: Final = 0.55
_SMALL: Final = 0.7  # of what stands above or below
_PADDING: Final = 1.0  # em between two columns


def width(tree: Tree) -> float:
    """About how wide a formula is, in em: enough to know where a line must be broken."""
    if isinstance(tree, str):
        return _DIGIT * len(tree)
    tag, *parts = tree
    match tag:
        case "mo":
            sign = str(parts[0])
            return 0.2 if sign in ("\u2062", "\u2061") else 0.4 if sign in "()[]|‖," else _SIGN
        case "mi" | "mn":
            return width(parts[0])
        case "mtext":
            return _SMALL * width(parts[0])
        case "msub" | "msup":
            return width(parts[0]) + _SMALL * width(parts[1])
        case "msubsup":
            return width(parts[0]) + _SMALL * max(map(width, parts[1:]))
        case "mfrac":
            return 0.3 + max(map(width, parts))
        case "munder" | "mover":
            return max(width(parts[0]), _SMALL * width(parts[1]))
        case "pick" | "live":
            return width(parts[1])
        case "matrix":
            rows = [[width(cell[1]) for cell in line[1:]] for line in parts]
            return 0.8 + sum((max(column) + _PADDING for column in zip(*rows, strict=True)), 0.0)
        case _:
            return sum(map(width, parts))


# --- LaTeX ----------------------------------------------------------------------------------------


def latex(tree: Tree) -> str:
    r"""The tree in LaTeX.

    >>> latex(partial(named("y1"), named("x2")))
    '\\frac{\\partial y_{1}}{\\partial x_{2}}'
    """
    if isinstance(tree, str):
        return escaped(tree)
    tag, *parts = tree
    match tag:
        case "mi" | "mn" | "mo" | "mtext":
            return _leaf(str(tag), str(parts[0]))
        case "msub" | "msup":
            sign = "_" if tag == "msub" else "^"
            return f"{_base(parts[0])}{sign}{{{latex(parts[1])}}}"
        case "msubsup":
            return f"{_base(parts[0])}_{{{latex(parts[1])}}}^{{{latex(parts[2])}}}"
        case "mfrac":
            return rf"\frac{{{latex(parts[0])}}}{{{latex(parts[1])}}}"
        case "munder":
            return rf"\underset{{{latex(parts[1])}}}{{{latex(parts[0])}}}"
        case "msqrt":
            return rf"\sqrt{{{latex(parts[0])}}}"
        case "pick" | "live":
            return latex(parts[1])
        case "matrix":
            lines = r" \\ ".join(" & ".join(latex(cell[1]) for cell in line[1:]) for line in parts)
            return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"
        case _:
            return re.sub(r"  +", " ", " ".join(filter(None, map(latex, parts)))).replace(r"\partial  ", r"\partial ")


def _base(tree: Tree) -> str:
    written = latex(tree)
    return written if isinstance(tree, tuple) and tree[0] in ("mi", "mn") else f"{{{written}}}"


def _leaf(tag: str, text: str) -> str:
    if tag == "mo":
        return _SIGNS.get(text, text).strip() if text in _SIGNS else escaped(text)
    if text in _SIGNS:
        return _SIGNS[text]
    if text in _COMMANDS:
        return _COMMANDS[text]
    if tag == "mn":
        return text.replace("−", "-")
    if tag == "mtext":
        return rf"\text{{{escaped(text)}}}"
    if text in FUNCTIONS:
        return f"\\{text}"
    if len(text) == 1 and text.isascii() and text.isalpha():
        return text
    return rf"\mathrm{{{escaped(text)}}}"
