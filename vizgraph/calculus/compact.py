"""Write the derivative of vectors and matrices as one matrix expression: A, xᵀ(A + Aᵀ), 2 diag(x), diag(s) − s sᵀ.

Every factor carries its numbers, so that an expression is only kept if it is the Jacobian that was found entry by
entry. What has no rule here is written by its entries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy

from vizgraph import mathml
from vizgraph.equations import Equations, size
from vizgraph.model import Argument, Call, Link, Ref, Tree
from vizgraph.plan import Plan, operands

MOST_TERMS: Final = 4
MOST_PARTS: Final = 12  # of the tree of an operand that has no name
_WRITTEN: Final = ("add", "sub", "neg")  # operands that are written out where they have no name
_TOLERANCE: Final = 1e-3  # the factors are the recorded numbers, rounded as the run rounded them

Numbers = Any  # an array of numpy with two dimensions


@dataclass(frozen=True, slots=True)
class Factor:
    """``kind`` is identity, scalar, diagonal, row or matrix; ``inner`` the vector in a diagonal or a row."""

    kind: str
    tree: Tree
    numbers: Numbers
    inner: Tree | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A product: a number, factors of one entry, and matrices from left to right."""

    number: float
    factors: tuple[Factor, ...]


Sum = tuple[Term, ...]


def compact(plan: Plan, link: Link, names: Mapping[str, str], *, through: bool = False) -> Tree | None:
    """The derivative of a link as a matrix expression in ``names``; None where it has none, or is a single number.

    Named values on the way are walls, each of which has links of its own, or are gone ``through``."""
    if len(link.numbers) == 1 and len(link.numbers[0]) == 1:
        return None
    expected = numpy.array(link.numbers)
    with numpy.errstate(all="ignore"):  # a division by zero agrees with no number, and so is left out
        found = _Derivative(plan, names, through=through).of(link.target, link.source)
        if not found or len(found) > MOST_TERMS:
            return None
        total = sum((term.number * _product(term) for term in found), numpy.zeros((1, 1)))
        scale = max(float(numpy.abs(expected).max()), 1.0)
        if total.shape != expected.shape or not numpy.allclose(total, expected, atol=_TOLERANCE * scale):
            return None
    return _written(found)


def _product(term: Term) -> Numbers:
    whole: Numbers = numpy.ones((1, 1))
    for factor in term.factors:
        whole = whole * factor.numbers if 1 in (whole.size, factor.numbers.size) else whole @ factor.numbers
    return whole


