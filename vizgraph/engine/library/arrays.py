"""Give the few functions of numpy with which tutorials make values, and arrays as plain values.

Arrays hold numbers only and are bounded like tensors. They share memory with
tensors as in torch; a write to an array makes what was recorded of those old.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from vizgraph.engine.evaluation import operators
from vizgraph.engine.evaluation.values import Bound, Maker, Special
from vizgraph.engine.library.functions import Function
from vizgraph.engine.library.table import Kind
from vizgraph.engine.walls import gate

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Array: TypeAlias = np.ndarray[Any, Any]
Call = Callable[..., Any]
ARRAYS: Final = (np.ndarray, np.generic)
PLAIN: Final = (int, float, type(None), slice, type(...))
DTYPES: Final = {
    "float32": np.float32, "float64": np.float64, "int32": np.int32, "int64": np.int64, "bool_": np.bool_,
}  # fmt: skip
_GENERATORS: WeakKeyDictionary[Any, np.random.RandomState] = WeakKeyDictionary()


def _checked(i: Interpreter, node: ast.AST, values: Any) -> None:
    """Admit numbers, arrays, and lists of them."""
    operators.weigh(values)
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, (list, tuple)):
            stack.extend(value)
        elif not isinstance(value, (*PLAIN, *ARRAYS)) and value not in DTYPES.values():
            raise i.refuse(node, f"numpy can't take {type(value).__name__.lower()} here", "give it numbers or arrays")


def _bounded(result: Any) -> Any:
    for array in result if isinstance(result, tuple) else (result,):
        if isinstance(array, np.ndarray):
            gate.check_size("this", array.size)
            if array.dtype.kind not in "biuf":
                raise TypeError("an array holds numbers here")
    return result


def _function(name: str, call: Call) -> Special:
    def run(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(keywords.get("dtype"), Special):  # Python's float and int
            keywords["dtype"] = PYTHON.get(keywords["dtype"].name)
        _checked(i, node, (*arguments, *keywords.values()))
        _check_size(name, arguments)
        return _bounded(call(*arguments, **keywords))

    return Special(name, run)


def _check_size(name: str, arguments: tuple[Any, ...]) -> None:
    """Bound what arrays become together, side by side or broadcast, before it costs memory."""
    for value in arguments:
        if isinstance(value, (list, tuple)):
            gate.check_size(name, sum(item.size for item in value if isinstance(item, np.ndarray)))
    shapes = [value.shape for value in arguments if isinstance(value, np.ndarray)]
    if len(shapes) > 1:
        try:
            gate.check_size(name, math.prod(np.broadcast_shapes(*shapes)))
        except ValueError:  # numpy will say what does not fit
            return


PYTHON: Final = {"float": np.float64, "int": np.int64, "bool": np.bool_}


def _sized(name: str, call: Call, *, last: bool = False) -> Special:
    """A function that is given the shape of its result; ``last``: as its last arguments, one each."""

    def run(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
        _checked(i, node, (*arguments, *keywords.values()))
        shape = arguments if last else arguments[0] if arguments else keywords.get("shape", 1)
        sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
        gate.check_size(name, math.prod(abs(size) for size in sizes if isinstance(size, int)))
        return _bounded(call(i)(*arguments, **keywords) if last else call(*arguments, **keywords))

    return Special(name, run)


def _drawn(name: str, call: Call, place: int) -> Special:
    """A function that draws numbers; ``place``: where it is told how many."""

    def run(i: Interpreter, node: ast.AST, *arguments: Any, **keywords: Any) -> Any:
        _checked(i, node, (*arguments, *keywords.values()))
        size = keywords.get("size", arguments[place] if len(arguments) > place else 1)
        sizes = size if isinstance(size, (tuple, list)) else (size,)
        gate.check_size(name, math.prod(abs(size) for size in sizes if isinstance(size, int)))
        return _bounded(call(_random(i))(*arguments, **keywords))

    return Special(name, run)


def _random(i: Interpreter) -> np.random.RandomState:
    return _GENERATORS.setdefault(i, np.random.RandomState(0))


def _seed(i: Interpreter, node: ast.AST, seed: int = 0) -> None:
    _GENERATORS[i] = np.random.RandomState(int(seed))


def _arange(i: Interpreter, node: ast.AST, *bounds: float, **keywords: Any) -> Any:
    _checked(i, node, (*bounds, *keywords.values()))
    gate.check_size("arange", gate.length_of_range(*bounds) if 0 < len(bounds) < 4 else 0)
    return _bounded(np.arange(*bounds, **keywords))


def _linspace(i: Interpreter, node: ast.AST, start: float, stop: float, num: int = 50, **keywords: Any) -> Any:
    _checked(i, node, (start, stop, num, *keywords.values()))
    gate.check_size("linspace", abs(int(num)))
    return _bounded(np.linspace(start, stop, num, **keywords))


_FUNCTIONS: Final[dict[str, Call]] = {
    "array": np.array, "asarray": np.asarray, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sin": np.sin,
    "cos": np.cos, "tan": np.tan, "tanh": np.tanh, "abs": np.abs, "power": np.power, "maximum": np.maximum,
    "minimum": np.minimum, "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "std": np.std,
    "argmax": np.argmax, "allclose": np.allclose, "round": np.round, "sign": np.sign, "square": np.square,
    "where": np.where, "stack": np.stack, "concatenate": np.concatenate, "transpose": np.transpose,
    "zeros_like": np.zeros_like, "ones_like": np.ones_like, "sort": np.sort, "cumsum": np.cumsum, "prod": np.prod,
    "column_stack": np.column_stack, "vstack": np.vstack, "hstack": np.hstack, "isclose": np.isclose,
}  # fmt: skip
RANDOM: Final = {
    "seed":    Special("seed", _seed),
    "rand":    _sized("rand", lambda i: _random(i).rand, last=True),
    "randn":   _sized("randn", lambda i: _random(i).randn, last=True),
    "randint": _drawn("randint", lambda random: random.randint, 2),
    "uniform": _drawn("uniform", lambda random: random.uniform, 2),
    "normal":  _drawn("normal", lambda random: random.normal, 2),
}  # fmt: skip


def _no_memory(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Any:
    raise i.refuse(node, "np.ndarray(...) is not in the language", "write np.zeros(3)")


NUMPY: Final[dict[str, Any]] = {name: _function(name, call) for name, call in _FUNCTIONS.items()} | {
    "arange":   Special("arange", _arange),
    "linspace": Special("linspace", _linspace),
    "zeros":    _sized("zeros", np.zeros),
    "ones":     _sized("ones", np.ones),
    "full":     _sized("full", np.full),
    "eye":      Special("eye", lambda i, node, n: _eye(n)),
    "ndarray":  Maker("ndarray", _no_memory, np.ndarray),
    "pi":       np.pi,
    "e":        np.e,
    "inf":      np.inf,
    "nan":      np.nan,
    "newaxis":  None,
} | DTYPES  # fmt: skip


def _eye(n: int) -> Array:
    gate.check_size("eye", int(n) ** 2)
    return np.eye(int(n))


# --- tensors and arrays ------------------------------------------------------------


def from_numpy(i: Interpreter, node: ast.AST, array: Any) -> Any:
    if not isinstance(array, np.ndarray):
        raise i.failure(node, f"expected np.ndarray (got {type(array).__name__})")
    return i.apply(FROM_NUMPY, [array], {}, node)


FROM_NUMPY: Final = Function("from_numpy", Kind.CREATE, torch.from_numpy)


def to_numpy(i: Interpreter, node: ast.AST, tensor: Tensor) -> Any:
    if tensor.requires_grad:
        said = "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
        raise i.failure(node, said, kind=RuntimeError)
    return tensor.numpy()


# --- what programs do with arrays -----------------------------------------------------


def combine(operator: str, left: Any, right: Any) -> Any:
    """Apply an operator of Python to arrays; its size is known before."""
    shapes = [value.shape for value in (left, right) if isinstance(value, ARRAYS)]
    if operator == "MatMult":
        gate.check_size("matmul", math.prod(math.prod(shape) // (shape[-1] or 1) for shape in shapes if shape))
    else:
        gate.check_size("this", math.prod(np.broadcast_shapes(*shapes)))
    if not all(isinstance(value, (*PLAIN, *ARRAYS, list)) for value in (left, right)):
        raise TypeError("an array can be combined with numbers and arrays")
    table = operators.BINARY if operator in operators.BINARY else operators.COMPARE
    return _bounded(table[operator].call(left, right))


def item(i: Interpreter, node: ast.AST, owner: Any, index: Any) -> Any:
    _checked(i, node, index if isinstance(index, tuple) else (index,))
    return _bounded(owner[index])


def write(i: Interpreter, node: ast.AST, owner: Any, index: Any, value: Any) -> None:
    _checked(i, node, (*(index if isinstance(index, tuple) else (index,)), value))
    owner[index] = value
    for tensor in i.recorder.tensors():
        if not tensor.requires_grad and np.may_share_memory(tensor.numpy(), owner):
            i.recorder.outdated(tensor)


def items(owner: Any) -> Iterator[Any]:
    return iter(list(owner))


def _reshape(i: Interpreter, node: ast.AST, array: Array, *shape: Any) -> Array:
    _checked(i, node, shape)
    return array.reshape(*shape)


def _astype(i: Interpreter, node: ast.AST, array: Array, dtype: Any) -> Array:
    kind = PYTHON.get(dtype.name) if isinstance(dtype, Special) else dtype
    _checked(i, node, (kind,))
    return array.astype(kind)


def _reduction(call: Call) -> Call:
    def run(i: Interpreter, node: ast.AST, array: Any, *arguments: Any, **keywords: Any) -> Any:
        _checked(i, node, (*arguments, *keywords.values()))
        return call(array, *arguments, **keywords)

    return run


METHODS: Final[dict[str, Call]] = {
    "reshape": _reshape,
    "astype":  _astype,
    "sum":     _reduction(np.sum),
    "mean":    _reduction(np.mean),
    "max":     _reduction(np.max),
    "min":     _reduction(np.min),
    "std":     _reduction(np.std),
    "argmax":  _reduction(np.argmax),
    "copy":    lambda i, node, array: array.copy(),
    "tolist":  lambda i, node, array: array.tolist(),
    "item":    lambda i, node, array: array.item(),
    "flatten": lambda i, node, array: array.flatten(),
}  # fmt: skip
ATTRIBUTES: Final[dict[str, Callable[[Any], Any]]] = {
    "shape": lambda array: array.shape,
    "size":  lambda array: array.size,
    "ndim":  lambda array: array.ndim,
    "dtype": lambda array: str(array.dtype),
    "T":     lambda array: array.T,
}  # fmt: skip


def read(i: Interpreter, owner: Any, node: ast.Attribute) -> Any:
    if node.attr in ATTRIBUTES:
        return ATTRIBUTES[node.attr](owner)
    if node.attr in METHODS:
        return Bound(Special(node.attr, METHODS[node.attr]), owner)
    raise i.refuse(node, f"the attribute {node.attr} of an array is not in the language", "make a tensor of it")
