"""Make and step the optimizers of torch.optim, and show what they do to parameters and gradients."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, optim

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Maker, Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.methods import zero_gradients
from vizgraph.engine.library.table import Kind
from vizgraph.engine.walls import admission

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def _without_compiler(base: type[optim.Optimizer]) -> type[optim.Optimizer]:
    """The optimizer itself, without the wrappers around its methods: those load torch's compiler, for seconds."""
    wrapped: dict[str, Any] = {
        "step": base.step, "zero_grad": base.zero_grad, "add_param_group": base.add_param_group,
    }  # fmt: skip
    return type(base.__name__, (base,), {name: method.__wrapped__ for name, method in wrapped.items()})


OPTIMIZERS: Final = {kind.__name__: _without_compiler(kind) for kind in (
    optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad, optim.Adadelta, optim.Adamax, optim.NAdam,
    optim.RAdam, optim.LBFGS)}  # fmt: skip


LONGEST_HISTORY: Final = 1_000  # steps that LBFGS looks back


def _maker(name: str, kind: type[optim.Optimizer]) -> Maker:
    function = Function(name, Kind.CREATE, kind)

    def make(i: Interpreter, node: ast.AST, params: Any, *arguments: Any, **keywords: Any) -> optim.Optimizer:
        groups: Any = [params] if isinstance(params, Tensor) else i.items(params, node)
        flat = [value for group in groups for value in _values(i, node, group)]
        admission.check(i, node, function, [flat, *arguments], keywords)
        kept = keywords.get("history_size", arguments[5] if name == "LBFGS" and len(arguments) > 5 else 0)
        if isinstance(kept, int) and kept > LONGEST_HISTORY:
            said = f"a history_size of more than {LONGEST_HISTORY} is not in the language"
            raise i.refuse(node, said, "leave it out")
        if isinstance(params, Tensor):  # torch says why
            groups = params
        return kind(groups, *arguments, **keywords)

    return Maker(name, make, kind)


def _values(i: Interpreter, node: ast.AST, group: Any) -> Iterator[Any]:
    """What one entry of the parameters holds: a tensor, (name, tensor), or a dict with options."""
    if not isinstance(group, dict):
        yield from group if isinstance(group, tuple) else (group,)
        return
    for key, value in group.items():
        if key == "params":
            group[key] = value if isinstance(value, Tensor) else i.items(value, node)
            yield from [value] if isinstance(value, Tensor) else group[key]
        else:
            yield value


def _parameters(optimizer: optim.Optimizer) -> list[Tensor]:
    return [tensor for group in optimizer.param_groups for tensor in group["params"]]


def _step(i: Interpreter, node: ast.AST, optimizer: optim.Optimizer, closure: Any = None) -> Any:
    """Let the optimizer write its parameters: each keeps its identity and has another value from now on."""
    for group in optimizer.param_groups:
        flat = [item for value in group.values() for item in (value if isinstance(value, list) else [value])]
        admission.check(i, node, STEP, flat, {})
    loss = None
    if isinstance(optimizer, optim.LBFGS):
        with torch.no_grad():
            loss = optimizer.step(lambda: calls.call(i, closure, [], {}, node))  # type: ignore[no-untyped-call]
    else:
        loss = calls.call(i, closure, [], {}, node) if closure is not None else None
        with torch.no_grad():
            optimizer.step()
    for parameter in _parameters(optimizer):
        if i.recorder.knows(parameter):
            i.recorder.wrote(parameter, i.text(node), i.span(node))
        i.recorder.outdated(parameter)
    return loss


STEP: Final = Function("step", Kind.ASK, optim.Optimizer.step)


def _zero_grad(i: Interpreter, node: ast.AST, optimizer: optim.Optimizer, set_to_none: bool = True) -> None:
    zero_gradients(i, node, _parameters(optimizer), lambda: optimizer.zero_grad(bool(set_to_none)))


def _add_group(i: Interpreter, node: ast.AST, optimizer: optim.Optimizer, group: Any) -> None:
    if not isinstance(group, dict):
        raise i.failure(node, f"param_group must be a dict, but got {type(group)}", "write {'params': [w]}")
    admission.check(i, node, STEP, list(_values(i, node, group)), {})
    optimizer.add_param_group(group)


def _load(i: Interpreter, node: ast.AST, optimizer: optim.Optimizer, state: Any) -> None:
    mine = optimizer.state_dict()
    if not isinstance(state, dict) or state.keys() != mine.keys():
        raise i.failure(node, "load_state_dict takes the state of an optimizer", "give it what state_dict() returned")
    if [len(group.get("params", ())) for group in state["param_groups"]] != [
        len(group["params"]) for group in mine["param_groups"]
    ]:
        raise i.failure(node, "loaded state dict contains a parameter group that doesn't match the size of "
                              "optimizer's group", "load it into the same optimizer", ValueError)  # fmt: skip
    optimizer.load_state_dict(state)


SPECIALS: Final[dict[str, Callable[..., Any]]] = {
    "step": _step,
    "zero_grad": _zero_grad,
    "add_param_group": _add_group,
    "state_dict": lambda i, node, optimizer: optimizer.state_dict(),
    "load_state_dict": _load,
}


def read(i: Interpreter, owner: optim.Optimizer, node: ast.Attribute) -> Any:
    if node.attr in SPECIALS:
        return Bound(Special(node.attr, SPECIALS[node.attr]), owner)
    if node.attr == "param_groups":
        return owner.param_groups
    raise i.refuse(node, f"the attribute {node.attr} of an optimizer is not in the language",
                   "use step(), zero_grad() or param_groups")  # fmt: skip


OPTIM: Final = {name: _maker(name, kind) for name, kind in OPTIMIZERS.items()}
