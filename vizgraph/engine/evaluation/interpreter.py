"""Walk the checked tree of a program, one counted step at a time, on real tensors.

This is the core that all constructs share: the names, the places, and `apply`,
through which every function of torch runs. The constructs themselves are
functions in `expressions`, `statements`, `targets` and `calls`, one for each.
"""

from __future__ import annotations

import ast
import builtins
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from torch import Tensor, nn

from vizgraph import language, limits
from vizgraph.engine.evaluation import classes, faults, names, printing
from vizgraph.engine.evaluation.expressions import EXPRESSIONS, combine
from vizgraph.engine.evaluation.faults import ProgramError
from vizgraph.engine.evaluation.generators import Generated
from vizgraph.engine.evaluation.paths import Paths
from vizgraph.engine.evaluation.statements import STATEMENTS
from vizgraph.engine.evaluation.values import Backward, Hook, Ignored, Own, Scope, Special, Thing, Unassigned, Written
from vizgraph.engine.library import arrays, containers, copying, loaders, networks, operating, things
from vizgraph.engine.library.builtin import PYTHON
from vizgraph.engine.library.functions import BARE, BARE_CONSTANTS, Function
from vizgraph.engine.library.modules import MODULES
from vizgraph.engine.library.table import Kind
from vizgraph.engine.recording.recorder import Recorder
from vizgraph.engine.recording.session import Session
from vizgraph.engine.recording.silent import SilentRecorder
from vizgraph.engine.recording.walk import Function as GradFn
from vizgraph.engine.walls import admission, gate
from vizgraph.errors import VizgraphError
from vizgraph.model import Program, Span

UNBIND: Final = Function("unbind", Kind.SHAPE, lambda tensor: tensor.unbind(0))
SPECIALS: Final[dict[str, Any]] = {name: Special(name, call) for name, call in PYTHON.items()}
SPECIALS["__name__"] = "__main__"
SPECIALS.update(classes.DECORATORS, object=classes.OBJECT)
# What Python has and the language leaves out: open, eval, getattr, input …
OF_PYTHON: Final = (frozenset(dir(builtins)) | {"copyright", "credits", "exit", "license", "quit"}) - set(SPECIALS)


@dataclass(frozen=True, slots=True)
class Look:
    """Something that torch warns of at a place of the program, about a tensor."""

    message: str
    span: Span
    tensor: Tensor


