"""Give the parts of Python's own library that tutorials import: time, random, collections, itertools, functools.

Each is a table of functions written here; nothing of the real modules can be reached. The clock counts the steps
of the program, so that the same program prints the same in every process.
"""

from __future__ import annotations

import ast
import itertools
import math
import random
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from torch import Tensor, nn

from vizgraph import limits
from vizgraph.engine.evaluation import calls, operators
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import Class, Ignored, Instance, Maker, Special, Thing
from vizgraph.engine.library import things

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter

Call = Callable[..., Any]


def _special(table: dict[str, Call]) -> dict[str, Any]:
    return {name: Special(name, call) for name, call in table.items()}


# --- time ------------------------------------------------------------------------

MICROSECONDS: Final = 1e-6  # that a step seems to take
EPOCH: Final = 1_700_000_000.0  # where the clock begins


def _time(i: Interpreter, node: ast.AST) -> float:
    return EPOCH + i.steps * MICROSECONDS


def _counter(i: Interpreter, node: ast.AST) -> float:
    return i.steps * MICROSECONDS


def _sleep(i: Interpreter, node: ast.AST, seconds: float) -> None:
    """Nothing waits here."""


TIME: Final = _special({
    "time": _time, "perf_counter": _counter, "monotonic": _counter, "process_time": _counter, "sleep": _sleep,
})  # fmt: skip


# --- random ------------------------------------------------------------------------

_GENERATORS: WeakKeyDictionary[Any, random.Random] = WeakKeyDictionary()


def _random(i: Interpreter) -> random.Random:
    return _GENERATORS.setdefault(i, random.Random(0))  # noqa: S311 - the numbers of a lesson, not of a cipher


def _seed(i: Interpreter, node: ast.AST, seed: int | float | str | None = 0) -> None:
    if not isinstance(seed, (int, float, str, type(None))):
        raise i.failure(node, "The only supported seed types are: None, int, float, str, bytes, and bytearray.")
    _GENERATORS[i] = random.Random(0 if seed is None else seed)  # noqa: S311


def _shuffle(i: Interpreter, node: ast.AST, items: list[Any]) -> None:
    if not isinstance(items, list):
        raise i.failure(node, f"'{type(items).__name__}' object does not support item assignment")
    _random(i).shuffle(items)


def _picked(i: Interpreter, node: ast.AST, items: Any) -> Any:
    return _random(i).choice(items if isinstance(items, range) else i.items(items, node))


def _sample(i: Interpreter, node: ast.AST, items: Any, k: int) -> list[Any]:
    return _random(i).sample(items if isinstance(items, range) else i.items(items, node), _small(k))


def _choices(i: Interpreter, node: ast.AST, items: Any, weights: Any = None, *, k: int = 1) -> list[Any]:
    return _random(i).choices(i.items(items, node), None if weights is None else i.items(weights, node), k=_small(k))


def _small(count: int) -> int:
    if isinstance(count, int) and count > limits.SEQUENCE_ITEMS:
        raise TooLarge(f"a sequence of {count:,} items; at most {limits.SEQUENCE_ITEMS:,} are allowed")
    return count


RANDOM: Final = _special({
    "seed":    _seed,
    "random":  lambda i, node: _random(i).random(),
    "uniform": lambda i, node, a, b: _random(i).uniform(a, b),
    "gauss":   lambda i, node, mu=0.0, sigma=1.0: _random(i).gauss(mu, sigma),
    "normalvariate": lambda i, node, mu=0.0, sigma=1.0: _random(i).normalvariate(mu, sigma),
    "randint": lambda i, node, a, b: _random(i).randint(a, b),
    "randrange": lambda i, node, *bounds: _random(i).randrange(*bounds),
    "choice":  _picked,
    "choices": _choices,
    "sample":  _sample,
    "shuffle": _shuffle,
})  # fmt: skip


# --- collections -----------------------------------------------------------------------


def _ordered(i: Interpreter, node: ast.AST, pairs: Any = (), **named: Any) -> Any:
    found: OrderedDict[Any, Any] = OrderedDict()
    for pair in list(pairs.items()) if isinstance(pairs, dict) else i.items(pairs, node):
        key, value = i.items(pair, node)
        operators.check_key(key)
        found[key] = value
    found.update(named)
    return found


def _defaulted(i: Interpreter, node: ast.AST, make: Any = None) -> Any:
    return defaultdict(None if make is None else lambda: calls.call(i, make, [], {}, node))


def _counted(i: Interpreter, node: ast.AST, items: Any = ()) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for item in i.items(items, node):
        operators.check_key(item)
        found[item] = found.get(item, 0) + 1
    return found


