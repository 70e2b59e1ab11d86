"""Make, call, read and write modules: those of torch.nn and those that the program's own classes make."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Class, Instance, Maker, Moded, Special, Written
from vizgraph.engine.library import containers, things
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.layers import BY_KIND, LAYERS, Layer, check_depth
from vizgraph.engine.library.methods import PLAIN, SPECIALS, check_modest
from vizgraph.engine.library.table import Kind
from vizgraph.engine.walls import admission, gate

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


class Network(Instance, nn.Module):
    """A module made by a class of the program; ``ready`` once its __init__ called that of nn.Module."""

    def __init__(self, written: Class) -> None:
        nn.Module.__init__(self)
        self.written, self.names, self.ready = written, {}, False
        self.text = ""  # what its own extra_repr said when it was asked last

    def extra_repr(self) -> str:
        return self.text or ""

    def _get_name(self) -> str:  # what torch prints
        return self.written.name


# --- making --------------------------------------------------------------------


def _maker(name: str, layer: Layer) -> Maker:
    def make(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> nn.Module:
        if layer.kind in containers.HOLDERS:
            return containers.make(i, node, layer.kind, arguments)
        function = Function(name, Kind.CREATE, layer.kind)
        checked = {key: value for key, value in keywords.items() if key != "inplace" or layer.kind is not nn.ReLU}
        admission.check(i, node, function, arguments, checked)
        check_depth(name, arguments, keywords)
        _check_size(name, layer, arguments, keywords)
        module = layer.kind(*arguments, **keywords)
        for parameter in module.parameters():
            i.recorder.found("parameter", parameter, i.text(node), i.span(node), kind="leaf")
        return module

    return Maker(name, make, layer.kind)


def _check_size(name: str, layer: Layer, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Count the numbers of the largest parameter before it costs memory."""
    for number in _integers((*arguments, *keywords.values())):
        gate.check_size(name, abs(number))
    if layer.numbers is None:
        return
    try:
        count = layer.numbers(*arguments, **keywords)
    except (TypeError, ValueError):  # what is wrong with the call, the real one will say
        return
    if isinstance(count, (int, float)):
        gate.check_size(name, int(count))


def _integers(values: Any) -> Iterator[int]:
    for value in values:
        if isinstance(value, int):
            yield value
        elif isinstance(value, (tuple, list)):
            yield from _integers(value)


def give_name(i: Interpreter, module: nn.Module, name: str) -> None:
    """Name the parameters of a module by their path; inside its own methods it has no name yet."""
    if "self" not in i.scope.of_function().names:
        i.paths.name(module, name)
        for path, tensor in module.named_parameters():
            i.recorder.name(tensor, f"{name}.{path}")


# --- calling -------------------------------------------------------------------


def call(
    i: Interpreter,
    module: nn.Module,
    arguments: list[Any],
    keywords: dict[str, Any],
    node: ast.AST,
    expression: str | None = None,
) -> Any:
    """Call a module, and the hooks of the program around it."""
    hooks = i.hooks_of(module)
    if not hooks:
        return _forward(i, module, arguments, keywords, node, expression)
    for hook in hooks:
        if hook.before:
            given = calls.call(i, hook.function, [module, tuple(arguments)], {}, node)
            if given is not None:
                arguments = list(given) if isinstance(given, tuple) else [given]
    result = _forward(i, module, arguments, keywords, node, expression)
    for hook in hooks:
        if not hook.before:
            given = calls.call(i, hook.function, [module, tuple(arguments), result], {}, node)
            result = result if given is None else given
    return result


def _forward(
    i: Interpreter,
    module: nn.Module,
    arguments: list[Any],
    keywords: dict[str, Any],
    node: ast.AST,
    expression: str | None,
) -> Any:
    """What happens inside a module runs through the tables like everything else, and is recorded as happening there."""
    i.step(node)
    layer = BY_KIND.get(type(module))
    with i.paths.within(i.recorder, module, kind_of(module)):
        if isinstance(module, nn.Sequential):
            return _in_sequence(i, module, arguments, node)
        if isinstance(module, nn.Identity):
            return arguments[0] if arguments else None
        if isinstance(module, Network):
            members = module.written.members
            forward = members.get("__call__") or members.get("forward") or module.names.get("forward")
            if isinstance(forward, (Written, Moded)):
                return calls.call(i, forward, [module, *arguments], keywords, node)
        elif layer is not None and layer.forward is not None:
            with i.explaining(node):
                function, operands, named = layer.forward(module, *arguments, **keywords)
            return i.apply(function, operands, named, node, expression)
        raise _without_forward(i, module, node)


