"""Write formulas of sympy as trees that can be typeset (`vizgraph.notation.mathml`).

Only structure is read: every symbol is printed from our own table of labels, so no name is ever parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sympy

from vizgraph.model import Tree
from vizgraph.notation import mathml
from vizgraph.notation.labels import Label

_WORDS: Final = {
    "log": "ln", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "Largest": "max", "Smallest": "min",
    "Max": "max", "Min": "min", "Sign": "sign", "Round": "round", "asinh": "arsinh", "acosh": "arcosh",
    "atanh": "artanh",
}  # fmt: skip
_BETWEEN: Final = {"Absolute": "||", "Abs": "||", "Floor": "⌊⌋", "Ceiling": "⌈⌉", "floor": "⌊⌋", "ceiling": "⌈⌉"}


class Markup:
    """Writes formulas whose symbols have these labels, each shared part once."""

    def __init__(self, labels: Mapping[Any, Label]) -> None:
        self._labels = labels
        self._known: dict[Any, Tree] = {}
        self._has_e = any(label.name == "e" for label in labels.values())

    def __call__(self, formula: Any) -> Tree:
        known = self._known.get(formula)
        if known is None:
            known = self._known[formula] = self._tree(formula)
        return known

    def _tree(self, formula: Any) -> Tree:
        if formula.is_Symbol:
            return mathml.label(self._labels[formula])
        if formula.is_Number:
            return self._number(formula)
        if formula.is_NumberSymbol:
            return self._exponential(sympy.S.One) if formula is sympy.E else mathml.word(str(formula))
        if formula.is_Add:
            return mathml.added(map(self, formula.as_ordered_terms()))
        if formula.is_Mul:
            return self._product(formula)
        if formula.is_Pow:
            return self._power(formula.base, formula.exp)
        return self._function(formula)

    def _number(self, number: Any) -> Tree:
        if number.is_Rational and not number.is_Integer:
            written = mathml.frac(("mn", str(abs(number.p))), ("mn", str(number.q)))
            return mathml.row(mathml.MINUS, written) if number.p < 0 else written
        if number.is_Integer and abs(number) < 10**6:
            return mathml.row(mathml.MINUS, ("mn", str(-number))) if number < 0 else ("mn", str(number))
        return mathml.number(float(number))

    def _product(self, formula: Any) -> Tree:
        coefficient, rest = formula.as_coeff_Mul()
        if coefficient.is_negative:
            return mathml.row(mathml.MINUS, self._positive(-coefficient, rest))
        return self._positive(coefficient, rest)

    def _positive(self, coefficient: Any, rest: Any) -> Tree:
        over, under = [], []
        for part in rest.as_ordered_factors():
            if part.is_Pow and part.exp.is_Number and part.exp.is_negative:
                under.append(self._power(part.base, -part.exp))
            else:
                over.append(self(part))
        if coefficient.is_Rational:
            numerator, denominator = sympy.Integer(coefficient.p), sympy.Integer(coefficient.q)
        else:
            numerator, denominator = coefficient, sympy.S.One
        if numerator != 1 or not over:
            over.insert(0, self._number(numerator))
        if denominator != 1:
            under.insert(0, self._number(denominator))
        return mathml.frac(_times(over), _times(under)) if under else _times(over)

    def _power(self, base: Any, exponent: Any) -> Tree:
        if exponent == sympy.S.Half:
            return mathml.root(self(base))
        if exponent.is_Number and exponent.is_negative:
            return mathml.frac(("mn", "1"), self._power(base, -exponent))
        if exponent == 1:
            return self(base)
        written = self(base)
        if base.is_Symbol and self._labels[base].parts[1]:
            return ("msubsup", *written[1:], self(exponent))  # x₁²: the power stands above the index
        if base.is_Symbol or (base.is_Integer and base >= 0):
            return mathml.sup(written, self(exponent))
        return mathml.sup(mathml.paren(written), self(exponent))

    def _exponential(self, exponent: Any) -> Tree:
        if self._has_e or exponent.is_Pow:
            return mathml.apply("exp", self(exponent))
        return mathml.sup(("mi", "e"), self(exponent))

    def _function(self, formula: Any) -> Tree:
        name, arguments = formula.func.__name__, [self(part) for part in formula.args]
        if name == "exp":
            return self._exponential(formula.args[0])
        if name in ("Step", "Heaviside"):
            return mathml.sub(("mi", "𝟏"), mathml.row(arguments[0], ("mo", ">"), ("mn", "0")))
        if name in _BETWEEN:
            return mathml.between(_BETWEEN[name][0], arguments[0], _BETWEEN[name][1])
        return mathml.apply(_WORDS.get(name, name), *arguments)


def _times(factors: list[Tree]) -> Tree:
    """The factors side by side, sums in brackets, a dot where two numbers would run together."""
    if len(factors) == 1:
        return factors[0]
    trees: list[Tree] = []
    for one in factors:
        if trees:
            trees.append(mathml.DOT if _starts_with_number(one) else mathml.INVISIBLE_TIMES)
        trees.append(mathml.factor(one))
    return ("mrow", *trees)


def _starts_with_number(tree: Tree) -> bool:
    if isinstance(tree, str):
        return False
    if tree[0] == "mn":
        return True
    return tree[0] in ("msup", "mrow") and len(tree) > 1 and _starts_with_number(tree[1])