def _fields(i: Interpreter, node: ast.AST, name: Any, fields: Any) -> Class:
    """A class of objects with these attributes, which are also its items."""
    names = fields.replace(",", " ").split() if isinstance(fields, str) else [str(one) for one in i.items(fields, node)]

    def make(i: Interpreter, node: ast.AST, *given: Any, **named: Any) -> Thing:
        made = Thing(whole)
        values = dict(zip(names, given, strict=False)) | named
        if set(values) != set(names) or len(given) > len(names):
            raise i.failure(node, f"{name}() needs a value for each of {', '.join(names)}")
        made.names.update((key, values[key]) for key in names)
        return made

    whole = Class(str(name), make, {
        "__iter__":    Special("__iter__", lambda i, node, owner: iter(list(owner.names.values()))),
        "__getitem__": Special("__getitem__", lambda i, node, owner, place: list(owner.names.values())[place]),
        "__len__":     Special("__len__", lambda i, node, owner: len(owner.names)),
        "__repr__":    Special("__repr__", _described),
    }, None, Thing)  # fmt: skip
    return whole


def _described(i: Interpreter, node: ast.AST, owner: Instance) -> str:
    """The text of an object with fields: Point(x=1, y=2)."""
    names = owner.written.members.get(things.FIELDS) or tuple(owner.names)
    parts = ", ".join(f"{name}={i.repr(owner.names[name], node)}" for name in names)
    return f"{owner.written.name}({parts})"


COLLECTIONS: Final[dict[str, Any]] = _special({
    "defaultdict": _defaulted, "Counter": _counted, "namedtuple": _fields,
}) | {"OrderedDict": Maker("OrderedDict", _ordered, OrderedDict)}  # fmt: skip


# --- dataclasses ---------------------------------------------------------------------------


def _dataclass(i: Interpreter, node: ast.AST, made: Any = None, **options: Any) -> Any:
    """Do @dataclass: an __init__ and a text of the fields."""
    if made is None:
        return Special("dataclass", _dataclass)
    if not isinstance(made, Class):
        raise i.failure(node, "dataclass decorates a class", "write @dataclass above a class")
    fields = made.members.get(things.FIELDS, ())

    def begin(i: Interpreter, node: ast.AST, owner: Any, *given: Any, **named: Any) -> None:
        values = _values(i, node, made, fields, given, named)
        owner.ready = True
        owner.names.update(values)
        after = made.members.get("__post_init__")
        if after is not None:
            calls.call(i, after, [owner], {}, node)

    made.members.setdefault("__init__", Special("__init__", begin))
    made.members.setdefault("__repr__", Special("__repr__", _described))
    return made


def _values(
    i: Interpreter, node: ast.AST, made: Class, fields: tuple[str, ...], given: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, Any]:
    values = dict(zip(fields, given, strict=False)) | named
    unknown = next((name for name in values if name not in fields), None)
    if unknown is not None or len(given) > len(fields):
        said = f"got an unexpected keyword argument '{unknown}'" if unknown else f"takes {len(fields) + 1} arguments"
        raise i.failure(node, f"{made.name}.__init__() {said}")
    for name in fields:
        default = made.members.get(name, things)
        if name not in values and default is things:
            said = f"missing 1 required positional argument: '{name}'"
            raise i.failure(node, f"{made.name}.__init__() {said}")
        if name not in values:
            values[name] = calls.call(i, default.make, [], {}, node) if isinstance(default, Field) else default
    return {name: values[name] for name in fields}


class Field:
    """The default of a field that is made anew for each object."""

    def __init__(self, make: Any) -> None:
        self.make = make


def _field(i: Interpreter, node: ast.AST, *, default: Any = None, default_factory: Any = None) -> Any:
    return default if default_factory is None else Field(default_factory)


DATACLASSES: Final = _special({"dataclass": _dataclass, "field": _field})


# --- itertools and functools ---------------------------------------------------------------


def _bounded(i: Interpreter, node: ast.AST, items: Iterator[Any]) -> Iterator[Any]:
    for item in items:
        i.step(node)
        yield item


def _lists(i: Interpreter, node: ast.AST, many: tuple[Any, ...]) -> list[list[Any]]:
    return [i.items(one, node) for one in many]


def _product(i: Interpreter, node: ast.AST, *many: Any, repeat: int = 1) -> Iterator[Any]:
    rows = _lists(i, node, many)
    count = math.prod(len(row) for row in rows) ** min(int(repeat), 64)
    if count > limits.SEQUENCE_ITEMS or int(repeat) > 64:
        raise TooLarge(f"a product of more than {limits.SEQUENCE_ITEMS:,} items")
    return iter(list(itertools.product(*rows, repeat=repeat)))


def _several(choose: Call) -> Call:
    def call(i: Interpreter, node: ast.AST, items: Any, r: int | None = None) -> Iterator[Any]:
        found = i.items(items, node)
        return _bounded(i, node, choose(found, len(found) if r is None else r))

    return call


def _chain(i: Interpreter, node: ast.AST, *many: Any) -> Iterator[Any]:
    return itertools.chain.from_iterable(i.iterate(one, node) for one in many)


def _count(i: Interpreter, node: ast.AST, start: int = 0, step: int = 1) -> Iterator[Any]:
    return _bounded(i, node, itertools.count(start, step))


def _cycle(i: Interpreter, node: ast.AST, items: Any) -> Iterator[Any]:
    return _bounded(i, node, itertools.cycle(i.items(items, node)))