def _without_forward(i: Interpreter, module: nn.Module, node: ast.AST) -> Exception:
    said = f'Module [{kind_of(module)}] is missing the required "forward" function'
    members = module.written.members if isinstance(module, Network) else {}
    near = difflib.get_close_matches("forward", list(members), n=1)
    hint = (
        f"write def forward instead of def {near[0]}" if near else "define forward in the class: def forward(self, x):"
    )
    return i.failure(node, said, hint, NotImplementedError)


def _in_sequence(i: Interpreter, module: nn.Sequential, arguments: list[Any], node: ast.AST) -> Any:
    if len(arguments) != 1:
        raise i.failure(node, f"Sequential.forward() takes 2 positional arguments but {len(arguments) + 1} were given")
    name = i.text(node.func) if isinstance(node, ast.Call) else "module"
    (value,) = arguments
    for place, inner in enumerate(module):
        value = call(i, inner, [value], {}, node, f"{name}[{place}](…)")
    return value


# --- attributes ----------------------------------------------------------------


def read(i: Interpreter, owner: nn.Module, node: ast.Attribute) -> Any:
    """Return ``module.name``: what the program stored, a parameter or module inside, or a method of the table."""
    name = node.attr
    for table in _tables(owner):
        if name in table:
            value = table[name]
            if isinstance(value, Tensor):
                i.recorder.looked_at(value, i.text(node), i.span(node))
            return value
    if isinstance(owner, Network) and name in owner.written.members:
        return things.member(i, owner, name, node)
    if name == "_modules":
        return containers.inside(owner)
    return of_every(i, owner, node)


def of_every(i: Interpreter, owner: nn.Module, node: ast.Attribute) -> Any:
    """Return what every module has: a method of the table, or a plain attribute."""
    name = node.attr
    if name in PLAIN:
        value = PLAIN[name](owner)
        if value is not NotImplemented:
            return value
    if name in SPECIALS:
        with i.explaining(node):
            check_modest(owner)
        return Bound(Special(name, SPECIALS[name]), owner)
    known = tuple(known for table in _tables(owner) for known in table)
    raise things.missing(i, node, kind_of(owner), known)


def kind_of(module: nn.Module) -> str:
    return module.written.name if isinstance(module, Network) else type(module).__name__


def _tables(owner: nn.Module) -> Iterator[Any]:
    if isinstance(owner, Network):
        yield owner.names
    yield owner._parameters
    yield owner._buffers
    yield owner._modules


def write(i: Interpreter, owner: nn.Module, node: ast.Attribute, value: Any) -> None:
    """Do ``module.name = value``: parameters and modules become parts of it, everything else just stays there."""
    name = node.attr
    if isinstance(owner, Network) and things.assign_property(i, owner, node, value):
        return
    if name == "training" and isinstance(value, (bool, int)):
        owner.training = bool(value)
        return
    tables: dict[str, Any] = {"parameters": owner._parameters, "module": owner._modules, "names": {}}
    if isinstance(owner, Network):
        tables["names"] = owner.names
    elif not isinstance(value, (nn.Parameter, nn.Module)) and not (value is None and name in owner._parameters):
        raise i.refuse(node, f"the attribute {name} can't be assigned", "write into its parameters")
    home = "parameters" if isinstance(value, nn.Parameter) else "module" if isinstance(value, nn.Module) else "names"
    if isinstance(owner, Network) and home != "names" and not owner.ready:
        raise i.failure(node, f"cannot assign {home} before Module.__init__() call", "write super().__init__() first",
                        AttributeError)  # fmt: skip
    if home == "names" and name in owner._parameters:
        if value is not None:
            raise i.failure(node, f"cannot assign '{_torch_name(value)}' as parameter '{name}' "
                                  "(torch.nn.Parameter or None expected)")  # fmt: skip
        home = "parameters"
    if home == "names" and name in owner._buffers and (value is None or isinstance(value, Tensor)):
        owner._buffers[name] = value
        return
    for table in (*tables.values(), owner._buffers):
        table.pop(name, None)
    tables[home][name] = value
    if isinstance(value, nn.Module):
        with i.explaining(node):
            check_modest(owner)


def _torch_name(value: Any) -> str:
    return "torch.FloatTensor" if isinstance(value, Tensor) else type(value).__name__


NN: Final[dict[str, Special]] = {name: _maker(name, layer) for name, layer in LAYERS.items()} | {
    "Parameter": Special("Parameter", containers.parameter)
}
