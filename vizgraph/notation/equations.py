"""Write the functions of a program as equations, each as it was typed, in the notation of a blackboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from vizgraph.model import Argument, Call, Number, Ref, Slice, Tree, Value
from vizgraph.notation import mathml
from vizgraph.notation.labels import Label
from vizgraph.notation.mathml import DOT, INVISIBLE_TIMES, MINUS
from vizgraph.notation.plan import Plan, operands

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # how tightly a formula holds together
MOST_PARTS: Final = 160  # of one equation's tree
_SAME: Final = ("clone", "contiguous", "to", "type_as", "float", "double", "half", "cpu", "pos")
_COMPARED: Final = {"gt": ">", "lt": "<", "ge": "≥", "le": "≤", "eq": "=", "ne": "≠"}
_NAMES: Final = {"log": "ln", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "mean": "mean", "sigmoid": "σ"}

Written = tuple[Tree, int]


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` = ``right``, made by the call with that id; ``entry`` says which entry of it, where it is one."""

    call: str
    left: Tree
    right: Tree
    entry: int | None = None


class Equations:
    """Writes the calls of a plan; a named value is written by its name wherever it is used."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._calls = {call.id: call for call in plan.calls}
        self._names = plan.names
        self._weights = self._weighed()

    def _weighed(self) -> dict[str, int]:
        """How many calls the formula of each one holds, every nameless operand again wherever it is used."""
        weights: dict[str, int] = {}
        for call in self._plan.calls:
            inner = (id for id in operands(call) if id not in self._plan.names)
            weights[call.id] = min(MOST_PARTS + 1, 1 + sum(weights.get(id, 0) for id in inner))
        return weights

    def named(self) -> Iterator[Equation]:
        """One equation for each named value that is computed, for each entry where they were written one by one."""
        for call in self._plan.calls:
            if call.kind == "operation" and call.id in self._plan.names:
                yield from self._of(call)
            elif call.kind == "cut" and call.name and any(operands(call)) and call.operation not in _COMPARED:
                yield Equation(call.id, mathml.named(call.name), _short(self._made(call)[0]))

    def step(self, call: Call) -> Tree:
        """One single step, in the names and letters of its operands."""
        kept, self._names = self._names, {**self._plan.names, **self._plan.letters}
        try:
            return self._made(call)[0]
        finally:
            self._names = kept

    def _of(self, call: Call) -> Iterator[Equation]:
        name = self._plan.names[call.id]
        entries = list(self._entries(call)) if call.operation == "write" else []
        if entries:
            for place, value in sorted(entries, key=lambda pair: pair[0]):
                yield Equation(call.id, mathml.label(Label(name, (place,))), self._operand(value)[0], place)
        else:
            yield Equation(call.id, self.value(call.id), _short(self._made(call)[0]))

    def _entries(self, call: Call) -> Iterator[tuple[int, Argument]]:
        """The entries that were written into a vector one by one, the last writing of each."""
        seen: set[int] = set()
        one: Call | None = call
        while one is not None and one.operation == "write" and one.name == call.name:
            base, place, value = (*one.arguments, None, None)[:3]
            if not isinstance(place, int) or isinstance(place, bool) or len(call.values[0].shape) != 1:
                return
            place %= call.values[0].shape[0]
            if place not in seen:
                yield place, value
            seen.add(place)
            one = self._calls.get(base.id) if isinstance(base, Ref) else None

    def value(self, id: str) -> Tree:
        """The name of a value."""
        return mathml.named(self._names.get(id) or self._plan.name(id) or id)

    # --- operands -----------------------------------------------------------

    def _operand(self, argument: Argument) -> Written:
        if isinstance(argument, Ref):
            return self._ref(argument)
        if isinstance(argument, bool) or argument is None or isinstance(argument, str):
            return ("mtext", str(argument)), ATOM
        if isinstance(argument, (int, float)):
            return mathml.number(argument), SIGN if argument < 0 else ATOM
        if isinstance(argument, Slice):
            bounds = (argument.start, argument.stop)
            return ("mtext", ":".join("" if bound is None else str(bound) for bound in bounds)), ATOM
        return mathml.paren(mathml.joined((self._operand(one)[0] for one in argument), ("mo", ","))), ATOM

    def _ref(self, ref: Ref) -> Written:
        call = self._calls.get(ref.id)
        if call is None:
            return ("mtext", "…"), ATOM
        if call.id in self._names:
            return self.value(call.id), ATOM
        if self._weights[call.id] > MOST_PARTS:
            return ("mtext", "…"), ATOM
        if call.kind in ("constant", "cut"):
            return self._constant(call, call.values[ref.result])
        if len(call.values) > 1:
            return mathml.sub(mathml.paren(self._made(call)[0]), ("mn", str(ref.result))), ATOM
        return self._made(call)

    def _constant(self, call: Call, value: Value) -> Written:
        if call.name and call.name not in self._names.values():  # else it is the name of another value by now
            return mathml.named(call.name), ATOM
        if call.operation in _COMPARED and len(call.arguments) == 2:
            left, right = (self._at(argument, SUM) for argument in call.arguments)
            return mathml.row(left, ("mo", _COMPARED[call.operation]), right), SUM
        if call.operation == "detach" and call.arguments and isinstance(call.arguments[0], Ref):
            return self._application(call), ATOM
        if value.entries is not None and not value.shape:
            return _numeral(value.entries[0]), SIGN if value.entries[0] < 0 else ATOM
        if value.entries is not None and len(value.shape) == 1 and len(value.entries) <= 4:
            return mathml.matrix([list(map(_numeral, value.entries))]), ATOM
        return ("mtext", call.expression or call.operation), ATOM

    def _shape(self, argument: Argument) -> tuple[int, ...]:
        call = self._calls.get(argument.id) if isinstance(argument, Ref) else None
        return call.values[argument.result].shape if call and isinstance(argument, Ref) else ()

    def _is_product(self, argument: Argument) -> bool:
        call = self._calls.get(argument.id) if isinstance(argument, Ref) else None
        return call is not None and call.operation in ("matmul", "dot")

    def _is_row(self, argument: Argument) -> bool:
        """Whether a vector was just written as a row: xᵀA."""
        call = self._calls.get(argument.id) if isinstance(argument, Ref) else None
        if call is None or call.id in self._names or call.operation != "matmul":
            return False
        return len(self._shape(call.arguments[0])) == 1 and len(call.values[0].shape) == 1

    def _at(self, argument: Argument, tightness: int) -> Tree:
        """An operand, in brackets where it holds together less tightly than that."""
        tree, own = self._operand(argument)
        return tree if own >= tightness else mathml.paren(tree)

    # --- operations ---------------------------------------------------------

    def _made(self, call: Call) -> Written:
        if call.operation == "write":
            return self._assembled(call)
        writer = _WRITERS.get(call.operation)
        made = writer(self, call) if writer and not call.keywords else None
        made = made or self._by_shape(call)
        return made or (self._application(call), ATOM)

    def _application(self, call: Call) -> Tree:
        name = _NAMES.get(call.operation, call.operation)
        tensors = [argument for argument in call.arguments if not _is_setting(argument)]
        return mathml.apply(name, *(self._operand(argument)[0] for argument in tensors or call.arguments))

    def _assembled(self, call: Call) -> Written:
        """A vector whose entries were written one by one, as a row of them; any other writing as a function."""
        entries = sorted(self._entries(call), key=lambda pair: pair[0])
        if entries and [place for place, _ in entries] == list(range(call.values[0].shape[0])):
            return mathml.matrix([[self._operand(value)[0] for _, value in entries]]), ATOM
        return self._application(call), ATOM

    def _by_shape(self, call: Call) -> Written | None:
        """Reductions of a whole tensor and functions of one operand, whatever their keywords are."""
        if call.operation in _SAME:
            return self._operand(call.arguments[0])
        if call.operation == "sum" and len(call.arguments) == 1 and not call.keywords:
            return self._total(call.arguments[0])
        if call.operation in ("norm", "vector_norm") and len(call.arguments) == 1 and not call.keywords:
            return mathml.between("‖", self._operand(call.arguments[0])[0], "‖"), ATOM
        return None

    def _total(self, argument: Argument) -> Written:
        shape = self._shape(argument)
        operand = self._at(argument, PRODUCT)
        if len(shape) == 1 and isinstance(argument, Ref) and argument.id in self._names:
            stem = self._names[argument.id]
            index: Tree = ("mi", "i" if stem != "i" else "j")
            name = mathml.named(stem)
            below = ("msub", name[1], ("mrow", name[2], ("mo", ","), index)) if name[0] == "msub" else None
            entry = below or mathml.sub(name, index)
            return mathml.row(("munder", ("mo", "∑"), index), entry), PRODUCT
        return mathml.row(("mo", "∑"), operand), PRODUCT


def _short(tree: Tree) -> Tree:
    return tree if size(tree) <= MOST_PARTS else ("mtext", "…")


def size(tree: Tree) -> int:
    """The parts of a tree."""
    return 1 if isinstance(tree, str) else 1 + sum(map(size, tree[1:]))


def _numeral(entry: Number) -> Tree:
    return ("mtext", str(entry)) if isinstance(entry, bool) else mathml.number(entry)


def _is_setting(argument: Argument) -> bool:
    """What is no operand: a dimension, a shape, a flag."""
    return isinstance(argument, (bool, str, int)) or argument is None


def _plus(w: Equations, call: Call) -> Written | None:
    left, right = w._operand(call.arguments[0])[0], w._operand(call.arguments[1])[0]
    return mathml.added([left, right]), SUM


def _minus(w: Equations, call: Call) -> Written | None:
    left, right = w._operand(call.arguments[0])[0], w._at(call.arguments[1], PRODUCT)
    return ("mrow", *_parts(left), MINUS, right), SUM


def _parts(tree: Tree) -> tuple[Tree, ...]:
    """What stands in a row, so that a sum is one row."""
    return tree[1:] if isinstance(tree, tuple) and tree[0] == "mrow" and mathml.is_sum(tree) else (tree,)


def _times(w: Equations, call: Call) -> Written | None:
    first, second = call.arguments[:2]
    left = w._at(first, PRODUCT)
    right = w._at(second, PRODUCT if _is_numeral(left) and w._is_product(second) else POWER)
    if w._shape(first) and w._shape(second):
        return mathml.row(left, ("mo", "⊙"), right), PRODUCT
    sign = DOT if _is_numeral(right) else INVISIBLE_TIMES
    return mathml.row(*_factors(left), sign, *_factors(right)), PRODUCT


def _factors(tree: Tree) -> tuple[Tree, ...]:
    """The factors of a product, so that a product of three is one row."""
    return tree[1:] if isinstance(tree, tuple) and tree[0] == "mrow" and INVISIBLE_TIMES in tree else (tree,)


def _is_numeral(tree: Tree) -> bool:
    return isinstance(tree, tuple) and (tree[0] == "mn" or (tree[0] in ("mrow", "msup") and _is_numeral(tree[1])))


def _over(w: Equations, call: Call) -> Written | None:
    return mathml.frac(w._operand(call.arguments[0])[0], w._operand(call.arguments[1])[0]), ATOM


def _negative(w: Equations, call: Call) -> Written | None:
    return mathml.row(MINUS, w._at(call.arguments[0], POWER)), SIGN


def _raised(w: Equations, call: Call) -> Written | None:
    power = w._operand(call.arguments[1])[0]
    return _power(w, call.arguments[0], power), POWER


def _power(w: Equations, argument: Argument, power: Tree) -> Tree:
    base = w._at(argument, ATOM)
    if base[0] == "msub":
        return ("msubsup", *base[1:], power)
    return mathml.sup(mathml.paren(base) if base[0] in ("msup", "mfrac") else base, power)


def _squared(w: Equations, call: Call) -> Written | None:
    return _power(w, call.arguments[0], ("mn", "2")), POWER


def _product(w: Equations, call: Call) -> Written | None:
    first, second = call.arguments[:2]
    left, right = w._at(first, PRODUCT), w._at(second, POWER)
    if len(w._shape(first)) == 1 and not w._is_row(first) and left[0] != "matrix":  # numbers stand in a row already
        left = mathml.transposed(left if left[0] in ("mi", "msub") else mathml.paren(left))
    if len(w._shape(second)) == 1 and right[0] == "matrix":
        right = mathml.transposed(right)
    return mathml.row(*_factors(left), INVISIBLE_TIMES, right), PRODUCT


def _outer(w: Equations, call: Call) -> Written | None:
    return mathml.row(
        w._at(call.arguments[0], POWER), INVISIBLE_TIMES, mathml.transposed(w._at(call.arguments[1], ATOM))
    ), PRODUCT  # fmt: skip


def _flipped(w: Equations, call: Call) -> Written | None:
    return mathml.transposed(w._at(call.arguments[0], ATOM)), ATOM


def _turned(w: Equations, call: Call) -> Written | None:
    return _flipped(w, call) if len(w._shape(call.arguments[0])) == 2 else None


def _gradient(w: Equations, call: Call) -> Written | None:
    """``∂y/∂x``, what autograd.grad was asked for."""
    of, by = call.arguments[:2]
    if not isinstance(of, Ref) or not isinstance(by, Ref):
        return None
    return mathml.partial(w._at(of, ATOM), w._at(by, ATOM), whole=True), ATOM


def _exponential(w: Equations, call: Call) -> Written | None:
    inside = w._operand(call.arguments[0])[0]
    if "e" in w._names.values() or w._shape(call.arguments[0]):
        return mathml.apply("exp", inside), ATOM
    return mathml.sup(("mi", "e"), inside), POWER


def _entry(w: Equations, call: Call) -> Written | None:
    base, *place = call.arguments
    index = ",".join(str(one) for one in (place[0] if isinstance(place[0], tuple) else place))
    if not isinstance(base, Ref) or base.id not in w._names or not index.replace(",", "").isdecimal():
        return mathml.sub(w._at(base, ATOM), w._operand(place[0])[0]), ATOM
    return mathml.label(Label(w._names[base.id], tuple(map(int, index.split(","))))), ATOM


# fmt: off
_WRITERS: Final[dict[str, Callable[[Equations, Call], Written | None]]] = {
    "add": _plus, "sub": _minus, "mul": _times, "div": _over, "neg": _negative, "pow": _raised, "square": _squared,
    "matmul": _product, "dot": _product, "outer": _outer, "t": _flipped, "transpose": _turned, "grad": _gradient,
    "exp": _exponential, "index": _entry,
    "sqrt": lambda w, call: (mathml.root(w._operand(call.arguments[0])[0]), ATOM),
    "abs": lambda w, call: (mathml.between("|", w._operand(call.arguments[0])[0], "|"), ATOM),
    "reciprocal": lambda w, call: (mathml.frac(("mn", "1"), w._operand(call.arguments[0])[0]), ATOM),
    "relu": lambda w, call: (mathml.apply("max", ("mn", "0"), w._operand(call.arguments[0])[0]), ATOM),
}
# fmt: on
