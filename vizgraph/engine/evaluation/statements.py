"""Execute each kind of statement."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor

from vizgraph import language
from vizgraph.engine.evaluation import calls, classes, expressions, operators, printing
from vizgraph.engine.evaluation.calls import Return, written
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.targets import bind, write
from vizgraph.engine.evaluation.values import Context, Thing
from vizgraph.engine.library import attributes, elsewhere, operating, raising
from vizgraph.engine.library.builtin import turns
from vizgraph.engine.library.modes import MODES
from vizgraph.engine.library.modules import import_module, import_name, is_drawing
from vizgraph.engine.recording.laps import Loop
from vizgraph.errors import VizgraphError

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class Break(Exception):
    """Leaves a loop."""


class Continue(Exception):
    """Begins the next turn of a loop."""


# --- assignments ---------------------------------------------------------------


def assign(i: Interpreter, node: ast.Assign) -> None:
    value = i.evaluate(node.value)
    for target in node.targets:
        bind(i, target, value)


def annotated(i: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        bind(i, node.target, i.evaluate(node.value))


def augment(i: Interpreter, node: ast.AugAssign) -> None:
    """Do ``target += value``: what stands before the target's dot or bracket is evaluated once."""
    match node.target:
        case ast.Name():
            bind(i, node.target, _augmented(i, node, i.evaluate(node.target)))
        case ast.Subscript(value=owner, slice=index):
            container, place = i.evaluate(owner), i.evaluate(index)
            write(i, node.target, container, place,
                  _augmented(i, node, expressions.item(i, node.target, container, place)))  # fmt: skip
        case ast.Attribute(value=owner):
            holder = i.evaluate(owner)
            attributes.write(i, holder, node.target, _augmented(i, node, attributes.read(i, holder, node.target)))


def _augmented(i: Interpreter, node: ast.AugAssign, old: Any) -> Any:
    name, value = type(node.op).__name__, i.evaluate(node.value)
    if isinstance(old, Tensor) and name in operators.INPLACE:
        return i.apply(operators.INPLACE[name], [old, value], {}, node)
    if isinstance(old, Thing):
        return operating.augmented(i, node, name, old, value)
    if isinstance(old, list) and name == "Add":
        with i.explaining(node):
            old.extend(i.items(value, node))
            return operators.bounded(old)
    return expressions.combine(i, node, name, old, value)