class _Derivative:
    """Walks from one value to a later one and multiplies the rules on the way."""

    def __init__(self, plan: Plan, names: Mapping[str, str], *, through: bool) -> None:
        self._walls = {} if through else names
        self._calls = {call.id: call for call in plan.calls}
        self._order = [call.id for call in plan.calls]
        given = {
            id: name for id, name in plan.names.items() if id in self._calls and self._calls[id].kind != "operation"
        }
        self._names = {**given, **names}
        self._equations = Equations(replace(plan, names=self._names, letters={}))

    def of(self, target: str, source: str) -> Sum | None:
        """d target / d source; () where it is zero, None where it has no matrix expression."""
        known: dict[str, Sum | None] = {source: (Term(1.0, (_identity(self._size(source)),)),)}
        for id in self._order[self._order.index(source) + 1 : self._order.index(target) + 1]:
            call = self._calls[id]
            if call.kind != "operation" or (id in self._walls and id != target):
                continue
            touched = [operand for operand in operands(call) if operand in known]
            if touched:
                known[id] = self._through(call, known)
        return known.get(target, ())

    def _through(self, call: Call, known: Mapping[str, Sum | None]) -> Sum | None:
        terms: list[Term] = []
        for slot, argument in enumerate(call.arguments):
            if not isinstance(argument, Ref) or argument.id not in known:
                continue
            inner, rule = known[argument.id], _RULES.get(call.operation)
            plain = {name for name, _ in call.keywords} <= ({"dim"} if call.operation == "softmax" else set())
            outer = rule(self, call, slot) if rule and plain else None
            if inner is None or outer is None:
                return None
            terms += [_times(left, right) for left in outer for right in inner]
        return _collected(terms)

    # --- values as factors --------------------------------------------------

    def _size(self, id: str) -> int:
        return int(numpy.prod(self._calls[id].values[0].shape))

    def shape(self, argument: Argument) -> tuple[int, ...]:
        call = self._call(argument)
        return call.values[0].shape if call else ()

    def array(self, argument: Argument) -> Numbers | None:
        call = self._call(argument)
        if call is None:
            return numpy.array(float(argument)) if isinstance(argument, (int, float)) else None
        value = call.values[0]
        return None if value.entries is None else numpy.array(value.entries, dtype=float).reshape(value.shape)

    def _call(self, argument: Argument) -> Call | None:
        return self._calls.get(argument.id) if isinstance(argument, Ref) else None

    def tree(self, argument: Argument) -> Tree | None:
        """The name of a value; None for what has none."""
        if isinstance(argument, (int, float)) and not isinstance(argument, bool):
            return mathml.number(argument)
        call = self._call(argument)
        if call is None:
            return None
        if call.id in self._names:
            return mathml.named(self._names[call.id])
        if call.operation in _WRITTEN:
            written = self._equations.step(call)
            return written if size(written) <= MOST_PARTS else None
        return mathml.named(call.name) if call.name and call.kind != "operation" else None

    def matrix(self, argument: Argument, *, turned: bool = False) -> tuple[Factor, ...] | None:
        """A matrix as a factor."""
        tree, array = self.tree(argument), self.array(argument)
        if tree is None or array is None or array.ndim != 2:
            return None
        return (Factor("matrix", _transposed(tree) if turned else tree, array.T if turned else array),)

    def row(self, argument: Argument) -> tuple[Factor, ...] | None:
        """A vector as a row: xᵀ, and of the unnamed product A x the row xᵀ Aᵀ."""
        array, tree = self.array(argument), self.tree(argument)
        if array is None or array.ndim != 1:
            return None
        if tree is not None:
            return (Factor("row", _transposed(tree), array[None, :], tree),)
        call = self._call(argument)
        if call is None or call.operation != "matmul" or call.keywords:
            return None
        first, second = call.arguments[:2]
        if len(self.shape(first)) == 1:
            left, right = self.row(first), self.matrix(second)
        else:
            left, right = self.row(second), self.matrix(first, turned=True)
        return None if left is None or right is None else (*left, *right)

    def column(self, argument: Argument) -> tuple[Factor, ...] | None:
        array, tree = self.array(argument), self.tree(argument)
        if array is None or tree is None or array.ndim != 1:
            return None
        return (Factor("matrix", tree, array[:, None]),)

    def scalar(self, argument: Argument) -> Sum | None:
        """A single number: a number as such, a name as a factor."""
        array, tree = self.array(argument), self.tree(argument)
        if array is None or array.size != 1:
            return None
        if isinstance(argument, (int, float)):
            return (Term(float(argument), ()),)
        return None if tree is None else (Term(1.0, (Factor("scalar", tree, array.reshape(1, 1)),)),)

    def diagonal(self, inner: Tree | None, array: Numbers) -> Sum | None:
        return None if inner is None else (Term(1.0, (_diagonal(inner, array),)),)


def _transposed(tree: Tree) -> Tree:
    return mathml.transposed(mathml.factor(tree))


def _identity(size: int) -> Factor:
    return Factor("identity", ("mi", "I"), numpy.eye(size))


def _diagonal(inner: Tree, array: Numbers) -> Factor:
    if array.ndim == 0:
        return Factor("scalar", inner, array.reshape(1, 1))
    return Factor("diagonal", mathml.apply("diag", inner), numpy.diag(array.reshape(-1)), inner)


def _ones(size: int) -> Factor:
    return Factor("row", mathml.transposed(("mn", "𝟏")), numpy.ones((1, size)), ("mn", "𝟏"))


# --- products and sums ----------------------------------------------------------------------------


def _times(left: Term, right: Term) -> Term:
    factors = list(left.factors)
    for factor in right.factors:
        factors = _appended(factors, factor)
    scalars = [factor for factor in factors if factor.kind == "scalar"]
    others = [factor for factor in factors if factor.kind != "scalar"]
    return Term(left.number * right.number, (*scalars, *others))


def _appended(factors: list[Factor], factor: Factor) -> list[Factor]:
    """One more factor at the right, simplified against its neighbour: I vanishes, 1ᵀ diag(w) is wᵀ."""
    if factor.kind == "identity" and any(one.kind != "scalar" for one in factors):
        return factors
    if factors and factors[-1].kind == "identity":
        return [*factors[:-1], factor] if factor.kind != "scalar" else [*factors[:-1], factor, factors[-1]]
    last = factors[-1] if factors else None
    if last is not None and last.kind == "row" and factor.kind == "diagonal" and factor.inner is not None:
        inner = factor.inner if last.inner == ("mn", "𝟏") else mathml.row(last.inner or "", ("mo", "⊙"), factor.inner)
        base = inner if isinstance(inner, tuple) and inner[0] in ("mi", "msub") else mathml.paren(inner)
        return [*factors[:-1], Factor("row", mathml.transposed(base), last.numbers @ factor.numbers, inner)]
    return [*factors, factor]


