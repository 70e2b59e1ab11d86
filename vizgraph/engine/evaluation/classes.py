"""Define the program's own classes: modules, functions with a backward of their own, and plain ones."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Class, Instance, Maker, Special, Static, Thing, Written
from vizgraph.engine.library import custom
from vizgraph.engine.library.networks import Network

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def define(i: Interpreter, node: ast.ClassDef) -> None:
    base = i.evaluate(node.bases[0]) if node.bases else OBJECT
    make = next((make for special, make in BASES if special is base), None)
    if make is None:
        raise i.refuse(node.bases[0], "a class has the base nn.Module or torch.autograd.Function here",
                       f"write class {node.name}(nn.Module):")  # fmt: skip
    members = {name: value for statement in node.body for name, value in _member(i, node.name, statement)}
    i.scope.names[node.name] = make(i, node.name, members)


def _member(i: Interpreter, owner: str, statement: ast.stmt) -> list[tuple[str, Any]]:
    match statement:
        case ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=decorators):
            method = calls.written(i, f"{owner}.{name}", arguments, body)
            return [(name, Static(method) if decorators else method)]
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, i.evaluate(value))]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, i.evaluate(value))]
    return []


def _of(kind: Callable[[Class], Instance]) -> Callable[[Interpreter, str, dict[str, Any]], Class]:
    """Return what makes a class of objects of that kind."""

    def define_class(_: Interpreter, name: str, members: dict[str, Any]) -> Class:
        def make(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Instance:
            made = kind(whole)
            begin = members.get("__init__")
            if isinstance(begin, Written):
                calls.call_written(i, begin, [made, *arguments], keywords, node)
            elif arguments or keywords:
                raise i.failure(node, f"{name}() takes no arguments")
            else:
                made.ready = True
            return made

        whole = Class(name, make, members)
        return whole

    return define_class


def _only_a_base(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
    raise i.refuse(node, "this class is only a base here", "write class Net(nn.Module):")


OBJECT: Final = Special("object", _only_a_base)
MODULE: Final = Maker("Module", _only_a_base, nn.Module)
FUNCTION: Final = Special("Function", _only_a_base)
BASES: Final = ((OBJECT, _of(Thing)), (MODULE, _of(Network)), (FUNCTION, custom.function_class))