def delete(i: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        match target:
            case ast.Name(id=name):
                if name not in i.scope.names:
                    raise i.unknown(target)
                del i.scope.names[name]
            case ast.Subscript():
                _delete_item(i, target, i.evaluate(target.value), i.evaluate(target.slice))
            case ast.Attribute():
                attributes.delete(i, i.evaluate(target.value), target)
            case _:
                raise i.refuse(target, "only names, items and attributes can be deleted", "write del name")


def _delete_item(i: Interpreter, node: ast.Subscript, owner: Any, index: Any) -> None:
    if not isinstance(owner, (list, dict)):
        raise i.failure(node, f"'{type(owner).__name__}' object doesn't support item deletion")
    with i.explaining(node):
        del owner[index]


def declared(i: Interpreter, node: ast.Global | ast.Nonlocal) -> None:
    """What ``global`` and ``nonlocal`` say was read with the text of the function (`names`)."""


# --- flow ------------------------------------------------------------------------


def expression(i: Interpreter, node: ast.Expr) -> None:
    i.evaluate(node.value)


def if_(i: Interpreter, node: ast.If) -> None:
    i.execute(node.body if i.truth(i.evaluate(node.test), node.test) else node.orelse)


def for_(i: Interpreter, node: ast.For) -> None:
    items = i.evaluate(node.iter)
    loop = Loop(i, turns(items))
    try:
        for item in i.iterate(items, node.iter):
            i.step(node)
            loop.begin_turn()
            bind(i, node.target, item)
            if not _goes_on(i, node.body):
                return
    finally:
        loop.end()
    i.execute(node.orelse)


def while_(i: Interpreter, node: ast.While) -> None:
    loop = Loop(i, None)
    try:
        while i.truth(i.evaluate(node.test), node.test):
            i.step(node)
            loop.begin_turn()
            if not _goes_on(i, node.body):
                return
    finally:
        loop.end()
    i.execute(node.orelse)


def _goes_on(i: Interpreter, body: list[ast.stmt]) -> bool:
    """Run the body of a loop once; False when it broke out."""
    try:
        i.execute(body)
    except Continue:
        pass
    except Break:
        return False
    return True


def break_(i: Interpreter, node: ast.Break) -> None:
    raise Break


def continue_(i: Interpreter, node: ast.Continue) -> None:
    raise Continue


def pass_(i: Interpreter, node: ast.Pass) -> None:
    pass


def assert_(i: Interpreter, node: ast.Assert) -> None:
    if not i.truth(i.evaluate(node.test), node.test):
        said = i.evaluate(node.msg) if node.msg else None
        error = AssertionError() if node.msg is None else AssertionError(printing.text_of(i, node, said))
        hint = "the condition is false here: print both of its sides"
        raise ProgramError(str(error) or "the assertion does not hold", i.span(node), hint, error=error)


def with_(i: Interpreter, node: ast.With) -> None:
    with ExitStack() as stack:
        enter(i, node, stack)
        i.execute(node.body)


def enter(i: Interpreter, node: ast.With, stack: ExitStack) -> None:
    """Enter everything that stands after ``with``."""
    for item in node.items:
        mode = i.evaluate(item.context_expr)
        if isinstance(mode, Context):  # written without its brackets
            raise i.failure(item.context_expr, f"{mode.name} needs brackets", f"write {mode.name}()")
        if isinstance(mode, Thing):
            entered = operating.enter(i, mode, item.context_expr, stack)
        elif isinstance(mode, MODES):
            entered = None
            with i.explaining(item.context_expr):
                stack.enter_context(mode)
        else:
            raise i.refuse(item.context_expr, "this with is not in the language", "use torch.no_grad()")
        if item.optional_vars is not None:
            bind(i, item.optional_vars, entered)


# --- functions and imports ---------------------------------------------------------


def def_(i: Interpreter, node: ast.FunctionDef) -> None:
    i.scope.bind(node.name, decorated(i, written(i, node.name, node.args, node.body), node.decorator_list))


def decorated(i: Interpreter, function: Any, decorators: list[ast.expr]) -> Any:
    """Give a function to its decorators, the lowest first."""
    for decorator in reversed(decorators):
        function = calls.call(i, i.evaluate(decorator), [function], {}, decorator)
    return function


def return_(i: Interpreter, node: ast.Return) -> None:
    raise Return(i.evaluate(node.value) if node.value else None)


def import_(i: Interpreter, node: ast.Import) -> None:
    for alias in node.names:
        bound = import_module(alias.name, alias.asname)
        if bound is None:
            raise _no_module(alias, alias.name)
        name, module = bound
        _note_drawing(i, alias.name)
        i.scope.bind(name, module)


def import_from(i: Interpreter, node: ast.ImportFrom) -> None:
    _note_drawing(i, node.module or "")
    for alias in node.names:
        try:
            i.scope.bind(alias.asname or alias.name, import_name(node.module or "", alias.name))
        except KeyError:
            raise _no_module(alias, f"{node.module or 'the folder'}.{alias.name}") from None


def _note_drawing(i: Interpreter, module: str) -> None:
    if is_drawing(module):
        said = f"What {module.partition('.')[0]} would draw is left out here; everything else runs."
        if said not in i.warnings:
            i.warn(said)


def _no_module(alias: ast.alias, name: str) -> VizgraphError:
    known = "torch and its parts, numpy, and a few parts of Python such as math, random and time can be imported"
    what = f"import of {name} is not in the language"
    return VizgraphError(what, language.span_of(alias), elsewhere.hint_for(name) or known)


STATEMENTS: Final[dict[type[ast.stmt], Callable[[Interpreter, Any], None]]] = {
    ast.Assign:      assign,
    ast.AnnAssign:   annotated,
    ast.AugAssign:   augment,
    ast.Delete:      delete,
    ast.Expr:        expression,
    ast.If:          if_,
    ast.For:         for_,
    ast.While:       while_,
    ast.Break:       break_,
    ast.Continue:    continue_,
    ast.Pass:        pass_,
    ast.Assert:      assert_,
    ast.Try:         raising.try_,
    ast.Raise:       raising.raise_,
    ast.With:        with_,
    ast.FunctionDef: def_,
    ast.ClassDef:    classes.define,
    ast.Return:      return_,
    ast.Import:      import_,
    ast.ImportFrom:  import_from,
    ast.Global:      declared,
    ast.Nonlocal:    declared,
}  # fmt: skip