def _collected(terms: Sequence[Term]) -> Sum:
    """Like terms added up."""
    found: dict[tuple[Any, ...], Term] = {}
    for term in terms:
        key = tuple(factor.tree for factor in term.factors)
        known = found.get(key)
        found[key] = replace(known, number=known.number + term.number) if known else term
    return tuple(term for term in found.values() if term.number)


def _written(terms: Sum) -> Tree:
    shared = _shared(terms)
    return shared if shared is not None else mathml.added(map(_term, terms))


def _shared(terms: Sum) -> Tree | None:
    """``xᵀ(A + Aᵀ)`` for two products that begin alike."""
    if len(terms) != 2 or any(len(term.factors) != 2 for term in terms) or terms[0].number != terms[1].number:
        return None
    one, other = terms
    if one.factors[0].tree != other.factors[0].tree:
        return None
    seconds = sorted([one.factors[1].tree, other.factors[1].tree], key=lambda tree: tree[0] == "msup")
    first = _term(Term(one.number, one.factors[:1]))
    return mathml.row(first, mathml.INVISIBLE_TIMES, mathml.paren(mathml.added(seconds)))


def _term(term: Term) -> Tree:
    trees: list[Tree] = []
    for factor in term.factors:
        trees += [mathml.INVISIBLE_TIMES, mathml.factor(factor.tree)] if trees else [mathml.factor(factor.tree)]
    if not trees:
        return _number(term.number)
    if term.number == 1:
        return term.factors[0].tree if len(term.factors) == 1 else mathml.row(*trees)
    if term.number == -1:
        return mathml.row(mathml.MINUS, *trees)
    written = _number(term.number)
    if mathml.is_negative(written):
        return mathml.row(mathml.MINUS, mathml.negated(written), mathml.INVISIBLE_TIMES, *trees)
    return mathml.row(written, mathml.INVISIBLE_TIMES, *trees)


def _number(number: float) -> Tree:
    """Halves and thirds as fractions."""
    below = round(1 / abs(number)) if 0 < abs(number) < 1 else 0
    if not below or abs(number) != 1 / below:
        return mathml.number(number)
    share = mathml.frac(("mn", "1"), ("mn", str(below)))
    return mathml.row(mathml.MINUS, share) if number < 0 else share


# --- the rules: d result / d operand number `slot` ------------------------------------------------

Rule = Callable[[_Derivative, Call, int], "Sum | None"]


def _one(factors: tuple[Factor, ...] | None) -> Sum | None:
    return None if factors is None else (Term(1.0, factors),)


def _same(sign: float) -> Rule:
    """I, with the sign of the operand; 1 where a single number is spread over all entries."""

    def rule(d: _Derivative, call: Call, slot: int) -> Sum | None:
        own, whole = d.shape(call.arguments[slot]), call.values[0].shape
        size = int(numpy.prod(whole))
        factor = sign if slot == 1 else 1.0
        if own == whole:
            return (Term(factor, (_identity(size),)),)
        if own == () and len(whole) == 1:
            return (Term(factor, (Factor("matrix", ("mn", "𝟏"), numpy.ones((size, 1))),)),)
        return None

    return rule


def _mul(d: _Derivative, call: Call, slot: int) -> Sum | None:
    mine, other = call.arguments[slot], call.arguments[1 - slot]
    if d.shape(mine) == call.values[0].shape and d.shape(other) == ():
        size = int(numpy.prod(d.shape(mine)))
        number = d.scalar(other)
        return None if number is None else tuple(_times(term, Term(1.0, (_identity(size),))) for term in number)
    if d.shape(mine) == () and len(d.shape(other)) == 1:
        return _one(d.column(other))
    array = d.array(other)
    return d.diagonal(d.tree(other), array) if d.shape(mine) == d.shape(other) and array is not None else None


def _div(d: _Derivative, call: Call, slot: int) -> Sum | None:
    divisor = call.arguments[1]
    array, tree = d.array(divisor), d.tree(divisor)
    if slot != 0 or array is None or tree is None or array.size != 1:
        return None
    size = int(numpy.prod(call.values[0].shape))
    if isinstance(divisor, (int, float)) and divisor:
        return (Term(1 / divisor, (_identity(size),)),)
    scale = Factor("scalar", mathml.frac(("mn", "1"), tree), 1 / array.reshape(1, 1))
    return (Term(1.0, (scale, _identity(size))),)


