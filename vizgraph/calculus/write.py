"""Write formulas down: in the syntax of Python, and in LaTeX.

sympy's printers do the layout; every symbol is printed from our own table of
labels, so no name is ever parsed or copied unescaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from vizgraph.notation.labels import Label
from vizgraph.notation.numbers import brief

# our functions under the names that sympy and Python programmers know
_PYTHON = {
    "Step": "Heaviside", "Sign": "sign", "Absolute": "Abs", "Floor": "floor", "Ceiling": "ceiling",
    "Round": "round", "Largest": "Max", "Smallest": "Min",
}  # fmt: skip
_LATEX = {
    "Step": r"\mathbf{{1}}_{{{} > 0}}",
    "Sign": r"\operatorname{{sign}}\left({}\right)",
    "Absolute": r"\left|{}\right|",
    "Floor": r"\left\lfloor {} \right\rfloor",
    "Ceiling": r"\left\lceil {} \right\rceil",
    "Round": r"\operatorname{{round}}\left({}\right)",
    "Largest": r"\max\left({}\right)",
    "Smallest": r"\min\left({}\right)",
}


class _Remembering:
    """Prints each part of a formula once: parts return in entry after entry of a Jacobian."""

    _labels: Mapping[Any, Label]
    _printed: dict[Any, str]

    def _print(self, expr: Any, **options: Any) -> Any:
        if options or not isinstance(expr, sympy.Basic):
            return super()._print(expr, **options)  # type: ignore[misc]
        known = self._printed.get(expr)
        if known is None:
            known = self._printed[expr] = super()._print(expr)  # type: ignore[misc]
        return known


class _Python(_Remembering, StrPrinter):  # type: ignore[misc]
    def __init__(self, labels: Mapping[Any, Label]) -> None:
        super().__init__()
        self._labels, self._printed = labels, {}

    def _print_Symbol(self, expr: Any) -> str:
        return self._labels[expr].python

    def _print_Float(self, expr: Any) -> str:
        return f"{float(expr):.9g}"

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)"

    def _print_Function(self, expr: Any) -> str:
        name = expr.func.__name__
        return f"{_PYTHON.get(name, name)}({self.stringify(expr.args, ', ')})"


class _Latex(_Remembering, LatexPrinter):  # type: ignore[misc]
    def __init__(self, labels: Mapping[Any, Label]) -> None:
        super().__init__({"ln_notation": True})
        self._labels, self._printed = labels, {}

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return self._labels[expr].latex

    def _print_Float(self, expr: Any) -> str:
        return number_in_latex(float(expr))

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        template = _LATEX.get(expr.func.__name__)
        if template is None:
            return str(super()._print_Function(expr, exp))
        text = template.format(", ".join(map(self._print, expr.args)))
        return text if exp is None else f"{{{text}}}^{{{exp}}}"


class Writer:
    """Writes formulas whose symbols have these labels."""

    def __init__(self, labels: Mapping[Any, Label]) -> None:
        self._python, self._latex = _Python(labels), _Latex(labels)

    def python(self, formula: Any) -> str:
        """``formula`` in Python syntax: ``2*x[0]``."""
        return str(self._python.doprint(formula))

    def latex(self, formula: Any) -> str:
        """``formula`` in LaTeX: ``2 x_{0}``."""
        return str(self._latex.doprint(formula))


def number_in_latex(number: float) -> str:
    """``number`` with four significant digits, powers of ten as such."""
    text = brief(number)
    if text in ("inf", "-inf"):
        return text.replace("inf", r"\infty")
    if text == "nan":
        return r"\mathrm{nan}"
    mantissa, _, power = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else text


def matrix_in_latex(rows: Sequence[Sequence[str]]) -> str:
    """The matrix with these cells."""
    lines = r" \\ ".join(" & ".join(cells) for cells in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"
