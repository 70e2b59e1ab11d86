"""Make, call, read and write modules: those of torch.nn and those that the program's own classes make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from torch import Tensor, nn

from vizgraph.engine.evaluation import calls
from vizgraph.engine.evaluation.values import Bound, Class, Instance, Maker, Special, Written
from vizgraph.engine.library import things
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.layers import BY_KIND, LAYERS, Layer, check_depth
from vizgraph.engine.library.methods import MOST_MODULES, PLAIN, SPECIALS, check_modest
from vizgraph.engine.library.table import Kind
from vizgraph.engine.walls import admission, gate

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

HOLDERS: Final = (nn.Sequential, nn.ModuleList)


class Network(Instance, nn.Module):
    """A module made by a class of the program; ``ready`` once its __init__ called that of nn.Module."""

    def __init__(self, written: Class) -> None:
        nn.Module.__init__(self)
        self.written, self.names, self.ready = written, {}, False

    def _get_name(self) -> str:  # what torch prints
        return self.written.name


# --- making --------------------------------------------------------------------


def _maker(name: str, layer: Layer) -> Maker:
    def make(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> nn.Module:
        if layer.kind in HOLDERS:
            return _holder(i, node, layer.kind, arguments)
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


def _holder(i: Interpreter, node: ast.AST, kind: type[nn.Module], arguments: tuple[Any, ...]) -> nn.Module:
    inner = arguments if kind is nn.Sequential else tuple(i.items(arguments[0], node)) if arguments else ()
    for place, module in enumerate(inner):
        if not isinstance(module, nn.Module):
            raise i.failure(node, f"{type(module).__name__} is not a Module subclass")
        if place > MOST_MODULES:
            break
    holder = kind(*inner) if kind is nn.Sequential else kind(inner)
    check_modest(holder)
    return holder


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


def parameter(i: Interpreter, node: ast.AST, data: Any = None, requires_grad: bool = True) -> Tensor:
    """Do nn.Parameter(data): a leaf that modules know as theirs."""
    if not isinstance(data, Tensor):
        raise i.failure(node, "Parameter needs a tensor", "write nn.Parameter(torch.tensor([1.0, 2.0]))")
    entry = i.recorder.begin("parameter", [data], {}, i.text(node), i.span(node))
    made = nn.Parameter(data, requires_grad)
    i.recorder.finish(entry, made, kind="leaf" if requires_grad else "constant")
    return made


def give_name(i: Interpreter, module: nn.Module, name: str) -> None:
    """Name the parameters of a module by their path; inside its own methods it has no name yet."""
    if "self" not in i.scope.names:
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
    """Call a module; what happens inside runs through the tables like everything else."""
    i.step(node)
    if isinstance(module, nn.Sequential):
        return _in_sequence(i, module, arguments, node)
    if isinstance(module, nn.Identity):
        return arguments[0] if arguments else None
    layer = BY_KIND.get(type(module))
    if isinstance(module, Network):
        forward = module.written.members.get("forward")
        if isinstance(forward, Written):
            return calls.call_written(i, forward, [module, *arguments], keywords, node)
    elif layer is not None and layer.forward is not None:
        with i.explaining(node):
            function, operands, named = layer.forward(module, *arguments, **keywords)
        return i.apply(function, operands, named, node, expression)
    said = f'Module [{_kind(module)}] is missing the required "forward" function'
    raise i.failure(node, said, kind=NotImplementedError)


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
        return things.member(owner, name)
    if name in PLAIN:
        value = PLAIN[name](owner)
        if value is not NotImplemented:
            return value
    if name in SPECIALS:
        with i.explaining(node):
            check_modest(owner)
        return Bound(Special(name, SPECIALS[name]), owner)
    known = tuple(known for table in _tables(owner) for known in table)
    raise things.missing(i, node, _kind(owner), known)


def _kind(module: nn.Module) -> str:
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


def item(i: Interpreter, node: ast.AST, owner: nn.Module, index: Any) -> Any:
    """Return one module of a Sequential or a ModuleList, or a part of it."""
    if not isinstance(owner, HOLDERS) or not isinstance(index, (int, slice)):
        raise i.failure(node, f"'{_kind(owner)}' object is not subscriptable")
    with i.explaining(node):
        return owner[index]


def items(i: Interpreter, node: ast.AST, owner: nn.Module) -> Iterator[Any]:
    if not isinstance(owner, HOLDERS):
        raise i.failure(node, f"'{_kind(owner)}' object is not iterable")
    return iter(list(owner))


NN: Final[dict[str, Special]] = {name: _maker(name, layer) for name, layer in LAYERS.items()} | {
    "Parameter": Special("Parameter", parameter)
}
