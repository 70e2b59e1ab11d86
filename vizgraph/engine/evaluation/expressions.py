"""Evaluate each kind of expression to a real tensor or a plain value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from torch import Tensor, nn
from torch.utils.data import TensorDataset

from vizgraph.engine.evaluation import operators, printing
from vizgraph.engine.evaluation.calls import call_expression, written
from vizgraph.engine.evaluation.targets import bind
from vizgraph.engine.evaluation.values import Ignored, Namespace, Scope, Special, Thing, Written
from vizgraph.engine.library import arrays, attributes, containers, operating, strings
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

INDEX: Final = Function("index", Kind.SELECT, lambda tensor, index: tensor[index])
Comprehension: TypeAlias = ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp
CONTAINERS: Final = (list, tuple, dict, str, range)


def constant(i: Interpreter, node: ast.Constant) -> Any:
    return node.value


def name(i: Interpreter, node: ast.Name) -> Any:
    return i.look_up(node)


def sequence(i: Interpreter, node: ast.Tuple | ast.List) -> Any:
    items = i.spread(node.elts)
    with i.explaining(node):
        operators.bounded(items)
    return tuple(items) if isinstance(node, ast.Tuple) else items


def dictionary(i: Interpreter, node: ast.Dict) -> dict[Any, Any]:
    result = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            more = i.evaluate(value)
            if not isinstance(more, dict):
                raise i.failure(value, f"'{type(more).__name__}' object is not a mapping")
            result.update(more)
        else:
            result[_key(i, key)] = i.evaluate(value)
    with i.explaining(node):
        operators.bounded(result)
    return result


def set_(i: Interpreter, node: ast.Set) -> set[Any]:
    return {_key(i, element) for element in node.elts}


def named(i: Interpreter, node: ast.NamedExpr) -> Any:
    """Do ``(name := value)``: the name belongs to the function around a comprehension."""
    value = i.evaluate(node.value)
    inner, i.scope = i.scope, i.scope.of_function()
    try:
        bind(i, node.target, value)
    finally:
        i.scope = inner
    return value


def _key(i: Interpreter, node: ast.expr) -> Any:
    key = i.evaluate(node)
    with i.explaining(node):
        operators.check_key(key)
    return key


def slices(i: Interpreter, node: ast.Slice) -> slice:
    return slice(*(None if part is None else i.evaluate(part) for part in (node.lower, node.upper, node.step)))


# --- operators ---------------------------------------------------------------


def binary(i: Interpreter, node: ast.BinOp) -> Any:
    """A sum of a thousand terms is as deep as it is long: its left side is walked, not entered."""
    spine = [node]
    while isinstance(spine[-1].left, ast.BinOp):
        spine.append(spine[-1].left)
    value = i.evaluate(spine[-1].left)
    for inner in reversed(spine):
        value = combine(i, inner, type(inner.op).__name__, value, i.evaluate(inner.right))
    return value


def combine(i: Interpreter, node: ast.AST, operator: str, left: Any, right: Any) -> Any:
    if isinstance(left, str) and operator == "Mod":
        return strings.percent(i, node, left, right)
    if (isinstance(left, Tensor) or isinstance(right, Tensor)) and not isinstance(left, Thing):
        if not isinstance(right, Thing):
            return i.apply(operators.BINARY[operator], [left, right], {}, node)
    if isinstance(left, Thing) or isinstance(right, Thing):
        return operating.combine(i, node, operator, left, right)
    with i.explaining(node):
        if isinstance(left, arrays.ARRAYS) or isinstance(right, arrays.ARRAYS):
            return arrays.combine(operator, left, right)
        return operators.combine(operator, left, right)


def unary(i: Interpreter, node: ast.UnaryOp) -> Any:
    value = i.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        return not i.truth(value, node.operand)
    if isinstance(value, Thing):
        return operating.negative(i, node, type(node.op).__name__, value)
    function = operators.UNARY[type(node.op).__name__]
    if isinstance(value, Tensor):
        return i.apply(function, [value], {}, node)
    with i.explaining(node):
        return operators.bounded(function.call(value))


def boolean(i: Interpreter, node: ast.BoolOp) -> Any:
    stop = isinstance(node.op, ast.Or)
    value = None
    for position, operand in enumerate(node.values, 1):
        value = i.evaluate(operand)
        if position < len(node.values) and i.truth(value, operand) is stop:
            break
    return value


def compare(i: Interpreter, node: ast.Compare) -> Any:
    left, result = i.evaluate(node.left), None
    for position, (comparison, operand) in enumerate(zip(node.ops, node.comparators, strict=True), 1):
        right = i.evaluate(operand)
        result = compare_two(i, node, type(comparison).__name__, left, right)
        if position < len(node.ops) and not i.truth(result, node):
            break
        left = right
    return result


def compare_two(i: Interpreter, node: ast.AST, comparison: str, left: Any, right: Any) -> Any:
    if comparison in operators.IDENTITY:
        return operators.IDENTITY[comparison](left, right)
    if isinstance(left, Thing) or isinstance(right, Thing):
        return operating.compare(i, node, comparison, left, right)
    if comparison in operators.MEMBERSHIP:
        with i.explaining(node):
            return operators.MEMBERSHIP[comparison](left, right)
    function = operators.COMPARE[comparison]
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return i.apply(function, [left, right], {}, node)
    with i.explaining(node):
        operators.weigh((left, right))
        if isinstance(left, arrays.ARRAYS) or isinstance(right, arrays.ARRAYS):
            return arrays.combine(comparison, left, right)
        return function.call(left, right)


def if_else(i: Interpreter, node: ast.IfExp) -> Any:
    return i.evaluate(node.body if i.truth(i.evaluate(node.test), node.test) else node.orelse)


# --- access ------------------------------------------------------------------


def subscript(i: Interpreter, node: ast.Subscript) -> Any:
    return item(i, node, i.evaluate(node.value), i.evaluate(node.slice))


def item(i: Interpreter, node: ast.AST, owner: Any, index: Any) -> Any:
    if isinstance(owner, Tensor):
        return i.apply(INDEX, [owner, index], {}, node)
    if isinstance(owner, CONTAINERS):
        with i.explaining(node):
            if isinstance(owner, dict):
                operators.check_key(index)
            return owner[index]
    if isinstance(owner, arrays.ARRAYS):
        with i.explaining(node):
            return arrays.item(i, node, owner, index)
    if isinstance(owner, nn.Module):
        return containers.item(i, node, owner, index)
    if isinstance(owner, Thing):
        return operating.call_method(i, owner, "__getitem__", [index], node, "is not subscriptable")
    if isinstance(owner, TensorDataset) and isinstance(index, (int, slice)):
        with i.explaining(node):
            return owner[index]
    if isinstance(owner, (Ignored, Special, Namespace)):  # a hint of types such as list[int]
        return owner
    raise i.failure(node, f"'{type(owner).__name__}' object is not subscriptable")


def attribute(i: Interpreter, node: ast.Attribute) -> Any:
    return attributes.read(i, i.evaluate(node.value), node)


# --- functions and comprehensions --------------------------------------------


def lambda_(i: Interpreter, node: ast.Lambda) -> Written:
    return written(i, "<lambda>", node.args, node.body)


def comprehension(i: Interpreter, node: Comprehension) -> Any:
    """A generator is made at once, as a list: nothing in the language could tell the difference but its text."""
    first = i.iterate(i.evaluate(node.generators[0].iter), node.generators[0].iter)
    outer, i.scope = i.scope, Scope({}, i.scope)
    try:
        results: list[Any] = []
        _comprehend(i, node, 0, first, results)
    finally:
        i.scope = outer
    if isinstance(node, ast.DictComp):
        with i.explaining(node):
            return dict(results)
    if isinstance(node, ast.SetComp):
        return set(results)
    return iter(results) if isinstance(node, ast.GeneratorExp) else results


def _comprehend(i: Interpreter, node: Comprehension, level: int, items: Any, results: list[Any]) -> None:
    generator = node.generators[level]
    for one in items:
        i.step(node)
        bind(i, generator.target, one)
        if not all(i.truth(i.evaluate(test), test) for test in generator.ifs):
            continue
        if level + 1 < len(node.generators):
            inner = node.generators[level + 1].iter
            _comprehend(i, node, level + 1, i.iterate(i.evaluate(inner), inner), results)
        else:
            results.append(_element(i, node))


def _element(i: Interpreter, node: Comprehension) -> Any:
    if isinstance(node, ast.SetComp):
        return _key(i, node.elt)
    if not isinstance(node, ast.DictComp):
        return i.evaluate(node.elt)
    return _key(i, node.key), i.evaluate(node.value)


# --- strings -----------------------------------------------------------------


def joined(i: Interpreter, node: ast.JoinedStr) -> str:
    parts = [str(part.value if isinstance(part, ast.Constant) else i.evaluate(part)) for part in node.values]
    with i.explaining(node):
        return str(operators.bounded("".join(parts)))


def formatted(i: Interpreter, node: ast.FormattedValue) -> str:
    value = i.evaluate(node.value)
    spec = i.evaluate(node.format_spec) if node.format_spec is not None else ""
    with i.explaining(node):
        return printing.formatted(i, node, value, spec, node.conversion)


EXPRESSIONS: Final[dict[type[ast.expr], Callable[[Interpreter, Any], Any]]] = {
    ast.Constant:       constant,
    ast.Name:           name,
    ast.Tuple:          sequence,
    ast.List:           sequence,
    ast.Dict:           dictionary,
    ast.Slice:          slices,
    ast.BinOp:          binary,
    ast.UnaryOp:        unary,
    ast.BoolOp:         boolean,
    ast.Compare:        compare,
    ast.IfExp:          if_else,
    ast.Subscript:      subscript,
    ast.Attribute:      attribute,
    ast.Call:           call_expression,
    ast.Lambda:         lambda_,
    ast.ListComp:       comprehension,
    ast.GeneratorExp:   comprehension,
    ast.DictComp:       comprehension,
    ast.SetComp:        comprehension,
    ast.Set:            set_,
    ast.NamedExpr:      named,
    ast.JoinedStr:      joined,
    ast.FormattedValue: formatted,
}  # fmt: skip
