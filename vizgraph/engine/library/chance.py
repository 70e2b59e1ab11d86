"""Give Python's module random: every program begins with the same numbers."""

from __future__ import annotations

import ast
import random
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from vizgraph import limits
from vizgraph.engine.evaluation.faults import TooLarge
from vizgraph.engine.evaluation.values import specials

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


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


RANDOM: Final = specials({
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
