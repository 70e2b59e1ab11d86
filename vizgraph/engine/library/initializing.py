"""Fill parameters as torch.nn.init does, and clip their gradients."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn

from vizgraph.engine.evaluation.values import Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.methods import zero_gradients
from vizgraph.engine.library.table import Kind

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

_FILL: Final[dict[str, Callable[..., Any]]] = {
    "uniform_":         nn.init.uniform_,
    "normal_":          nn.init.normal_,
    "constant_":        nn.init.constant_,
    "ones_":            nn.init.ones_,
    "zeros_":           nn.init.zeros_,
    "eye_":             nn.init.eye_,
    "xavier_uniform_":  nn.init.xavier_uniform_,
    "xavier_normal_":   nn.init.xavier_normal_,
    "kaiming_uniform_": nn.init.kaiming_uniform_,
    "kaiming_normal_":  nn.init.kaiming_normal_,
    "orthogonal_":      nn.init.orthogonal_,
    "trunc_normal_":    nn.init.trunc_normal_,
}  # fmt: skip


def _gain(i: Interpreter, node: ast.AST, nonlinearity: str, param: Any = None) -> Any:
    return nn.init.calculate_gain(nonlinearity, param)  # type: ignore[arg-type]


_FILLS: Final = {
    name: Function(name.removesuffix("_"), Kind.INPLACE, call, inplace=True) for name, call in _FILL.items()
}
INIT: Final[dict[str, Any]] = {**_FILLS, "calculate_gain": Special("calculate_gain", _gain)}


def _clip(kind: Callable[..., Any]) -> Callable[..., Any]:
    def clip(i: Interpreter, node: ast.AST, parameters: Any, *given: float, **named: Any) -> Any:
        tensors = [parameters] if isinstance(parameters, Tensor) else i.items(parameters, node)
        numbers = all(isinstance(number, (int, float, type(None))) for number in (*given, *named.values()))
        if not numbers or not all(isinstance(tensor, Tensor) for tensor in tensors):
            raise i.failure(node, "clipping takes parameters and a number", "write model.parameters(), 1.0")
        total: list[Any] = []
        zero_gradients(i, node, tensors, lambda: total.append(kind(tensors, *given, **named)))
        return total[0]

    return clip


UTILS: Final = {
    "clip_grad_norm_":  Special("clip_grad_norm_", _clip(torch.nn.utils.clip_grad_norm_)),
    "clip_grad_value_": Special("clip_grad_value_", _clip(torch.nn.utils.clip_grad_value_)),
}  # fmt: skip
