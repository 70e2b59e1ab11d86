"""Give the learning-rate schedules of torch.optim: each is torch's own, around an optimizer of the program."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, optim
from torch.optim import lr_scheduler

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Maker, Special, Written
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.walls import admission

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

KINDS: Final = (
    lr_scheduler.StepLR, lr_scheduler.MultiStepLR, lr_scheduler.ExponentialLR, lr_scheduler.LambdaLR,
    lr_scheduler.MultiplicativeLR, lr_scheduler.CosineAnnealingLR, lr_scheduler.CosineAnnealingWarmRestarts,
    lr_scheduler.LinearLR, lr_scheduler.ConstantLR, lr_scheduler.PolynomialLR, lr_scheduler.OneCycleLR,
    lr_scheduler.CyclicLR, lr_scheduler.ReduceLROnPlateau,
)  # fmt: skip


def _maker(kind: Any) -> Maker:
    function = Function(kind.__name__, Kind.ASK, kind)

    def make(i: Interpreter, node: ast.AST, optimizer: Any, *arguments: Any, **keywords: Any) -> Any:
        if not isinstance(optimizer, optim.Optimizer):
            raise i.failure(node, f"{type(optimizer).__name__} is not an Optimizer", "give it the optimizer first")
        given = [_python(i, node, value) for value in arguments]
        named = {name: _python(i, node, value) for name, value in keywords.items()}
        plain = [value for value in (*given, *named.values()) if not callable(value) and not _are_functions(value)]
        admission.check(i, node, function, plain, {})
        with i.explaining(node):
            return kind(optimizer, *given, **named)

    return Maker(kind.__name__, make, kind)


def _python(i: Interpreter, node: ast.AST, value: Any) -> Any:
    """A function of the program as torch calls it, alone or in a list."""
    if isinstance(value, list) and any(isinstance(item, (Written, Special)) for item in value):
        return [_python(i, node, item) for item in value]
    if not isinstance(value, (Written, Special)):
        return value
    return lambda epoch: _number(calls.call(i, value, [epoch], {}, node))


def _are_functions(value: Any) -> bool:
    return isinstance(value, list) and all(callable(item) for item in value)


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, Tensor) else value


def _step(i: Interpreter, node: ast.AST, scheduler: Any, *given: Any) -> None:
    scheduler.step(*given)


def _state(i: Interpreter, node: ast.AST, scheduler: Any) -> dict[str, Any]:
    plain = (int, float, str, bool, list, type(None))
    return {name: value for name, value in scheduler.state_dict().items() if isinstance(value, plain)}


METHODS: Final[dict[str, Callable[..., Any]]] = {
    "step":        _step,
    "get_last_lr": lambda i, node, scheduler: list(scheduler.get_last_lr()),
    "state_dict":  _state,
}  # fmt: skip
PLAIN: Final[dict[str, Callable[[Any], Any]]] = {
    "last_epoch": lambda scheduler: scheduler.last_epoch,
    "base_lrs":   lambda scheduler: list(scheduler.base_lrs),
    "optimizer":  lambda scheduler: scheduler.optimizer,
}  # fmt: skip


def read(i: Interpreter, owner: Any, node: ast.Attribute) -> Any:
    if node.attr in METHODS:
        return Bound(Special(node.attr, METHODS[node.attr]), owner)
    if node.attr in PLAIN:
        with i.explaining(node):
            return PLAIN[node.attr](owner)
    raise i.refuse(node, f"the attribute {node.attr} of a schedule is not in the language",
                   "use step() and get_last_lr()")  # fmt: skip


SCHEDULES: Final = {kind.__name__: _maker(kind) for kind in KINDS}