def _pow(d: _Derivative, call: Call, slot: int) -> Sum | None:
    base, power = call.arguments[:2]
    tree, array = d.tree(base), d.array(base)
    if slot != 0 or not isinstance(power, (int, float)) or tree is None or array is None or power in (0, 1):
        return None
    raised: Tree = tree
    if power != 2:
        below = mathml.number(power - 1)
        raised = ("msubsup", *tree[1:], below) if tree[0] == "msub" else mathml.sup(mathml.factor(tree), below)
    return (Term(float(power), (_diagonal(raised, array ** (power - 1)),)),)


def _square(d: _Derivative, call: Call, slot: int) -> Sum | None:
    tree, array = d.tree(call.arguments[0]), d.array(call.arguments[0])
    return None if tree is None or array is None else (Term(2.0, (_diagonal(tree, array),)),)


def _matmul(d: _Derivative, call: Call, slot: int) -> Sum | None:
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


def _matrices(d: _Derivative, call: Call, slot: int) -> Sum | None:
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


def _kronecker(d: _Derivative, vector: Argument, call: Call, *, left: bool) -> Sum | None:
    """Of A x by the entries of A, row by row: I ⊗ xᵀ; of xᵀ A: xᵀ ⊗ I."""
    row, size = d.row(vector), call.values[0].shape[0]
    if row is None or len(row) != 1:
        return None
    eye: Tree = mathml.sub(("mi", "I"), ("mn", str(size)))
    pair = (row[0].tree, eye) if left else (eye, row[0].tree)
    numbers = numpy.kron(row[0].numbers, numpy.eye(size)) if left else numpy.kron(numpy.eye(size), row[0].numbers)
    return (Term(1.0, (Factor("matrix", mathml.row(pair[0], ("mo", "⊗"), pair[1]), numbers),)),)


def _outer(d: _Derivative, call: Call, slot: int) -> Sum | None:
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


def _sum(d: _Derivative, call: Call, slot: int) -> Sum | None:
    return (Term(1.0, (_ones(int(numpy.prod(d.shape(call.arguments[0])))),)),) if len(call.arguments) == 1 else None


def _mean(d: _Derivative, call: Call, slot: int) -> Sum | None:
    size = int(numpy.prod(d.shape(call.arguments[0])))
    if len(call.arguments) != 1 or not size:
        return None
    share = Factor("scalar", mathml.frac(("mn", "1"), ("mn", str(size))), numpy.array([[1 / size]]))
    return (Term(1.0, (share, _ones(size))),)


def _norm(d: _Derivative, call: Call, slot: int) -> Sum | None:
    row, array = d.row(call.arguments[0]), d.array(call.arguments[0])
    length = None if array is None else float(numpy.linalg.norm(array))
    if row is None or len(row) != 1 or not length or len(call.arguments) != 1:
        return None
    below = mathml.between("‖", row[0].inner or "", "‖")
    return (Term(1.0, (Factor("row", mathml.frac(row[0].tree, below), row[0].numbers / length, row[0].inner),)),)


def _softmax(d: _Derivative, call: Call, slot: int) -> Sum | None:
    """diag(s) − s sᵀ, where s is the result"""
    value = call.values[0]
    if value.entries is None or len(value.shape) != 1 or slot != 0:
        return None
    s = numpy.array(value.entries, dtype=float)
    tree = d.tree(Ref(call.id)) or ("mi", "s")
    pair = (Factor("matrix", tree, s[:, None]), Factor("matrix", mathml.transposed(tree), s[None, :]))
    return (Term(1.0, (_diagonal(tree, s),)), Term(-1.0, pair))


def _entrywise(slope: Callable[[Tree], Tree], numbers: Callable[[Numbers], Numbers]) -> Rule:
    """The slope of a function of one operand, on the diagonal."""

    def rule(d: _Derivative, call: Call, slot: int) -> Sum | None:
        tree, array = d.tree(call.arguments[0]), d.array(call.arguments[0])
        return None if tree is None or array is None else d.diagonal(slope(tree), numbers(array))

    return rule


def _in_result(slope: Callable[[Tree, Tree], Tree], numbers: Callable[[Numbers], Numbers]) -> Rule:
    """The slope in the result itself, where it has a name; ``slope`` takes its name and the sign of a product."""

    def rule(d: _Derivative, call: Call, slot: int) -> Sum | None:
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
_RULES: Final[dict[str, Rule]] = {
    "add":     _same(1.0),
    "sub":     _same(-1.0),
    "neg":     lambda d, call, slot: (Term(-1.0, (_identity(int(numpy.prod(call.values[0].shape))),)),),
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
