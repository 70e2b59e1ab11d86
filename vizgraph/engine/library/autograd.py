"""Give the functions of autograd: backward, grad, hooks, and what else needs the session.

Each takes the interpreter and the node of its call, then the arguments as written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Special, Written
from vizgraph.engine.library import arrays
from vizgraph.engine.library.functions import METHODS

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


def backward(
    i: Interpreter,
    node: ast.AST,
    tensor: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    backward_all(i, node, [tensor], None if gradient is None else [gradient], retain_graph, create_graph, inputs=inputs)


def backward_all(
    i: Interpreter,
    node: ast.AST,
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    *,
    inputs: Any = None,
) -> None:
    roots = _many(tensors)
    seeds: list[Any] = [None] * len(roots) if grad_tensors is None else _many(grad_tensors)
    _see(i, roots)
    with i.explaining(node, next((root for root in roots if isinstance(root, Tensor)), None)):
        i.session.backward(
            roots, seeds, i.span(node), retain_graph=retain_graph, create_graph=create_graph, inputs=inputs
        )


def grad(
    i: Interpreter,
    node: ast.AST,
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The pass is recorded like any other, and the result is a tensor of the program."""
    if not only_inputs or is_grads_batched:
        raise i.refuse(node, "this option of grad is not in the language", "call grad once for each gradient")
    allow_unused = allow_unused or materialize_grads
    roots, sources = _many(outputs), _many(inputs)
    seeds: list[Any] = [None] * len(roots) if grad_outputs is None else _many(grad_outputs)
    _see(i, [*roots, *sources])
    given = {} if grad_outputs is None else {"grad_outputs": grad_outputs}
    entry = i.recorder.begin("grad", [outputs, inputs], given, i.text(node), i.span(node))
    with i.explaining(node, next((root for root in roots if isinstance(root, Tensor)), None)):
        found = i.session.grad(
            roots, sources, seeds, i.span(node),
            retain_graph=retain_graph, create_graph=create_graph, allow_unused=allow_unused,
        )  # fmt: skip
    i.recorder.finish(entry, [gradient for gradient in found if gradient is not None])
    if materialize_grads:
        return tuple(torch.zeros_like(x) if one is None else one for x, one in zip(sources, found, strict=True))
    return found


def _see(i: Interpreter, tensors: list[Any]) -> None:
    for tensor in tensors:
        if isinstance(tensor, Tensor):
            i.recorder.made(tensor)


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def register_hook(i: Interpreter, node: ast.AST, tensor: Tensor, hook: Any) -> Any:
    """The hook is a function of the program; what it changes, the engine's pass really carries."""

    def run(gradient: Tensor) -> Any:
        i.recorder.looked_at(gradient, "", i.span(node))
        return calls.call(i, hook, [gradient], {}, node)

    if isinstance(hook, (Written, Special)):
        run.__name__ = hook.name  # torch says it in its errors
    i.session.hooked = True
    return tensor.register_hook(run)  # type: ignore[no-untyped-call]


def retain_grad(i: Interpreter, node: ast.AST, tensor: Tensor) -> None:
    tensor.retain_grad()
    i.session.retain(tensor)


def manual_seed(i: Interpreter, node: ast.AST, seed: int) -> torch.Generator:
    return torch.default_generator.manual_seed(seed)


def type_of(i: Interpreter, node: ast.AST, tensor: Tensor, kind: Any = None) -> Any:
    """Do ``x.type()``, the name of the old class of tensors, and ``x.type(torch.float64)``."""
    if kind is None:
        return tensor.type()
    dtype = OLD.get(kind.removeprefix("torch.")) if isinstance(kind, str) else kind
    return i.apply(METHODS["to"], [tensor, dtype], {}, node)


OLD: Final = {
    "FloatTensor": torch.float32, "DoubleTensor": torch.float64, "LongTensor": torch.int64, "IntTensor": torch.int32,
    "BoolTensor": torch.bool, "HalfTensor": torch.float16, "ByteTensor": torch.uint8, "ShortTensor": torch.int16,
}  # fmt: skip


def generator(i: Interpreter, node: ast.AST, device: Any = "cpu") -> torch.Generator:
    """Do torch.Generator(): random numbers of their own, from a seed."""
    if str(device) != "cpu":
        raise i.failure(node, f"Device type {str(device)[:20]} is not supported for torch.Generator() api.")
    made = torch.Generator()
    made.manual_seed(0)
    return made


TENSORS: Final[dict[str, Callable[..., Any]]] = {
    "type": type_of,
    "backward": backward,
    "register_hook": register_hook,
    "retain_grad": retain_grad,
    "numpy": arrays.to_numpy,
}
AUTOGRAD: Final[dict[str, Callable[..., Any]]] = {"backward": backward_all, "grad": grad}
TORCH: Final[dict[str, Callable[..., Any]]] = {
    "manual_seed": manual_seed,
    "from_numpy": arrays.from_numpy,
    "Generator": generator,
    "finfo": lambda i, node, dtype=None: torch.finfo(*([] if dtype is None else [dtype])),
    "iinfo": lambda i, node, dtype: torch.iinfo(dtype),
}
