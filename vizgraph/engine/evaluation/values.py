"""Hold the values of the language that are neither numbers nor tensors."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch.autograd.function import BackwardCFunction

from vizgraph.engine.library.functions import Function
from vizgraph.engine.recording.walk import Function as GradFn
from vizgraph.engine.recording.walk import class_name


@dataclass(frozen=True, slots=True, eq=False)
class Namespace:
    """A module as the language knows it: names to functions, constants and further namespaces."""

    name: str
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A function of the table bound to the tensor before the dot."""

    function: Function
    owner: Any


@dataclass(frozen=True, slots=True)
class Special:
    """A function that needs the interpreter: print, backward, torch.autograd.grad."""

    name: str
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A special function bound to the value before the dot."""

    special: Special
    owner: Any


@dataclass(frozen=True, slots=True)
class Context:
    """A gradient mode for a with statement, not yet called."""

    name: str
    make: Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A function that the program defined."""

    name: str
    arguments: ast.arguments
    body: list[ast.stmt] | ast.expr
    scope: Scope
    defaults: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)  # defaults of arguments given by keyword only


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """A ``grad_fn`` that the program looked at, one for each function; ``number`` stands in for its address."""

    function: GradFn
    number: int

    def __repr__(self) -> str:
        home = "torch.autograd.function." if isinstance(self.function, BackwardCFunction) else ""
        return f"<{home}{class_name(self.function)} object at 0x7f{self.number * 16:010x}>"


@dataclass(slots=True, eq=False)
class Scope:
    """The names of the program, or of one call of a function in it."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None

    def find(self, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        raise KeyError(name)

    def known(self) -> set[str]:
        return set(self.names) | (self.outer.known() if self.outer else set())


# --- the program's own classes -----------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Maker(Special):
    """A class of torch that programs make objects of."""

    kind: type


@dataclass(frozen=True, slots=True, eq=False)
class Class(Special):
    """A class of the program: calling it makes an object; ``members`` are its methods and constants."""

    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Static:
    """A method that takes no self."""

    function: Written


class Instance:
    """An object of a class of the program, with the attributes that the program gave it."""

    written: Class
    names: dict[str, Any]
    ready: bool  # whether what it is based on was initialized


class Thing(Instance):
    """An object of a class without a base."""

    def __init__(self, written: Class) -> None:
        self.written, self.names, self.ready = written, {}, True


@dataclass(frozen=True, slots=True)
class Super:
    """What stands for the base of an object inside its methods."""

    owner: Instance


@dataclass(frozen=True, slots=True)
class Type:
    """The class of a value: it has a text and a name, and nothing behind them."""

    name: str
    text: str

    def __repr__(self) -> str:
        return self.text
