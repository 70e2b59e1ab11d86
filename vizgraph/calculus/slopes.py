"""List the derivative of each operation by one of its operands, as an expression of matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy

from vizgraph.calculus import factors
from vizgraph.calculus.factors import Factor, Numbers, Sum, Term
from vizgraph.calculus.values import Values
from vizgraph.model import Argument, Call, Ref, Tree
from vizgraph.notation import mathml

Slope = Callable[[Values, Call, int], "Sum | None"]  # d result / d operand number `slot`


def _one(product: tuple[Factor, ...] | None) -> Sum | None:
    return None if product is None else (Term(1.0, product),)


def _same(sign: float) -> Slope:
    """I, with the sign of the operand; 1 where a single number is spread over all entries."""

    def rule(d: Values, call: Call, slot: int) -> Sum | None:
        own, whole = d.shape(call.arguments[slot]), call.values[0].shape
        size = int(numpy.prod(whole))
        factor = sign if slot == 1 else 1.0
        if own == whole:
            return (Term(factor, (factors.identity(size),)),)
        if own == () and len(whole) == 1:
            return (Term(factor, (Factor("matrix", ("mn", "𝟏"), numpy.ones((size, 1))),)),)
        return None

    return rule


def _mul(d: Values, call: Call, slot: int) -> Sum | None:
    mine, other = call.arguments[slot], call.arguments[1 - slot]
    if d.shape(mine) == call.values[0].shape and d.shape(other) == ():
        size = int(numpy.prod(d.shape(mine)))
        number = d.scalar(other)
        return (
            None
            if number is None
            else tuple(factors.times(term, Term(1.0, (factors.identity(size),))) for term in number)
        )
    if d.shape(mine) == () and len(d.shape(other)) == 1:
        return _one(d.column(other))
    array = d.array(other)
    return d.diagonal(d.tree(other), array) if d.shape(mine) == d.shape(other) and array is not None else None


def _div(d: Values, call: Call, slot: int) -> Sum | None:
    divisor = call.arguments[1]
    array, tree = d.array(divisor), d.tree(divisor)
    if slot != 0 or array is None or tree is None or array.size != 1:
        return None
    size = int(numpy.prod(call.values[0].shape))
    if isinstance(divisor, (int, float)) and divisor:
        return (Term(1 / divisor, (factors.identity(size),)),)
    scale = Factor("scalar", mathml.frac(("mn", "1"), tree), 1 / array.reshape(1, 1))
    return (Term(1.0, (scale, factors.identity(size))),)


def _pow(d: Values, call: Call, slot: int) -> Sum | None:
    base, power = call.arguments[:2]
    tree, array = d.tree(base), d.array(base)
    if slot != 0 or not isinstance(power, (int, float)) or tree is None or array is None or power in (0, 1):
        return None
    raised: Tree = tree
    if power != 2:
        below = mathml.number(power - 1)
        raised = ("msubsup", *tree[1:], below) if tree[0] == "msub" else mathml.sup(mathml.factor(tree), below)
    return (Term(float(power), (factors.diagonal(raised, array ** (power - 1)),)),)


def _square(d: Values, call: Call, slot: int) -> Sum | None:
    tree, array = d.tree(call.arguments[0]), d.array(call.arguments[0])
    return None if tree is None or array is None else (Term(2.0, (factors.diagonal(tree, array),)),)


def _matmul(d: Values, call: Call, slot: int) -> Sum | None:
    first, second = call.arguments[:2]
    ranks = (len(d.shape(first)), len(d.shape(second)))
    if ranks == (1, 1):
        return _one(d.row(call.arguments[1 - slot]))
    if ranks == (2, 1):
        return _one(d.matrix(first)) if slot == 1 else _kronecker(d, second, call, left=False)
    if ranks == (2, 2):
        return _matrices(d, call, slot)
    if ranks == (1, 2):
        return _one(d.matrix(second, turned=True)) if slot == 0 else _kronecker(d, first, call, left=True)
    return None


def _matrices(d: Values, call: Call, slot: int) -> Sum | None:
    """Of A B, entry by entry, row after row: I ⊗ Bᵀ by A, A ⊗ I by B."""
    other = d.matrix(call.arguments[1 - slot], turned=slot == 0)
    if other is None:
        return None
    size = call.values[0].shape[slot]
    eye: Tree = mathml.sub(("mi", "I"), ("mn", str(size)))
    unit = numpy.eye(size)
    pair = (eye, other[0].tree) if slot == 0 else (other[0].tree, eye)
    numbers = numpy.kron(unit, other[0].numbers) if slot == 0 else numpy.kron(other[0].numbers, unit)
    return (Term(1.0, (Factor("matrix", mathml.row(pair[0], ("mo", "⊗"), pair[1]), numbers),)),)


def _kronecker(d: Values, vector: Argument, call: Call, *, left: bool) -> Sum | None:
    """Of A x by the entries of A, row by row: I ⊗ xᵀ; of xᵀ A: xᵀ ⊗ I."""
    row, size = d.row(vector), call.values[0].shape[0]
    if row is None or len(row) != 1:
        return None
    eye: Tree = mathml.sub(("mi", "I"), ("mn", str(size)))
    pair = (row[0].tree, eye) if left else (eye, row[0].tree)
    numbers = numpy.kron(row[0].numbers, numpy.eye(size)) if left else numpy.kron(numpy.eye(size), row[0].numbers)
    return (Term(1.0, (Factor("matrix", mathml.row(pair[0], ("mo", "⊗"), pair[1]), numbers),)),)


def _outer(d: Values, call: Call, slot: int) -> Sum | None:
    """Of the entries of a bᵀ, row by row: I ⊗ b by a, a ⊗ I by b."""
    other = call.arguments[1 - slot]
    tree, array = d.tree(other), d.array(other)
    if tree is None or array is None or array.ndim != 1:
        return None
    size = d.shape(call.arguments[slot])[0]
    eye: Tree = mathml.sub(("mi", "I"), ("mn", str(size)))
    column, unit = array[:, None], numpy.eye(size)
    if slot == 0:
        return (Term(1.0, (Factor("matrix", mathml.row(eye, ("mo", "⊗"), tree), numpy.kron(unit, column)),)),)
    return (Term(1.0, (Factor("matrix", mathml.row(tree, ("mo", "⊗"), eye), numpy.kron(column, unit)),)),)


def _sum(d: Values, call: Call, slot: int) -> Sum | None:
    return (
        (Term(1.0, (factors.ones(int(numpy.prod(d.shape(call.arguments[0])))),)),) if len(call.arguments) == 1 else None
    )


def _mean(d: Values, call: Call, slot: int) -> Sum | None:
    size = int(numpy.prod(d.shape(call.arguments[0])))
    if len(call.arguments) != 1 or not size:
        return None
    share = Factor("scalar", mathml.frac(("mn", "1"), ("mn", str(size))), numpy.array([[1 / size]]))
    return (Term(1.0, (share, factors.ones(size))),)


def _norm(d: Values, call: Call, slot: int) -> Sum | None:
    row, array = d.row(call.arguments[0]), d.array(call.arguments[0])
    length = None if array is None else float(numpy.linalg.norm(array))
    if row is None or len(row) != 1 or not length or len(call.arguments) != 1:
        return None
    below = mathml.between("‖", row[0].inner or "", "‖")
    return (Term(1.0, (Factor("row", mathml.frac(row[0].tree, below), row[0].numbers / length, row[0].inner),)),)


def _softmax(d: Values, call: Call, slot: int) -> Sum | None:
    """diag(s) − s sᵀ, where s is the result"""
    value = call.values[0]
    if value.entries is None or len(value.shape) != 1 or slot != 0:
        return None
    s = numpy.array(value.entries, dtype=float)
    tree = d.tree(Ref(call.id)) or ("mi", "s")
    pair = (Factor("matrix", tree, s[:, None]), Factor("matrix", mathml.transposed(tree), s[None, :]))
    return (Term(1.0, (factors.diagonal(tree, s),)), Term(-1.0, pair))


def _entrywise(slope: Callable[[Tree], Tree], numbers: Callable[[Numbers], Numbers]) -> Slope:
    """The slope of a function of one operand, on the diagonal."""

    def rule(d: Values, call: Call, slot: int) -> Sum | None:
        tree, array = d.tree(call.arguments[0]), d.array(call.arguments[0])
        return None if tree is None or array is None else d.diagonal(slope(tree), numbers(array))

    return rule


def _in_result(slope: Callable[[Tree, Tree], Tree], numbers: Callable[[Numbers], Numbers]) -> Slope:
    """The slope in the result itself, where it has a name; ``slope`` takes its name and the sign of a product."""

    def rule(d: Values, call: Call, slot: int) -> Sum | None:
        array, own = d.array(Ref(call.id)), d.tree(Ref(call.id))
        if array is None:
            return None
        if own is None:
            operand = d.tree(call.arguments[0])
            own = None if operand is None else mathml.apply(_NAMES[call.operation], operand)
        sign = ("mo", "⊙") if array.ndim else mathml.INVISIBLE_TIMES
        return None if own is None else d.diagonal(slope(own, sign), numbers(array))

    return rule


_NAMES: Final = {"sigmoid": "σ", "tanh": "tanh"}


def _sigmoid(s: Tree, sign: Tree) -> Tree:
    return mathml.row(s, sign, mathml.paren(mathml.row(("mn", "1"), mathml.MINUS, s)))


def _tanh(t: Tree, sign: Tree) -> Tree:
    two: Tree = ("mn", "2")
    squared: Tree = ("msubsup", *t[1:], two) if t[0] == "msub" else mathml.sup(t, two)
    return mathml.row(("mn", "1"), mathml.MINUS, squared)


# fmt: off
SLOPES: Final[dict[str, Slope]] = {
    "add":     _same(1.0),
    "sub":     _same(-1.0),
    "neg":     lambda d, call, slot: (Term(-1.0, (factors.identity(int(numpy.prod(call.values[0].shape))),)),),
    "clone":   _same(1.0),
    "contiguous": _same(1.0),
    "mul":     _mul,                                                                   # diag(b), or c I
    "div":     _div,                                                                   # I / c
    "pow":     _pow,                                                                   # n diag(xⁿ⁻¹)
    "square":  _square,                                                                # 2 diag(x)
    "matmul":  _matmul,                                                                # A, Aᵀ, xᵀ, I ⊗ xᵀ
    "dot":     _matmul,                                                                # bᵀ
    "inner":   _matmul,
    "outer":   _outer,                                                                 # I ⊗ b, a ⊗ I
    "sum":     _sum,                                                                   # 1ᵀ
    "mean":    _mean,                                                                  # 1ᵀ / n
    "norm":    _norm,                                                                  # xᵀ / ‖x‖
    "vector_norm": _norm,
    "softmax": _softmax,                                                               # diag(s) − s sᵀ
    "exp":     _entrywise(lambda x: mathml.apply("exp", x), numpy.exp),
    "log":     _entrywise(lambda x: mathml.frac(("mn", "1"), x), lambda x: 1 / x),
    "sin":     _entrywise(lambda x: mathml.apply("cos", x), numpy.cos),
    "cos":     _entrywise(lambda x: mathml.row(mathml.MINUS, mathml.apply("sin", x)), lambda x: -numpy.sin(x)),
    "sigmoid": _in_result(_sigmoid, lambda s: s * (1 - s)),                            # diag(s ⊙ (1 − s))
    "tanh":    _in_result(_tanh, lambda t: 1 - t**2),                                  # diag(1 − t²)
    "relu":    _entrywise(lambda x: mathml.sub(("mn", "𝟏"), mathml.row(x, ("mo", ">"), ("mn", "0"))),
                          lambda x: (x > 0).astype(float)),
}
# fmt: on
