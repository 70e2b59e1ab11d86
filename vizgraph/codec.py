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
    if kind is model.Program:
        return language.parse(data)
    if kind is model.Formula:
        return model.Formula(_frozen(data))
    if dataclasses.is_dataclass(kind):
        build: Any = kind
        return build(**{name: _decode(hint, data[name]) for name, hint in _fields(typing.cast(Any, kind)).items()})
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        kinds = [arguments[0]] * len(data) if arguments[-1] is Ellipsis else arguments
        return tuple(_decode(k, item) for k, item in zip(kinds, data, strict=True))
    if origin in (typing.Union, types.UnionType):
        return _decode_union(arguments, data)
    if kind is float or kind is model.Number:
        return NONFINITE.get(data, data) if isinstance(data, str) else data
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
