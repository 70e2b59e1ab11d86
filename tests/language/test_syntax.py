"""Refuse what is outside the language, by name and place."""

from __future__ import annotations

import ast
import sys
import warnings

import pytest

from vizgraph import language, limits
from vizgraph.errors import VizgraphError
from vizgraph.language import syntax

REFUSED = {
    "async def f():\n    pass": ("async def is not in the language", 1),
    "def f():\n    x = yield 1": ("the value of yield is not in the language", 9),
    "def f():\n    return (yield from [1])": ("the value of yield is not in the language", 13),
    "yield 1": ("yield stands outside of a function", 1),
    "global __x": ("the name __x is not in the language", 1),
    "match x:\n    case 1:\n        pass": ("match is not in the language", 1),
    "y = 1j": ("complex numbers are not in the language", 5),
    "y = b'a'": ("bytes are not in the language", 5),
    "y = 10**3 + 12345678901234567890": ("the integer is larger than 10^15", 13),
    "@x.__wrapped__\ndef g():\n    pass": ("the attribute __wrapped__ is not in the language", 2),
    "y = f(**__builtins__)": ("the name __builtins__ is not in the language", 9),
    "break": ("break stands outside of a loop", 1),
    "if x:\n    continue": ("continue stands outside of a loop", 5),
    "return 1": ("return stands outside of a function", 1),
    "for i in x:\n    def f():\n        break": ("break stands outside of a loop", 9),
    "y = x.__dict__": ("the attribute __dict__ is not in the language", 5),
    "y = x._base": ("the attribute _base is not in the language", 5),
    "y = __import__": ("the name __import__ is not in the language", 5),
    "def f(__a):\n    pass": ("the name __a is not in the language", 7),
    "def f(a, a):\n    pass": ("two arguments are called a", 1),
    "f = lambda a, a: a": ("two arguments are called a", 5),
    "async with x:\n    pass": (None, 1),
}  # fmt: skip


@pytest.mark.parametrize(("source", "message", "column"), [(s, *rest) for s, rest in REFUSED.items()])
def test_what_is_outside_the_language_is_refused(source: str, message: str | None, column: int) -> None:
    with pytest.raises(VizgraphError) as caught:
        language.parse(source)
    if message is not None:
        assert caught.value.message == message
    assert caught.value.span is not None
    assert caught.value.span.column == column
    assert caught.value.hint


def test_every_kind_of_node_of_this_python_is_allowed_or_refused_by_name() -> None:
    """A new Python brings new syntax: it must be refused until somebody has thought about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that Python keeps for old programs
        kinds = [
            kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, (ast.stmt, ast.expr))
        ]
    allowed = {*syntax.STATEMENTS, *syntax.EXPRESSIONS}
    unnamed = {kind.__name__ for kind in kinds if kind not in allowed | syntax.REFUSED.keys()}
    assert unnamed <= {
        "stmt",
        "expr",
        "Num",
        "Str",
        "Bytes",
        "NameConstant",
        "Ellipsis",
        "TypeAlias",
        "TemplateStr",
        "Interpolation",
    }
    assert not {ast.Match, ast.Await, ast.Yield, ast.AsyncFor, ast.AsyncFunctionDef} & allowed


DEEP = {
    "brackets": "y = " + "(" * 500 + "x" + ")" * 500,
    "signs": "y = " + "-" * 3000 + "x",
    "lists": "y = " + "[" * 150 + "]" * 150,
    "attributes": "y = x" + ".T" * 2000,
    "indices": "y = x" + "[0]" * 1000,
    "powers": "y = " + "x**" * 500 + "x",
    "calls": "y = " + "f(" * 130 + "x" + ")" * 130,
    "functions": "y = " + "lambda: " * 500 + "x",
    "blocks": "\n".join(" " * n + "if x:" for n in range(98)) + "\n" + " " * 98 + "y = " + "-" * 100 + "x",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_refused_in_one_sentence(source: str) -> None:
    with pytest.raises(VizgraphError) as caught:
        language.parse(source)
    assert caught.value.message == f"the program is nested more than {limits.SYNTAX_DEPTH} levels deep"
    assert caught.value.span is not None


@pytest.mark.parametrize("sign", "+-*/")
def test_a_long_sum_is_not_deep(sign: str) -> None:
    assert language.parse("y = " + sign.join(["x"] * 900)).outputs == ("y",)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="then it is a statement of its own")
def test_a_type_statement_is_no_python_here() -> None:
    with pytest.raises(VizgraphError, match="can't be read"):
        language.parse("type A = int")


@pytest.mark.parametrize("source", ["*x", "y = *x", "x[0]\nz = *x", "y += *x", "*y = x"])
def test_a_star_stands_only_where_python_unpacks(source: str) -> None:
    with pytest.raises(VizgraphError, match=r"unpacks nothing here|can't be read"):
        language.parse(source)