def _repeated(i: Interpreter, node: ast.AST, item: Any, times: int | None = None) -> Iterator[Any]:
    return _bounded(i, node, itertools.repeat(item) if times is None else itertools.repeat(item, times))


def _sliced(i: Interpreter, node: ast.AST, items: Any, *bounds: int | None) -> Iterator[Any]:
    return itertools.islice(i.iterate(items, node), *bounds)


def _accumulated(i: Interpreter, node: ast.AST, items: Any, function: Any = None) -> Iterator[Any]:
    return itertools.accumulate(i.items(items, node), lambda a, b: _combined(i, node, function, a, b))


def _combined(i: Interpreter, node: ast.AST, function: Any, left: Any, right: Any) -> Any:
    return i.add(left, right, node) if function is None else calls.call(i, function, [left, right], {}, node)


def _reduced(i: Interpreter, node: ast.AST, function: Any, items: Any, *start: Any) -> Any:
    found = [*start, *i.items(items, node)]
    if not found:
        raise TypeError("reduce() of empty iterable with no initial value")
    total = found[0]
    for item in found[1:]:
        total = calls.call(i, function, [total, item], {}, node)
    return total


def _partial(i: Interpreter, node: ast.AST, function: Any, *given: Any, **named: Any) -> Special:
    def call(i: Interpreter, node: ast.AST, *more: Any, **others: Any) -> Any:
        i.step(node)
        return calls.call(i, function, [*given, *more], {**named, **others}, node)

    return Special("partial", call)


def _wraps(i: Interpreter, node: ast.AST, function: Any) -> Special:
    return Special("wraps", lambda i, node, wrapper: wrapper)


def _cached(i: Interpreter, node: ast.AST, function: Any = None, **options: Any) -> Any:
    return Special("lru_cache", _cached) if function is None or isinstance(function, int) else function


ITERTOOLS: Final = _special({
    "product": _product, "combinations": _several(itertools.combinations),
    "permutations": _several(itertools.permutations), "chain": _chain, "count": _count, "cycle": _cycle,
    "repeat": _repeated, "islice": _sliced, "accumulate": _accumulated,
})  # fmt: skip
FUNCTOOLS: Final = _special({
    "reduce": _reduced, "partial": _partial, "wraps": _wraps, "lru_cache": _cached, "cache": _cached,
})  # fmt: skip


# --- copy ------------------------------------------------------------------------------------


def _deep(i: Interpreter, node: ast.AST, value: Any) -> Any:
    """Copy lists, dicts, tensors and modules; leaves stay leaves, as in Python."""
    operators.weigh(value)
    return _copied(i, node, value, {})


def _copied(i: Interpreter, node: ast.AST, value: Any, made: dict[int, Any]) -> Any:
    if id(value) in made:
        return made[id(value)]
    match value:
        case list():
            items: list[Any] = []
            made[id(value)] = items
            items.extend(_copied(i, node, item, made) for item in value)
            return items
        case tuple() if type(value) is tuple:
            return tuple(_copied(i, node, item, made) for item in value)
        case dict():
            made[id(value)] = found = type(value)() if isinstance(value, OrderedDict) else {}
            found.update((key, _copied(i, node, item, made)) for key, item in value.items())
            return found
        case Tensor() | nn.Module():
            made[id(value)] = i.copy(value, node)
            return made[id(value)]
        case Thing():
            made[id(value)] = other = Thing(value.written)
            other.names.update((name, _copied(i, node, item, made)) for name, item in value.names.items())
            return other
    return value


def _shallow(i: Interpreter, node: ast.AST, value: Any) -> Any:
    if isinstance(value, (list, dict, set)):
        return value.copy()
    if isinstance(value, (Tensor, nn.Module)):
        raise i.refuse(node, "copy.copy of a tensor is not in the language", "write x.clone() or copy.deepcopy(x)")
    return value


COPY: Final = _special({"deepcopy": _deep, "copy": _shallow})


# --- what only annotates, draws or silences ----------------------------------------------------

HINT: Final = Ignored()
HINTS: Final = (
    "Any Callable Dict Final Generator Generic Iterable Iterator List Literal Mapping NamedTuple Optional Protocol "
    "Sequence Set Tuple Type TypeVar Union overload cast"
)
TYPING: Final = dict.fromkeys(HINTS.split(), HINT)
OF_COLLECTIONS: Final = dict.fromkeys("Callable Iterable Iterator Sequence Mapping Generator".split(), HINT)
FUTURE: Final = {"annotations": HINT, "division": HINT, "print_function": HINT}
ABC: Final = {"ABC": HINT, "abstractmethod": Special("abstractmethod", lambda i, node, method: method)}
WARNINGS: Final = _special({
    "filterwarnings": lambda i, node, *given, **named: None,
    "simplefilter": lambda i, node, *given, **named: None,
    "warn": lambda i, node, message, *given, **named: i.warn(str(message)[:500]),
})  # fmt: skip
