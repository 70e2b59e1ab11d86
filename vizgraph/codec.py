"""Turn the frozen values into JSON data and back.

`encode` and `decode` know any dataclass of `vizgraph.model` by its annotations:
a dataclass is an object with its fields, a tuple a list, and a number that JSON
lacks is one of the strings "nan", "inf", "-inf". A `Program` is its source text.

>>> from vizgraph.model import Value
>>> encode(Value((2,), "float32", (1.0, float("nan")), 1.0, 1.0, 1.0, False))["entries"]
[1.0, 'nan']
>>> decode(Value, encode(Value((2,), "float32", (1.0, 2.0)))).shape
(2,)
"""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from vizgraph import language, model

T = TypeVar("T")

NONFINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encode(value: Any) -> Any:
    """Return ``value`` as data that `json.dumps` takes, with no NaN in it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, model.Program):
        return value.source
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, model.Formula):
        return encode(value.tree)
    if isinstance(value, model.Ref):
        return {"ref": value.id, "result": value.result}
    if isinstance(value, model.Slice):
        return {"slice": [value.start, value.stop, value.step]}
    if dataclasses.is_dataclass(value):
        return {name: encode(getattr(value, name)) for name in _fields(typing.cast(Any, type(value)))}
    raise TypeError(f"{type(value).__name__} is not a value of the line")


def decode(kind: type[T], data: Any) -> T:
    """Return the ``kind`` that `encode` made ``data`` of."""
    return typing.cast(T, _decode(kind, data))


@functools.cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _decode(kind: Any, data: Any) -> Any:
    return _reader(kind)(data)


@functools.cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How data of a kind is read: looked up once, for there may be a hundred thousand numbers of it."""
    if kind is model.Program:
        return language.parse
    if kind is model.Formula:
        return lambda data: model.Formula(_frozen(data))
    if dataclasses.is_dataclass(kind):
        build: Any = kind
        hints = _fields(build).items()
        return lambda data: build(**{name: _decode(hint, data[name]) for name, hint in hints})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and arguments[-1] is Ellipsis:
        return lambda data: tuple(map(_reader(arguments[0]), data))
    if origin is tuple:
        return lambda data: tuple(_decode(k, item) for k, item in zip(arguments, data, strict=True))
    if origin in (typing.Union, types.UnionType):
        return functools.partial(_decode_union, arguments)
    return _number if kind is float or kind is model.Number else _same


def _number(data: Any) -> Any:
    return NONFINITE.get(data, data) if isinstance(data, str) else data


def _same(data: Any) -> Any:
    return data


def _frozen(data: Any) -> Any:
    return tuple(map(_frozen, data)) if isinstance(data, list) else data


def _decode_union(kinds: tuple[Any, ...], data: Any) -> Any:
    """A value of a union tells its kind by its JSON shape; the model has no ambiguous union."""
    if data is None:
        return None
    if isinstance(data, dict) and "ref" in data:
        return model.Ref(data["ref"], data["result"])
    if isinstance(data, dict) and "slice" in data:
        return model.Slice(*data["slice"])
    if isinstance(data, list) and model.Ref in kinds:
        return tuple(_decode_union(kinds, item) for item in data)
    known = [k for k in kinds if k is not type(None)]
    if len(known) == 1:
        return _decode(known[0], data)
    is_number = str not in kinds or model.Ref in kinds  # among operands "inf" is the number
    return NONFINITE.get(data, data) if isinstance(data, str) and is_number else data