class Interpreter:
    """The state of one run of a program."""

    def __init__(self, program: Program, recorder: Recorder, session: Session) -> None:
        self.recorder, self.session = recorder, session
        self.scope = Scope()
        self.printed = printing.Printed()
        self.warnings: list[str] = []
        self.looks: list[Look] = []
        self.free = frozenset(free.name for free in program.free)
        self.textbook = not program.imports  # bare names such as exp and sum mean the functions of torch
        self.depth = 0
        self.caught: list[ProgramError] = []  # the errors whose handlers are running
        self._steps = 0
        self._tree = program.tree
        self._lines = tuple(program.source.split("\n"))
        self._backwards: dict[GradFn, Backward] = {}
        self._spans: dict[ast.AST, Span] = {}  # of the nodes that ran: in a loop they run again
        self._texts: dict[ast.AST, str] = {}
        self._owns: dict[ast.arguments, Own] = {}
        self._yields: dict[ast.stmt, bool] = {}
        self.paths = Paths()
        self._hooks: dict[nn.Module, list[Hook]] = {}
        self._numbered: dict[int, tuple[Any, int]] = {}  # holds what it has numbered: a number stays its own

    # --- walking -----------------------------------------------------------

    def evaluate(self, node: ast.expr) -> Any:
        return EXPRESSIONS[type(node)](self, node)

    def execute(self, statements: Sequence[ast.stmt]) -> None:
        for statement in statements:
            self.step(statement)
            STATEMENTS[type(statement)](self, statement)

    def step(self, node: ast.AST) -> None:
        self._steps += 1
        if self._steps > limits.STEPS:
            raise self.refuse(node, f"the program runs more than {limits.STEPS:,} steps", "make its loops shorter")
        if len(self.recorder.entries) > limits.OPERATIONS:
            said = f"the program records more than {limits.OPERATIONS:,} operations"
            raise self.refuse(node, said, "make its loops shorter")

    def apply(
        self,
        function: Function,
        arguments: list[Any],
        keywords: dict[str, Any],
        node: ast.AST,
        expression: str | None = None,
    ) -> Any:
        """Run one function of the tables on real values: gate, run, bound, record."""
        admission.check(self, node, function, arguments, keywords)
        if isinstance(self.recorder, SilentRecorder):
            result = self._run(function, arguments, keywords, node)
            if function.operation == "requires_grad":
                self.recorder.became_leaf(result)
            return result
        leaf = self.session.rewriting(arguments[0]) if function.inplace and arguments else None
        before = self.session.gradient(leaf)
        entry = self.recorder.begin(
            function.operation, arguments, keywords, expression or self.text(node), self.span(node),
            inplace=function.inplace,
        )  # fmt: skip
        result = self._run(function, arguments, keywords, node)
        if leaf is not None:
            self.session.rewrite(leaf, before, self.text(node), self.span(node))
        elif function.operation == "requires_grad":
            self.recorder.became_leaf(result)
        else:
            self.recorder.finish(entry, result)
        return result

    def _run(self, function: Function, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        try:
            gate.check(function, arguments, keywords)
            result = function.call(*arguments, **keywords)
            gate.check_result(function, result)
        except Exception as error:  # torch raises AssertionError and others from its kernels, too
            culprit = next((item for item in arguments if isinstance(item, Tensor)), None)
            raise faults.explained(error, self.span(node), culprit, arguments) from None
        return result

    def own(self, arguments: ast.arguments, body: list[ast.stmt] | ast.expr) -> Own:
        """Return what the text of a function says about its names; a function in a loop is made many times."""
        found = self._owns.get(arguments)
        if found is None:
            found = self._owns[arguments] = names.own(arguments, body)
        return found

    def yields(self, node: ast.stmt) -> bool:
        """Whether a yield stands somewhere in a statement."""
        found = self._yields.get(node)
        if found is None:
            found = any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node))
            self._yields[node] = found = found and not isinstance(node, (ast.FunctionDef, ast.ClassDef))
        return found

    def generate(self, function: Written, given: dict[str, Any]) -> Generated:
        """Return the values of a function that yields, none of which is made yet."""
        return Generated(self, function, given)

    def invoke(self, owner: nn.Module | Thing, arguments: list[Any], keywords: dict[str, Any], node: ast.AST) -> Any:
        """Call a module, or an object of a class of the program."""
        if isinstance(owner, nn.Module):
            return networks.call(self, owner, arguments, keywords, node)
        return things.call(self, owner, arguments, keywords, node)

    @property
    def steps(self) -> int:
        """How many steps the program has made."""
        return self._steps

    def add(self, left: Any, right: Any, node: ast.AST) -> Any:
        """Do ``left + right``."""
        return combine(self, node, "Add", left, right)

    def repr(self, value: Any, node: ast.AST) -> str:
        """Return repr(value) of a value of the language."""
        printing.check(self, node, value)
        return repr(value)

    def copy(self, value: Tensor | nn.Module, node: ast.AST) -> Any:
        """Return a copy that shares nothing with the original, as copy.deepcopy does."""
        return copying.copy(self, value, node)

    def number_of(self, value: Any) -> int:
        """Return a number of an object that no other one has."""
        held = self._numbered.setdefault(id(value), (value, len(self._numbered) + 1))
        return 140_000_000_000_000 + held[1] * 16

    def kind_of(self, module: nn.Module) -> str:
        """Return the name of the class of a module."""
        return networks.kind_of(module)

    def name_module(self, module: nn.Module, name: str) -> None:
        """Name the parameters of a module after a variable that holds it."""
        networks.give_name(self, module, name)

    def hook(self, module: nn.Module, function: Any, *, before: bool) -> Hook:
        """Let a function of the program run whenever a module is called."""
        hooks = self._hooks.setdefault(module, [])
        hooks.append(Hook(function, before, hooks))
        return hooks[-1]

    def hooks_of(self, module: nn.Module) -> tuple[Hook, ...]:
        return tuple(self._hooks.get(module, ())) if self._hooks else ()

    def of_module(self, owner: nn.Module, node: ast.Attribute) -> Any:
        """Return a method that every module has."""
        return networks.of_every(self, owner, node)

    # --- values ------------------------------------------------------------

    def look_up(self, node: ast.Name) -> Any:
        name = node.id
        try:
            return self.scope.find(name)
        except Unassigned:
            said = f"cannot access local variable '{name}' where it is not associated with a value"
            hint = f"write global {name} at the top of the function, or pass {name} as an argument and return it"
            raise self.failure(node, said, hint, UnboundLocalError) from None
        except KeyError:
            pass
        if name in SPECIALS:
            return SPECIALS[name]
        if self.textbook:
            for table in (BARE, MODULES, BARE_CONSTANTS):
                if name in table:
                    return table[name]
        raise self.unknown(node)

    def unknown(self, node: ast.Name) -> ProgramError | VizgraphError:
        """A name of Python that the language leaves out is refused; any other is not defined, as Python says."""
        if node.id in OF_PYTHON:
            return self.refuse(node, f"{node.id} is not in the language", "write the computation itself")
        known = self.scope.known() | set(PYTHON) | (set(BARE) if self.textbook else {"torch"})
        near = difflib.get_close_matches(node.id, sorted(known), n=1)
        said = f"name '{node.id}' is not defined"
        if self.textbook and node.id not in language.bound_names(
            self._tree
        ):  # no line of it makes this name: it can't be run at all
            module = node.id in ("np", "numpy")
            instead = (
                "write the function alone: sin(x)" if module else "see the list of functions, or define it with def"
            )
            return self.refuse(node, said, f"did you mean {near[0]}?" if near and not module else instead)
        hint = f"did you mean {near[0]}?" if near else f"define {node.id} on a line above"
        return self.failure(node, said, hint, NameError)

    def truth(self, value: Any, node: ast.AST) -> bool:
        if value is True or value is False:
            return value
        if isinstance(value, Thing):
            return operating.truth(self, value, node)
        with self.explaining(node):
            return bool(value)

    def iterate(self, value: Any, node: ast.AST) -> Iterator[Any]:
        """Return the items of what the language can iterate over; a tensor gives its entries along the first axis."""
        if isinstance(value, Tensor):
            if value.dim() == 0:
                raise self.failure(node, "iteration over a 0-d tensor")
            return iter(self.apply(UNBIND, [value], {}, node))
        if isinstance(value, dict):
            return self._keys(value, node)
        if isinstance(value, (list, tuple, range, str, set, Iterator)):
            return iter(value)
        if isinstance(value, Thing):
            return operating.iterate(self, value, node)
        if isinstance(value, loaders.Loader):
            return loaders.iterate(self, value, node)
        if isinstance(value, Ignored):
            return iter(())
        if isinstance(value, arrays.ARRAYS):
            with self.explaining(node):
                return arrays.items(value)
        if isinstance(value, nn.Module):
            return containers.items(self, node, value)
        raise self.failure(node, f"'{type(value).__name__}' object is not iterable")

    def _keys(self, value: dict[Any, Any], node: ast.AST) -> Iterator[Any]:
        """The keys of a dict that nobody changes meanwhile, as Python has it."""
        keys, end = iter(value), object()
        while True:
            with self.explaining(node):
                key = next(keys, end)
            if key is end:
                return
            yield key

    def items(self, value: Any, node: ast.AST) -> list[Any]:
        """Return all items of what the language can iterate over, within the bound on sequences."""
        items: list[Any] = []
        for item in self.iterate(value, node):
            items.append(item)
            if len(items) > limits.SEQUENCE_ITEMS:
                raise self.refuse(
                    node, f"this makes a sequence of more than {limits.SEQUENCE_ITEMS:,} items", "use fewer items"
                )  # fmt: skip
        return items

    def spread(self, nodes: Iterable[ast.expr]) -> list[Any]:
        """Evaluate what stands between brackets: ``*items`` gives all of its items."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values.extend(self.items(self.evaluate(node.value), node))
            else:
                values.append(self.evaluate(node))
        return values

    def name_leaves(self) -> None:
        """Give the leaves that were made while nothing was recorded the names of their variables."""
        for name, value in self.scope.visible().items():
            if isinstance(value, Tensor) and value.is_leaf and value.requires_grad and not self.recorder.knows(value):
                self.recorder.found("value", value, name, None)
                self.recorder.name(value, name)

    def backward_of(self, function: GradFn) -> Backward:
        """Return what stands for an autograd function in the program, always the same one."""
        if function not in self._backwards:
            self._backwards[function] = Backward(function, len(self._backwards) + 1)
        return self._backwards[function]

    # --- places and errors -------------------------------------------------

    def span(self, node: ast.AST) -> Span:
        found = self._spans.get(node)
        if found is None:
            found = self._spans[node] = language.span_of(node)
        return found

    def text(self, node: ast.AST) -> str:
        found = self._texts.get(node)
        if found is None:
            found = self._texts[node] = language.segment(self._lines, self.span(node))
        return found

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def warn_at(self, node: ast.AST, message: str, tensor: Tensor) -> None:
        """Warn once for each place."""
        self.warn(message)
        look = Look(message, self.span(node), tensor)
        if all(one.span != look.span for one in self.looks):
            self.looks.append(look)

    def refuse(self, node: ast.AST, message: str, hint: str | None = None) -> VizgraphError:
        return VizgraphError(message, self.span(node), hint)

    def failure(
        self, node: ast.AST, message: str, hint: str | None = None, kind: type[Exception] = TypeError
    ) -> ProgramError:
        return ProgramError(message, self.span(node), hint, error=kind(message))

    def too_deep(self, node: Any) -> VizgraphError:
        place = node[0] if isinstance(node, list) else node
        return self.refuse(place, f"functions call each other more than {limits.CALL_DEPTH} deep", "use a loop")

    def explaining(self, node: ast.AST, culprit: Any = None) -> Explaining:
        """Add the place to whatever torch, Python or a limit says in a block."""
        return Explaining(self, node, culprit)


class Explaining:
    """A block of Python or torch whose errors are told as the program's."""

    __slots__ = ("_culprit", "_interpreter", "_node")

    def __init__(self, interpreter: Interpreter, node: ast.AST, culprit: Any) -> None:
        self._interpreter, self._node, self._culprit = interpreter, node, culprit

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception):
            raise faults.explained(error, self._interpreter.span(self._node), self._culprit) from None
