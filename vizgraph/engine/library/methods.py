"""Give the methods and plain attributes of modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.faults import TooLarge

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Call = Callable[..., Any]
MOST_MODULES: Final = 256  # in one module, counted as often as they are used


def check_modest(module: nn.Module) -> None:
    """Refuse modules that hold more modules than may be walked, or themselves."""
    count, waiting = 0, [module]
    while waiting:
        count += 1
        if count > MOST_MODULES:
            raise TooLarge(f"a module of more than {MOST_MODULES} modules")
        waiting.extend(inner for inner in waiting.pop()._modules.values() if inner is not None)


def zero_gradients(i: Interpreter, node: ast.AST, parameters: list[Tensor], call: Callable[[], None]) -> None:
    """Let ``call`` write the ``.grad`` of parameters, and keep what it did to each."""
    before = [(parameter, i.session.gradient(parameter)) for parameter in parameters]
    call()
    for parameter, gradient in before:
        i.recorder.made(parameter)
        i.session.rewrite(parameter, gradient, i.text(node), i.span(node))


def _zero_grad(i: Interpreter, node: ast.AST, module: nn.Module, set_to_none: bool = True) -> None:
    def call() -> None:
        for parameter in module.parameters():
            if parameter.grad is not None and set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad = torch.zeros_like(parameter.grad)

    zero_gradients(i, node, list(module.parameters()), call)


def _requires_grad(i: Interpreter, node: ast.AST, module: nn.Module, requires_grad: bool = True) -> nn.Module:
    for parameter in module.parameters():
        parameter.requires_grad_(bool(requires_grad))
        i.recorder.became_leaf(parameter)
    return module


def _register_buffer(
    i: Interpreter, node: ast.AST, module: nn.Module, name: str, tensor: Any, persistent: bool = True
) -> None:
    _check_name(i, node, name)
    if tensor is not None and not isinstance(tensor, Tensor):
        raise i.failure(node, f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' "
                              "(torch Tensor or None required)")  # fmt: skip
    module._buffers[name] = tensor


def _register_parameter(i: Interpreter, node: ast.AST, module: nn.Module, name: str, parameter: Any) -> None:
    _check_name(i, node, name)
    if parameter is not None and not isinstance(parameter, nn.Parameter):
        kind = parameter.type() if isinstance(parameter, Tensor) else type(parameter).__name__
        raise i.failure(node, f"cannot assign '{kind}' object to parameter '{name}' "
                              "(torch.nn.Parameter or None required)")  # fmt: skip
    module._parameters[name] = parameter


def is_name(name: str) -> bool:
    """Whether a module inside may be called that: "conv1", "0", "block 1"."""
    return bool(NAME.fullmatch(name)) and hasattr(nn.Module, name) is False


NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,39}")


def _add_module(i: Interpreter, node: ast.AST, module: nn.Module, name: Any, new: Any) -> None:
    if not isinstance(new, (nn.Module, type(None))):
        raise i.failure(node, f"{type(new).__name__} is not a Module subclass")
    if not isinstance(name, str) or not is_name(name):
        raise i.refuse(node, "this can't be the name of a module", "use letters, digits and underscores")
    module._modules[name] = new
    check_modest(module)


def _check_name(i: Interpreter, node: ast.AST, name: Any) -> None:
    if not isinstance(name, str) or not name.isidentifier() or name.startswith("_"):
        raise i.refuse(node, "this can't be the name of an attribute", "use letters, digits and underscores")


def _apply(i: Interpreter, node: ast.AST, module: nn.Module, function: Any) -> nn.Module:
    for inner in _inside_out(module):
        i.step(node)
        calls.call(i, function, [inner], {}, node)
    return module


def _inside_out(module: nn.Module) -> list[nn.Module]:
    found = [inner for child in module.children() for inner in _inside_out(child)]
    return [*found, module]


def _extend(i: Interpreter, node: ast.AST, module: nn.Module, more: Any) -> nn.Module:
    for new in i.items(more, node):
        _append(i, node, module, new)
    return module


def _of_dict(part: str) -> Call:
    """keys, values and items of a ModuleDict or a ParameterDict."""

    def look(i: Interpreter, node: ast.AST, module: nn.Module) -> Any:
        if not isinstance(module, (nn.ModuleDict, nn.ParameterDict)):
            raise i.failure(node, f"'{i.kind_of(module)}' object has no attribute '{part}'", kind=AttributeError)
        pairs = [(name, module[name]) for name in module]
        return iter(pairs if part == "items" else [pair[part == "values"] for pair in pairs])

    return look


def _append(i: Interpreter, node: ast.AST, module: nn.Module, new: Any) -> nn.Module:
    if isinstance(module, nn.ParameterList) and isinstance(new, nn.Parameter):
        return module.append(new)
    if not isinstance(module, (nn.ModuleList, nn.Sequential)) or not isinstance(new, nn.Module):
        raise i.failure(node, f"{type(new).__name__} is not a Module subclass")
    return module.append(new)


def _convert(i: Interpreter, node: ast.AST, module: nn.Module, kind: Any) -> nn.Module:
    """Parameters keep their identity; their values are those that the next use will read."""
    if kind != torch.device("cpu") and kind not in ("cpu", torch.float32, torch.float64):
        raise i.refuse(node, "there is no other device here", "leave .to(...) out: it is cpu")
    module.to(kind)
    for parameter in module.parameters():
        i.recorder.outdated(parameter)
    return module


def _train(i: Interpreter, node: ast.AST, module: nn.Module, mode: bool = True) -> nn.Module:
    return module.train(bool(mode))


def _load(i: Interpreter, node: ast.AST, module: nn.Module, state: Any) -> str:
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise i.failure(node, "Expected state_dict to be dict-like", "give it what state_dict() returned")
    module.load_state_dict(state)
    for parameter in module.parameters():
        i.recorder.outdated(parameter)
    return "<All keys matched successfully>"


def _no_backward_hook(i: Interpreter, node: ast.AST, module: nn.Module, hook: Any) -> None:
    raise i.refuse(node, "a backward hook of a module is not in the language",
                   "put the hook on its result: y.register_hook(hook)")  # fmt: skip


SPECIALS: Final[dict[str, Call]] = {
    "register_forward_hook":       lambda i, node, module, hook: i.hook(module, hook, before=False),
    "register_forward_pre_hook":   lambda i, node, module, hook: i.hook(module, hook, before=True),
    "register_full_backward_hook": _no_backward_hook,
    "register_backward_hook":      _no_backward_hook,
    "parameters":         lambda i, node, module: iter(list(module.parameters())),
    "named_parameters":   lambda i, node, module: iter(list(module.named_parameters())),
    "buffers":            lambda i, node, module: iter(list(module.buffers())),
    "named_buffers":      lambda i, node, module: iter(list(module.named_buffers())),
    "children":           lambda i, node, module: iter(list(module.children())),
    "named_children":     lambda i, node, module: iter(list(module.named_children())),
    "modules":            lambda i, node, module: iter(list(module.modules())),
    "named_modules":      lambda i, node, module: iter(list(module.named_modules())),
    "state_dict":         lambda i, node, module: module.state_dict(),
    "load_state_dict":    _load,
    "train":              _train,
    "eval":               lambda i, node, module: module.eval(),
    "zero_grad":          _zero_grad,
    "requires_grad_":     _requires_grad,
    "register_buffer":    _register_buffer,
    "register_parameter": _register_parameter,
    "apply":              _apply,
    "append":             _append,
    "extend":             _extend,
    "keys":               _of_dict("keys"),
    "values":             _of_dict("values"),
    "items":              _of_dict("items"),
    "add_module":         _add_module,
    "register_module":    _add_module,
    "to":                 _convert,
    "float":              lambda i, node, module: _convert(i, node, module, torch.float32),
    "double":             lambda i, node, module: _convert(i, node, module, torch.float64),
}  # fmt: skip


def _of(kind: type[nn.Module] | tuple[type[nn.Module], ...], look: Callable[[Any], Any]) -> Callable[[nn.Module], Any]:
    return lambda module: look(module) if isinstance(module, kind) else NotImplemented


_CONVOLUTION: Final = (nn.Conv1d, nn.Conv2d)
PLAIN: Final[dict[str, Callable[[nn.Module], Any]]] = {
    "training":     lambda module: module.training,
    "in_features":  _of(nn.Linear, lambda module: module.in_features),
    "out_features": _of(nn.Linear, lambda module: module.out_features),
    "p":            _of(nn.Dropout, lambda module: module.p),
    "hidden_size":  _of((nn.RNNBase, nn.RNNCellBase), lambda module: module.hidden_size),
    "kernel_size":  _of(_CONVOLUTION, lambda module: module.kernel_size),
}  # fmt: skip
