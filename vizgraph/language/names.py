"""Tell which names of a program the user must give, which are its outputs, and guess sensible values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from vizgraph.language.places import span_of
from vizgraph.model import Free, Nested

MODULES: Final = frozenset({"torch", "math", "np", "nn", "F"})
# Names with a meaning of their own in every program: Python's functions and the constants of textbooks.
KNOWN: Final = frozenset(
    "pi π inf nan print len range list tuple dict float int bool str abs round pow divmod sum min max zip enumerate "
    "reversed sorted map filter any all isinstance repr type super object staticmethod classmethod property set "
    "frozenset iter next callable id __name__ StopIteration FloatingPointError Exception RuntimeError "
    "ValueError TypeError IndexError KeyError NameError AttributeError AssertionError ArithmeticError "
    "ZeroDivisionError OverflowError LookupError NotImplementedError".split()
)
# Uses that tell that a name is a vector or a matrix.
VECTOR_USES: Final = frozenset(
    "dot norm sum mean prod softmax log_softmax cumsum outer argmax std var max min logsumexp len numel unbind".split()
)
MATRIX_USES: Final = frozenset("mv mm T inv det trace t transpose inverse cholesky eigvalsh diagonal".split())


def free_names(tree: ast.Module) -> tuple[Free, ...]:
    """Return the names that are read and never bound, in order of appearance, each with a guessed value.

    A program with an import is Python as pasted: what it does not define is an error there, not a field."""
    if imports(tree):
        return ()
    bound = bound_names(tree) | KNOWN
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    modules = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in MODULES
    }  # fmt: skip
    first: dict[str, ast.Name] = {}
    for name in _names_in_order(tree):
        if name.id not in bound and id(name) not in called | modules:
            first.setdefault(name.id, name)
    ranks = _ranks(tree)
    size = 2 if any(ranks.get(text, 0) == 2 for text in first) else 3
    return tuple(
        Free(text, span_of(name), _guess(text, position, ranks.get(text, 0), size))
        for position, (text, name) in enumerate(first.items(), 1)
    )


def bound_names(tree: ast.Module) -> set[str]:
    """Return the names that some line of the program makes."""
    return {name for node in ast.walk(tree) for name in _bindings(node)}


def output_names(tree: ast.Module) -> tuple[str, ...]:
    """Return the names assigned at the top that nothing reads afterwards; several are a vector output.

    In a program with an import only the last of them counts: code assigns more than its result."""
    assigned: list[str] = []
    last: list[str] = []
    for statement in tree.body:
        if _is_print(statement):  # looking at a result does not make it an intermediate one
            continue
        read = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        assigned = [name for name in assigned if name not in read]
        for name in _assigned(statement):
            assigned, last = [*(other for other in assigned if other != name), name], [name]
    return tuple(assigned[-1:] if imports(tree) else assigned) or tuple(last)


def _is_print(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))) | ast.Assert():
            return True
    return False


def imports(tree: ast.Module) -> bool:
    """Tell Python as pasted, which imports what it uses, from functions as in a textbook."""
    return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))


def _names_in_order(tree: ast.AST) -> list[ast.Name]:
    """Every use of a name in the order in which it stands in the text."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return sorted(names, key=lambda node: (node.lineno, node.col_offset))


def _bindings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=alias):
            yield alias or name.split(".")[0]


def _assigned(statement: ast.stmt) -> list[str]:
    """The names that one statement makes; the body of a function makes none at the top."""
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return []
    inside = list(ast.walk(statement))
    nodes = [n for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    loops = [n.target for n in inside if isinstance(n, (ast.For, ast.comprehension))]
    targets = {n.id for loop in loops for n in ast.walk(loop) if isinstance(n, ast.Name)}
    written = [
        n.value.id for n in inside
        if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name)
    ]  # fmt: skip
    return [name for name in dict.fromkeys([*(n.id for n in nodes), *written]) if name not in targets]


def _ranks(tree: ast.Module) -> dict[str, int]:
    """How many axes each name seems to have, from how it is used: 1 for a vector, 2 for a matrix."""
    ranks: dict[str, int] = {}
    for node in ast.walk(tree):
        for used, rank in _uses(node):
            for name, least in _names_behind(used, rank):
                ranks[name] = max(least, ranks.get(name, 0))
    return ranks


def _uses(node: ast.AST) -> Iterator[tuple[ast.expr, int]]:
    """The expressions that a node uses as a vector (1) or a matrix (2)."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            for side in (left, right):
                yield side, 2 if isinstance(side, ast.Name) and side.id[:1].isupper() else 1
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name), args=[first, *_]) if module in MODULES:
            yield first, _rank_of(name)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]):
            yield first, _rank_of(name)
        case ast.Attribute(value=value, attr=name):
            yield value, _rank_of(name)
        case ast.Subscript(value=ast.Name() as value, slice=index):
            yield value, 2 if isinstance(index, ast.Tuple) else 1


def _rank_of(function: str) -> int:
    return 2 if function in MATRIX_USES else 1 if function in VECTOR_USES else 0


def _names_behind(expression: ast.expr, rank: int) -> Iterator[tuple[str, int]]:
    """The names that must have that rank for an expression to have it: through sums and products, not calls."""
    waiting = [expression] if rank else []
    while waiting:
        match waiting.pop():
            case ast.Name(id=name):
                yield name, rank
            case ast.Attribute(value=ast.Name(id=name), attr="T"):
                yield name, 2
            case ast.BinOp(left=left, op=operator, right=right) if not isinstance(operator, ast.MatMult):
                waiting.extend((right, left))


def _guess(name: str, position: int, rank: int, size: int) -> Nested:
    if rank == 2:
        return tuple(tuple(row * size + column + 1 for column in range(size)) for row in range(size))
    if rank == 1:
        return tuple(range(1, size + 1))
    digit = re.search(r"(?<!\d)[1-9]$", name)
    return int(digit[0]) if digit else position
