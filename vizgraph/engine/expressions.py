"""Evaluate the expressions of a program to real tensors and plain values."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from torch import Tensor

from vizgraph import language, limits
from vizgraph.engine import admission, attributes, faults, gate, operators, printing
from vizgraph.engine.functions import BARE, CONSTANTS, Function, Kind
from vizgraph.engine.modules import MODULES
from vizgraph.engine.recorder import Recorder
from vizgraph.engine.session import Session
from vizgraph.engine.specials import PYTHON
from vizgraph.engine.values import Bound, Context, Method, Namespace, Scope, Special, Written
from vizgraph.errors import VizgraphError
from vizgraph.model import Program, Span

INDEX: Final = Function("index", Kind.SELECT, lambda tensor, index: tensor[index])
UNBIND: Final = Function("unbind", Kind.SHAPE, lambda tensor: tensor.unbind(0))


class ProgramError(Exception):
    """The program ran and failed, as it would in Python: what it said, where, and what to do."""

    def __init__(self, message: str, span: Span | None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint


class Expressions:
    """The half of the interpreter that has values; `Interpreter` adds the statements."""

    def __init__(self, program: Program, recorder: Recorder, session: Session) -> None:
        self.recorder, self.session = recorder, session
        self.scope = Scope()
        self.printed = printing.Printed()
        self.warnings: list[str] = []
        self.textbook = not program.imports  # bare names such as exp and sum mean the functions of torch
        self.depth = 0
        self._steps = 0
        self._lines = tuple(program.source.split("\n"))

    # --- places and errors -------------------------------------------------

    def step(self, node: ast.AST) -> None:
        self._steps += 1
        if self._steps > limits.STEPS:
            raise self.refuse(
                node, f"the program runs more than {limits.STEPS:,} steps", "make its loops shorter"
            )  # fmt: skip

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def span(self, node: ast.AST) -> Span:
        return language.span_of(node)

    def text(self, node: ast.AST) -> str:
        return language.segment(self._lines, language.span_of(node))

    def refuse(self, node: ast.AST, message: str, hint: str | None = None) -> VizgraphError:
        return VizgraphError(message, self.span(node), hint)

    def failure(self, node: ast.AST, message: str, hint: str | None = None) -> ProgramError:
        return ProgramError(message, self.span(node), hint)

    @contextmanager
    def torch_errors(self, node: ast.AST) -> Iterator[None]:
        """Add the place to whatever torch, Python or a limit says in here."""
        try:
            yield
        except (VizgraphError, ProgramError):
            raise
        except gate.TooLarge as error:
            raise self.refuse(node, str(error), "use smaller sizes") from None
        except MemoryError:
            raise self.refuse(node, "this step needs more memory than a program may use", "use smaller sizes") from None
        except Exception as error:  # torch raises AssertionError and others from its kernels, too
            raise self.failure(node, faults.sentence(error)) from None

    # --- dispatch ----------------------------------------------------------

    def evaluate(self, node: ast.expr) -> Any:
        return EXPRESSIONS[type(node)](self, node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        try:
            return self.scope.find(name)
        except KeyError:
            pass
        if name in PYTHON:
            return Special(name, PYTHON[name])
        if self.textbook:
            for table in (BARE, MODULES, CONSTANTS):
                if name in table:
                    return table[name]
        raise self.unknown(node)

    def unknown(self, node: ast.Name) -> ProgramError:
        known = self.scope.known() | set(PYTHON) | (set(BARE) if self.textbook else {"torch"})
        near = difflib.get_close_matches(node.id, sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else f"define {node.id} on a line above"
        return self.failure(node, f"name '{node.id}' is not defined", hint)

    def _sequence(self, node: ast.Tuple | ast.List) -> Any:
        items: list[Any] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                items.extend(self.iterate(self.evaluate(element.value), element))
            else:
                items.append(self.evaluate(element))
        with self.torch_errors(node):
            operators.bounded(items)
        return tuple(items) if isinstance(node, ast.Tuple) else items

    def _dict(self, node: ast.Dict) -> dict[Any, Any]:
        result = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise self.refuse(value, "** in a dict is not in the language", "write the keys out")
            name = self.evaluate(key)
            if not isinstance(name, (str, int, float, bool)):
                raise self.refuse(key, "only strings and numbers can be keys", "use a string")
            result[name] = self.evaluate(value)
        return result

    def _slice(self, node: ast.Slice) -> slice:
        return slice(*(None if part is None else self.evaluate(part) for part in (node.lower, node.upper, node.step)))

    # --- operators ---------------------------------------------------------

    def _binary(self, node: ast.BinOp) -> Any:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        return self.combine(node, type(node.op).__name__, left, right)

    def combine(self, node: ast.AST, name: str, left: Any, right: Any) -> Any:
        if operators.is_tensor(left) or operators.is_tensor(right):
            return self.apply(operators.BINARY[name], [left, right], {}, node)
        with self.torch_errors(node):
            return operators.combine(name, left, right)

    def augmented(self, node: ast.AugAssign, name: str, left: Any, right: Any) -> Any:
        if isinstance(left, Tensor) and name in operators.INPLACE:
            return self.apply(operators.INPLACE[name], [left, right], {}, node)
        return self.combine(node, name, left, right)

    def _unary(self, node: ast.UnaryOp) -> Any:
        if isinstance(node.op, ast.Not):
            return not self.truth(node.operand)
        value, function = self.evaluate(node.operand), operators.UNARY[type(node.op).__name__]
        if operators.is_tensor(value):
            return self.apply(function, [value], {}, node)
        with self.torch_errors(node):
            return operators.bounded(function.call(value))

    def _boolean(self, node: ast.BoolOp) -> Any:
        stop = isinstance(node.op, ast.Or)
        value = None
        for operand in node.values:
            value = self.evaluate(operand)
            if self._truthy(value, operand) is stop:
                break
        return value

    def _compare(self, node: ast.Compare) -> Any:
        left, result = self.evaluate(node.left), None
        for comparison, operand in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(operand)
            result = self._compare_two(node, type(comparison).__name__, left, right)
            if len(node.ops) > 1 and not self._truthy(result, node):
                break
            left = right
        return result

    def _compare_two(self, node: ast.Compare, name: str, left: Any, right: Any) -> Any:
        with self.torch_errors(node):
            if name in operators.MEMBERSHIP:
                return operators.MEMBERSHIP[name](left, right)
            function = operators.COMPARE[name]
            if operators.is_tensor(left) or operators.is_tensor(right):
                return self.apply(function, [left, right], {}, node)
            return function.call(left, right)

    def truth(self, node: ast.expr) -> bool:
        return self._truthy(self.evaluate(node), node)

    def _truthy(self, value: Any, node: ast.AST) -> bool:
        with self.torch_errors(node):
            return bool(value)

    def _if_else(self, node: ast.IfExp) -> Any:
        return self.evaluate(node.body if self.truth(node.test) else node.orelse)

    # --- access ------------------------------------------------------------

    def _subscript(self, node: ast.Subscript) -> Any:
        return self.item(node, self.evaluate(node.value), self.evaluate(node.slice))

    def item(self, node: ast.AST, owner: Any, index: Any) -> Any:
        if isinstance(owner, Tensor):
            return self.apply(INDEX, [owner, index], {}, node)
        if isinstance(owner, (list, tuple, dict, str, range)):
            with self.torch_errors(node):
                return owner[index]
        raise self.failure(node, f"'{type(owner).__name__}' object is not subscriptable")

    def _attribute(self, node: ast.Attribute) -> Any:
        return attributes.read(self, self.evaluate(node.value), node)

    def iterate(self, value: Any, node: ast.AST) -> Iterator[Any]:
        """Yield the items of what the language can iterate over; a tensor gives its entries along the first axis."""
        if isinstance(value, Tensor):
            if value.dim() == 0:
                raise self.failure(node, "iteration over a 0-d tensor")
            return iter(self.apply(UNBIND, [value], {}, node))
        if isinstance(value, (list, tuple, range, str, dict, Iterator)):
            return iter(value)
        raise self.failure(node, f"'{type(value).__name__}' object is not iterable")

    # --- calls -------------------------------------------------------------

    def _call(self, node: ast.Call) -> Any:
        function = self._callee(node)
        arguments = list(self._sequence(ast.copy_location(ast.List(node.args), node)))
        keywords = {keyword.arg or "": self.evaluate(keyword.value) for keyword in node.keywords}
        return self.call(function, arguments, keywords, node)

    def _callee(self, node: ast.Call) -> Any:
        if not isinstance(node.func, ast.Name):
            return self.evaluate(node.func)
        try:
            return self._name(node.func)
        except ProgramError as error:
            if error.hint and not error.hint.startswith("did you mean"):
                error.hint = "see the list of functions, or define it with def"
            raise

    def call(self, function: Any, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        """Call any callable value of the language."""
        match function:
            case Function():
                return self.apply(function, arguments, keywords, node)
            case Method(function=inner, owner=owner):
                return self.apply(inner, [owner, *arguments], keywords, node)
            case Special(call=call):
                with self.torch_errors(node):
                    return call(self, node, *arguments, **keywords)
            case Bound(special=special, owner=owner):
                with self.torch_errors(node):
                    return special.call(self, node, owner, *arguments, **keywords)
            case Context(make=make):
                with self.torch_errors(node):
                    return make(*arguments, **keywords)
            case Written():
                self.step(node)
                return self.call_written(function, arguments, keywords, node)
        what = function.name if isinstance(function, Namespace) else f"'{type(function).__name__}' object"
        raise self.failure(node, f"{what} is not callable")

    def apply(self, function: Function, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        """Run one function of the tables on real values: gate, run, bound, record."""
        admission.check(self, node, function, arguments, keywords)
        with self.torch_errors(node):
            leaf = self.session.rewriting(arguments[0]) if function.inplace and arguments else None
            before = self.session.gradient(leaf)
            gate.check(function, arguments, keywords)
            result = function.call(*arguments, **keywords)
            gate.check_result(function, result)
            if leaf is not None:
                self.session.rewrite(leaf, before, self.text(node), self.span(node))
            elif function.operation == "requires_grad":
                self.recorder.became_leaf(result)
            else:
                self.recorder.call(
                    function.operation, result, arguments, keywords, self.text(node), self.span(node),
                    inplace=function.inplace,
                )  # fmt: skip
        return result

    def call_written(self, function: Written, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        raise NotImplementedError  # given by Interpreter: the body of a function is statements

    # --- functions of the program ------------------------------------------

    def _lambda(self, node: ast.Lambda) -> Written:
        return self.written("lambda", node.args, node.body)

    def written(self, name: str, arguments: ast.arguments, body: list[ast.stmt] | ast.expr) -> Written:
        defaults = tuple(self.evaluate(default) for default in arguments.defaults)
        return Written(name, arguments, body, self.scope, defaults)

    def arguments(self, function: Written, given: list[Any], keywords: dict[str, Any], node: ast.AST) -> dict[str, Any]:
        """Bind the arguments of a call to the names of a function, as Python does."""
        names = [argument.arg for argument in (*function.arguments.posonlyargs, *function.arguments.args)]
        if function.arguments.vararg or function.arguments.kwarg or function.arguments.kwonlyargs:
            raise self.refuse(node, "* in the arguments of a function is not in the language", "name every argument")
        if len(given) > len(names):
            raise self.failure(
                node, f"{function.name}() takes {len(names)} positional arguments but {len(given)} were given"
            )
        bound = dict(zip(names, given, strict=False))
        for name, value in keywords.items():
            if name not in names or name in bound:
                raise self.failure(node, f"{function.name}() got an unexpected keyword argument '{name}'")
            bound[name] = value
        first = len(names) - len(function.defaults)
        for name, default in zip(names[first:], function.defaults, strict=True):
            bound.setdefault(name, default)
        missing = [name for name in names if name not in bound]
        if missing:
            raise self.failure(node, f"{function.name}() missing the argument '{missing[0]}'")
        return bound

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        outer, self.scope = self.scope, Scope({}, self.scope)
        try:
            results: list[Any] = []
            self._comprehend(node, 0, results)
            return results
        finally:
            self.scope = outer

    def _comprehend(self, node: ast.ListComp | ast.GeneratorExp, level: int, results: list[Any]) -> None:
        if level == len(node.generators):
            results.append(self.evaluate(node.elt))
            return
        generator = node.generators[level]
        for item in self.iterate(self.evaluate(generator.iter), generator.iter):
            self.step(node)
            self.bind(generator.target, item)
            if all(self.truth(test) for test in generator.ifs):
                self._comprehend(node, level + 1, results)

    def bind(self, target: ast.expr, value: Any) -> None:
        raise NotImplementedError  # given by Interpreter: targets are statements' business

    # --- strings -----------------------------------------------------------

    def _joined(self, node: ast.JoinedStr) -> str:
        with self.torch_errors(node):
            return str(operators.bounded("".join(str(self.evaluate(part)) for part in node.values)))

    def _formatted(self, node: ast.FormattedValue) -> str:
        spec = self.evaluate(node.format_spec) if node.format_spec is not None else ""
        with self.torch_errors(node):
            return printing.formatted(self, node, self.evaluate(node.value), spec, node.conversion)


EXPRESSIONS: Final[dict[type[ast.expr], Callable[[Expressions, Any], Any]]] = {
    ast.Constant:       Expressions._constant,
    ast.Name:           Expressions._name,
    ast.Tuple:          Expressions._sequence,
    ast.List:           Expressions._sequence,
    ast.Dict:           Expressions._dict,
    ast.Slice:          Expressions._slice,
    ast.BinOp:          Expressions._binary,
    ast.UnaryOp:        Expressions._unary,
    ast.BoolOp:         Expressions._boolean,
    ast.Compare:        Expressions._compare,
    ast.IfExp:          Expressions._if_else,
    ast.Subscript:      Expressions._subscript,
    ast.Attribute:      Expressions._attribute,
    ast.Call:           Expressions._call,
    ast.Lambda:         Expressions._lambda,
    ast.ListComp:       Expressions._comprehension,
    ast.GeneratorExp:   Expressions._comprehension,
    ast.JoinedStr:      Expressions._joined,
    ast.FormattedValue: Expressions._formatted,
}  # fmt: skip
