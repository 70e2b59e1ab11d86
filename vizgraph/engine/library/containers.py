"""Make, read and write the modules that hold others: Sequential, lists and dicts of modules and parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Instance
from vizgraph.engine.library.methods import MOST_MODULES, check_modest, is_name
from vizgraph.engine.library.things import kind_name

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

HOLDERS: Final = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.ParameterList, nn.ParameterDict)
BY_NAME: Final = (nn.ModuleDict, nn.ParameterDict)


def parameter(i: Interpreter, node: ast.AST, data: Any = None, requires_grad: bool = True) -> Tensor:
    """Do nn.Parameter(data): a leaf that modules know as theirs."""
    if not isinstance(data, Tensor):
        raise i.failure(node, "Parameter needs a tensor", "write nn.Parameter(torch.tensor([1.0, 2.0]))")
    entry = i.recorder.begin("parameter", [data], {}, i.text(node), i.span(node))
    made = nn.Parameter(data, requires_grad)
    i.recorder.finish(entry, made, kind="leaf" if requires_grad else "constant")
    return made


def make(i: Interpreter, node: ast.AST, kind: type[nn.Module], arguments: tuple[Any, ...]) -> nn.Module:
    named = _named_parts(i, node, kind, arguments)
    if named is None:
        inner = arguments if kind is nn.Sequential else tuple(i.items(arguments[0], node)) if arguments else ()
        named = {str(place): module for place, module in enumerate(inner)}
    wanted = nn.Parameter if kind in (nn.ParameterList, nn.ParameterDict) else nn.Module
    holder = kind()
    for place, (name, part) in enumerate(named.items()):
        if wanted is nn.Parameter and isinstance(part, Tensor) and not isinstance(part, nn.Parameter):
            part = parameter(i, node, part)
        if not isinstance(part, wanted):
            raise i.failure(node, f"{type(part).__name__} is not a {wanted.__name__} subclass")
        if place > MOST_MODULES:
            break
        if isinstance(part, nn.Module):
            holder._modules[name] = part
        elif isinstance(holder, nn.ParameterList):
            holder.append(part)
        elif isinstance(holder, nn.ParameterDict):
            holder[name] = part
    check_modest(holder)
    return holder


def _named_parts(
    i: Interpreter, node: ast.AST, kind: type[nn.Module], arguments: tuple[Any, ...]
) -> dict[str, Any] | None:
    """The parts of Sequential(OrderedDict(...)), ModuleDict(...) and ParameterDict(...); None of the others."""
    first = arguments[0] if len(arguments) == 1 else None
    if not isinstance(first, dict) and kind not in BY_NAME:
        return None
    pairs = first.items() if isinstance(first, dict) else [] if first is None else map(tuple, i.items(first, node))
    found: dict[str, Any] = {}
    for name, part in pairs:
        if not isinstance(name, str) or not is_name(name):
            raise i.refuse(node, "this can't be the name of a module", "use letters, digits and underscores")
        found[name] = part
    return found


def inside(owner: nn.Module) -> nn.ModuleDict:
    """Return the modules inside of one by their names: what is written there is written into it."""
    view = nn.ModuleDict()
    view._modules = owner._modules  # type: ignore[assignment]
    return view


def item(i: Interpreter, node: ast.AST, owner: nn.Module, index: Any) -> Any:
    """Return one module of a Sequential or a ModuleList, or a part of it."""
    wanted: Any = str if isinstance(owner, BY_NAME) else (int, slice)
    if not isinstance(owner, HOLDERS) or not isinstance(index, wanted):
        if isinstance(owner, Instance) and "__getitem__" in owner.written.members:
            return calls.call(i, owner.written.members["__getitem__"], [owner, index], {}, node)
        raise i.failure(node, f"'{i.kind_of(owner)}' object is not subscriptable")
    with i.explaining(node):
        holder: Any = owner
        return holder[index]


def write_item(i: Interpreter, node: ast.AST, owner: nn.Module, index: Any, value: Any) -> None:
    """Do ``model[2] = nn.Linear(3, 1)``."""
    if not isinstance(owner, HOLDERS):
        raise i.failure(node, f"'{i.kind_of(owner)}' object does not support item assignment")
    parameters = isinstance(owner, (nn.ParameterList, nn.ParameterDict))
    if not isinstance(value, nn.Parameter if parameters else nn.Module) or not isinstance(index, (int, str)):
        if parameters:
            raise i.failure(node, f"{kind_name(value)} is not a Parameter", "write nn.Parameter(torch.tensor([1.0]))")
        only = "(torch.nn.Module or None expected)"
        raise i.failure(node, f"cannot assign '{kind_name(value)}' as child module '{index}' {only}")
    if isinstance(index, str) and not is_name(index):
        raise i.refuse(node, "this can't be the name of a module", "use letters, digits and underscores")
    with i.explaining(node):
        holder: Any = owner
        holder[index] = value
        check_modest(owner)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        i.name_module(owner, node.value.id)


def items(i: Interpreter, node: ast.AST, owner: nn.Module) -> Iterator[Any]:
    if not isinstance(owner, HOLDERS):
        if isinstance(owner, Instance) and "__iter__" in owner.written.members:
            return i.iterate(calls.call(i, owner.written.members["__iter__"], [owner], {}, node), node)
        raise i.failure(node, f"'{i.kind_of(owner)}' object is not iterable")
    holder: Any = owner
    return iter(list(holder))
