"""Give torch's helpers that take a function of the program: Jacobians, Hessians, torch.func, gradcheck.

They call the function many times, and inside transforms; nothing of that is
recorded as a step of the program, but every step counts and is gated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn
from torch.autograd import functional

from vizgraph import limits
from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.recording import silent
from vizgraph.engine.recording.entries import tensors_in
from vizgraph.engine.walls import admission, gate

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Call = Callable[..., Any]


def _python(i: Interpreter, node: ast.AST, function: Any) -> Call:
    """What torch calls: the program's function, its results made of tensors only."""

    def call(*arguments: Any, **keywords: Any) -> Any:
        return calls.call(i, function, list(arguments), keywords, node)

    return call


def _run(i: Interpreter, node: ast.AST, operation: str, call: Call, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Run one helper of torch on values of the language, and record what it gives as one operation."""
    function = Function(operation, Kind.REDUCTION, call)
    shown = [list(value.values()) if isinstance(value, dict) else value for value in arguments]
    admission.check(i, node, function, shown, named)
    for tensor in tensors_in(shown):
        i.recorder.made(tensor)
    entry = i.recorder.begin(operation, shown, {}, i.text(node), i.span(node))
    with i.explaining(node), silent.inside(i):
        result = call(*arguments, **named)
    for tensor in tensors_in(result):
        gate.check_size(operation, tensor.numel())
    i.recorder.finish(entry, result)
    return result


def _check_square(i: Interpreter, operation: str, inputs: Any) -> None:
    """A derivative by all entries has at least their number squared where it is a Hessian."""
    count = sum(tensor.numel() for tensor in tensors_in(inputs))
    gate.check_size(operation, count * count)


# --- torch.autograd.functional -------------------------------------------------


def _functional(name: str, call: Call) -> Special:
    def helper(i: Interpreter, node: ast.AST, func: Any, inputs: Any, *arguments: Any, **keywords: Any) -> Any:
        if name == "hessian":
            _check_square(i, name, inputs)
        python = _python(i, node, func)
        options = {key: value for key, value in keywords.items() if key not in REFUSED}
        return _run(i, node, name, lambda *given, **named: call(python, *given, **named),
                    [inputs, *arguments], options)  # fmt: skip

    return Special(name, helper)


REFUSED: Final = ("vectorize", "strategy")  # the same numbers, only made in another way
_FUNCTIONAL: Final[dict[str, Call]] = {
    "jacobian": functional.jacobian,
    "hessian":  functional.hessian,
    "vjp":      functional.vjp,
    "jvp":      functional.jvp,
    "hvp":      functional.hvp,
    "vhp":      functional.vhp,
}  # fmt: skip
FUNCTIONAL: Final = {name: _functional(name, call) for name, call in _FUNCTIONAL.items()}


# --- torch.func ------------------------------------------------------------------


def _transform(name: str, transform: Call) -> Special:
    """Return what makes a new function of the program out of one."""

    def make(i: Interpreter, node: ast.AST, func: Any, *options: Any, **named: Any) -> Special:
        admission.check(i, node, Function(name, Kind.REDUCTION, transform), list(options), named)
        made = transform(_python(i, node, func), *options, **named)

        def call(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
            i.step(node)
            if name == "hessian":
                _check_square(i, name, arguments)
            return _run(i, node, name, made, list(arguments), keywords)

        return Special(name, call)

    return Special(name, make)


def _vjp(i: Interpreter, node: ast.AST, func: Any, *primals: Any) -> Any:
    """Return the value and the function that pulls a gradient back."""
    pullbacks: list[Call] = []

    def call(*given: Any) -> Any:
        value, pullback, *_ = torch.func.vjp(_python(i, node, func), *given)
        pullbacks.append(pullback)
        return value

    value = _run(i, node, "vjp", call, list(primals), {})

    def pull(i: Interpreter, node: ast.AST, *cotangents: Any) -> Any:
        return _run(i, node, "vjp", pullbacks[0], list(cotangents), {})

    return value, Special("vjp", pull)


def _jvp(i: Interpreter, node: ast.AST, func: Any, primals: Any, tangents: Any) -> Any:
    return _run(i, node, "jvp", lambda *given: torch.func.jvp(_python(i, node, func), *given), [primals, tangents], {})


def _functional_call(
    i: Interpreter, node: ast.AST, module: Any, given: Any, args: Any = None, kwargs: Any = None, **options: Any
) -> Any:
    """Call a module with other tensors in the place of its parameters, for this call only."""
    tables = given if isinstance(given, (tuple, list)) else (given,)
    if not isinstance(module, nn.Module) or not all(isinstance(table, dict) for table in tables):
        raise i.failure(node, "functional_call takes a module, its parameters and the arguments of the call")
    arguments = list(args) if isinstance(args, tuple) else [] if args is None else [args]
    homes = {name: (inner, kind, last) for path, inner in module.named_modules()
             for kind in (inner._parameters, inner._buffers) for last in kind
             for name in [f"{path}.{last}" if path else last]}  # fmt: skip
    kept = []
    try:
        for name, tensor in (pair for table in tables for pair in table.items()):
            if name not in homes or not isinstance(tensor, Tensor):
                raise i.failure(node, f"the module has no parameter '{name}'", kind=KeyError)
            _, home, last = homes[name]
            kept.append((home, last, home[last]))
            home[last] = tensor
        return i.invoke(module, arguments, dict(kwargs or {}), node)
    finally:
        for home, last, tensor in reversed(kept):
            home[last] = tensor


_TRANSFORMS: Final[dict[str, Call]] = {
    "grad":           torch.func.grad,
    "grad_and_value": torch.func.grad_and_value,
    "jacrev":         torch.func.jacrev,
    "jacfwd":         torch.func.jacfwd,
    "hessian":        torch.func.hessian,
    "vmap":           torch.func.vmap,
}  # fmt: skip
FUNC: Final = {name: _transform(name, transform) for name, transform in _TRANSFORMS.items()} | {
    "vjp": Special("vjp", _vjp), "jvp": Special("jvp", _jvp),
    "functional_call": Special("functional_call", _functional_call),
}  # fmt: skip


# --- checks ------------------------------------------------------------------------


def _gradcheck(name: str, call: Call) -> Special:
    def check(i: Interpreter, node: ast.AST, func: Any, inputs: Any, *arguments: Any, **keywords: Any) -> Any:
        count = sum(tensor.numel() for tensor in tensors_in(inputs))
        if count > MOST_CHECKED:
            raise i.refuse(node, f"{name} of {count:,} numbers; at most {MOST_CHECKED} fit", "use smaller inputs")
        python = _python(i, node, func)
        given = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
        return _run(i, node, name, lambda *inner, **named: call(python, *inner, **named),
                    [tuple(given), *arguments], keywords)  # fmt: skip

    return Special(name, check)


MOST_CHECKED: Final = min(limits.INPUT_NUMBERS, 256)
CHECKS: Final = {
    "gradcheck":     _gradcheck("gradcheck", torch.autograd.gradcheck),
    "gradgradcheck": _gradcheck("gradgradcheck", torch.autograd.gradgradcheck),
}  # fmt: skip
