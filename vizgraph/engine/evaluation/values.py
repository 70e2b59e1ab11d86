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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Namespace:
    """A module as the language knows it: names to functions, constants and further namespaces."""

    name: str
    members: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


@dataclass(frozen=True, slots=True, repr=False)
class Method:
    """A function of the table bound to the tensor before the dot."""

    function: Function
    owner: Any

    def __repr__(self) -> str:
        return f"<built-in method {self.function.operation}>"


@dataclass(frozen=True, slots=True, repr=False)
class Special:
    """A function that needs the interpreter: print, backward, torch.autograd.grad."""

    name: str
    call: Callable[..., Any]

    def __repr__(self) -> str:
        return f"<built-in function {self.name}>"


def specials(table: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    """A table of functions as what a program finds under their names."""
    return {name: Special(name, call) for name, call in table.items()}


@dataclass(frozen=True, slots=True, repr=False)
class Bound:
    """A special function bound to the value before the dot."""

    special: Special
    owner: Any

    def __repr__(self) -> str:
        return f"<built-in method {self.special.name}>"


@dataclass(frozen=True, slots=True, repr=False)
class Context:
    """A gradient mode for a with statement, not yet called."""

    name: str
    make: Callable[..., Any]

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Written:
    """A function that the program defined."""

    name: str
    arguments: ast.arguments
    body: list[ast.stmt] | ast.expr
    scope: Scope
    defaults: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)  # defaults of arguments given by keyword only
    home: Home | None = None  # of a method
    own: Own = field(default_factory=lambda: Own())

    def __repr__(self) -> str:
        return f"<function {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """A ``grad_fn`` that the program looked at, one for each function; ``number`` stands in for its address."""

    function: GradFn
    number: int

    def __repr__(self) -> str:
        home = "torch.autograd.function." if isinstance(self.function, BackwardCFunction) else ""
        return f"<{home}{class_name(self.function)} object at 0x7f{self.number * 16:010x}>"


@dataclass(frozen=True, slots=True)
class Own:
    """What the text of a function says about its names, whatever happens when it runs."""

    local: frozenset[str] = frozenset()  # names that it binds
    of_program: frozenset[str] = frozenset()  # names after ``global``
    of_outer: frozenset[str] = frozenset()  # names after ``nonlocal``
    yields: bool = False


@dataclass(slots=True, eq=False)
class Home:
    """The class in which a method stands, once it is made."""

    owner: Class | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """The names of the program, of one call of a function in it (then ``function``), or of a comprehension."""

    names: dict[str, Any] = field(default_factory=dict)
    outer: Scope | None = None
    function: Written | None = None

    def find(self, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            function = scope.function
            if function is not None:
                if name in function.own.local:
                    raise Unassigned(name)
                if name in function.own.of_program:
                    scope = scope.program()
                    continue
            scope = scope.outer
        raise KeyError(name)

    def bind(self, name: str, value: Any) -> None:
        """Give a name its value where the function says that the name belongs."""
        function = self.function
        if function is not None and name in function.own.of_program:
            self.program().names[name] = value
        elif function is not None and name in function.own.of_outer:
            self._nonlocal(name).names[name] = value
        else:
            self.names[name] = value

    def of_function(self) -> Scope:
        """Return the scope of the function or program around a comprehension."""
        scope = self
        while scope.function is None and scope.outer is not None:
            scope = scope.outer
        return scope

    def program(self) -> Scope:
        scope = self
        while scope.outer is not None:
            scope = scope.outer
        return scope

    def _nonlocal(self, name: str) -> Scope:
        scope = self.outer
        while scope is not None and scope.outer is not None:
            if scope.function is not None and name in scope.function.own.local:
                return scope
            scope = scope.outer
        return self

    def known(self) -> set[str]:
        return set(self.visible())

    def visible(self) -> dict[str, Any]:
        """Return every name that is seen from here, with its value."""
        return {**(self.outer.visible() if self.outer else {}), **self.names}


class Unassigned(KeyError):
    """A name that a function binds, and that has no value there yet."""


# --- the program's own classes -----------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Maker(Special):
    """A class of torch that programs make objects of."""

    kind: type

    def __repr__(self) -> str:
        return f"<class '{self.name}'>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Class(Special):
    """A class of the program: calling it makes an object.

    ``members`` are its methods and constants, with those of the class ``base`` that it extends."""

    members: dict[str, Any]
    base: Class | None = None
    kind: Callable[[Class], Instance] | None = None  # makes an object of it

    def is_a(self, other: Class) -> bool:
        mine: Class | None = self
        while mine is not None:
            if mine is other:
                return True
            mine = mine.base
        return False

    def __repr__(self) -> str:
        return f"<class '__main__.{self.name}'>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Static:
    """A method that takes no self."""

    function: Any

    def __repr__(self) -> str:
        return "<staticmethod>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OfClass:
    """A method that takes the class."""

    function: Any

    def __repr__(self) -> str:
        return "<classmethod>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Property:
    """A method that is read like an attribute; ``write`` is what runs where it is assigned."""

    read: Any
    write: Any = None

    def __repr__(self) -> str:
        return "<property>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moded:
    """A function that runs within a gradient mode: what ``@torch.no_grad()`` makes."""

    function: Any
    make: Callable[[], Any]
    name: str = "function"

    def __repr__(self) -> str:
        return f"<function {self.name}>"


@dataclass(slots=True, eq=False, repr=False)
class Hook:
    """A function of the program that runs with a module: ``before`` its forward, or after it."""

    function: Any
    before: bool
    hooks: list[Hook]

    def remove(self) -> None:
        if self in self.hooks:
            self.hooks.remove(self)


class Ignored:
    """What stands for a part of a library that only draws or annotates: all that it is asked for is itself."""


class Instance:
    """An object of a class of the program, with the attributes that the program gave it."""

    written: Class
    names: dict[str, Any]
    ready: bool  # whether what it is based on was initialized
    text: str | None  # what its own __repr__, or extra_repr of a module, said when it was asked last


class Thing(Instance):
    """An object of a class without a base."""

    def __init__(self, written: Class) -> None:
        self.written, self.names, self.ready = written, {}, True
        self.text = None

    def __repr__(self) -> str:
        return f"<__main__.{self.written.name} object at 0x7f0000000000>" if self.text is None else self.text


@dataclass(frozen=True, slots=True, repr=False)
class Super:
    """What stands for the base of an object inside its methods."""

    owner: Any
    home: Class | None = None  # the class whose method asks

    def __repr__(self) -> str:
        return "<super>"


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """The class of a value: it has a text and a name; ``kind`` is only compared."""

    name: str
    text: str
    kind: Any = None

    def __eq__(self, other: object) -> bool:
        match other:
            case Type(kind=kind):
                return self.kind is kind
            case Class():
                return self.kind is other
            case Maker(kind=kind):
                return self.kind is kind
            case Special(name=name):
                return self.name == name
        return False

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.text
