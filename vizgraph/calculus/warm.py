"""Touch everything in sympy that a derivation may need, while files can still be opened.

sympy imports parts of itself on first use; the worker's children have no file
descriptors left to do so.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import sympy

from vizgraph.calculus.arrays import Array, array
from vizgraph.calculus.evaluate import Evaluator
from vizgraph.calculus.jacobian import Differentiation
from vizgraph.calculus.rules import RULES
from vizgraph.calculus.sizes import Sizes
from vizgraph.calculus.write import Writer
from vizgraph.notation.labels import Label
from vizgraph.texts import say


def warm() -> None:
    """Apply every rule to small tensors; differentiate, print and evaluate what comes out."""
    say("derivation.no_forward")
    symbols = [sympy.Symbol(f"v{number:04}", real=True) for number in range(4)]
    writer = Writer({symbol: Label("x", (number,)) for number, symbol in enumerate(symbols)})
    evaluate = Evaluator(dict.fromkeys(symbols, 0.25))
    for formula in _formulas(array((2,), symbols[:2]), array((2,), symbols[2:])):
        for slope in Differentiation(Sizes(), writer.python).rows([formula], symbols[:1])[0]:
            if slope.formula is not None:
                evaluate(slope.formula)
                writer.latex(slope.formula)


def _formulas(a: Array, b: Array) -> list[Any]:
    """One entry of each rule, given as many operands as it takes."""
    made = []
    for rule in RULES.values():
        for operands in ((a,), (a, b), (a, b, b)):
            with suppress(TypeError, ValueError, IndexError, AttributeError):  # another number or kind of operands
                made.append(rule(*operands).flat[0])
                break
    return made
