"""Give the small parts of Python's own library that tutorials import: time, and what annotates, draws or silences.

Like its neighbours chance, collecting, iterating and copying a table of functions written here; nothing of the
real modules can be reached. The clock counts the steps of the program, so that the same program prints the same
in every process.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from vizgraph.engine.evaluation.values import Ignored, Special, specials

if TYPE_CHECKING:
    from vizgraph.engine.evaluation.interpreter import Interpreter


# --- time --------------------------------------------------------------------------

MICROSECONDS: Final = 1e-6  # that a step seems to take
EPOCH: Final = 1_700_000_000.0  # where the clock begins


def _time(i: Interpreter, node: ast.AST) -> float:
    return EPOCH + i.steps * MICROSECONDS


def _counter(i: Interpreter, node: ast.AST) -> float:
    return i.steps * MICROSECONDS


def _sleep(i: Interpreter, node: ast.AST, seconds: float) -> None:
    """Nothing waits here."""


TIME: Final = specials({
    "time": _time, "perf_counter": _counter, "monotonic": _counter, "process_time": _counter, "sleep": _sleep,
})  # fmt: skip


# --- what only annotates, draws or silences ----------------------------------------

HINT: Final = Ignored()
HINTS: Final = (
    "Any Callable Dict Final Generator Generic Iterable Iterator List Literal Mapping NamedTuple Optional Protocol "
    "Sequence Set Tuple Type TypeVar Union overload cast"
)
TYPING: Final = dict.fromkeys(HINTS.split(), HINT)
OF_COLLECTIONS: Final = dict.fromkeys("Callable Iterable Iterator Sequence Mapping Generator".split(), HINT)
FUTURE: Final = {"annotations": HINT, "division": HINT, "print_function": HINT}
ABC: Final = {"ABC": HINT, "abstractmethod": Special("abstractmethod", lambda i, node, method: method)}
WARNINGS: Final = specials({
    "filterwarnings": lambda i, node, *given, **named: None,
    "simplefilter": lambda i, node, *given, **named: None,
    "warn": lambda i, node, message, *given, **named: i.warn(str(message)[:500]),
})  # fmt: skip
