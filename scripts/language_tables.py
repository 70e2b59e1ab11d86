"""Write docs/language.md: every construct, function and limit of the language, from the tables that the engine uses."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

from vizgraph.engine.library import (
    arrays,
    attributes,
    autograd,
    builtin,
    functions,
    methods,
    modules,
    objects,
    optimizers,
)
from vizgraph.engine.library.table import TABLE, Kind
from vizgraph.language import characters, syntax, textbook
from vizgraph.language import classes as class_names

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "language.md"
HEAD: Final = """# The language

A program is Python as pasted (it imports what it uses) or mathematics as in a textbook (it imports nothing; names that
nobody made are inputs). It is read by an allow-list: what is not on this page is refused by name, with what to write
instead. This page is written by `python -m scripts.language_tables` from the tables that the interpreter itself uses.
"""
KINDS: Final = {
    Kind.POINTWISE: "Entry by entry", Kind.REDUCTION: "Reductions", Kind.SHAPE: "Shapes, views and dtypes",
    Kind.MATRIX: "Matrices", Kind.SELECT: "Picking, joining, sorting", Kind.COUNT: "Results whose size depends on the entries",
    Kind.ACTIVATION: "Layers and activations", Kind.LOSS: "Losses", Kind.CREATE: "Making tensors",
    Kind.INPLACE: "Writing in place", Kind.ASK: "Questions with a plain answer",
}  # fmt: skip
HOMES: Final = {
    "t": "torch", "m": "tensor.", "i": "tensor._", "f": "nn.functional", "l": "linalg", "b": "textbook",
}  # fmt: skip
STATEMENTS: Final = {
    ast.Assign: "`a = b`, `a = b = c`, `a, (b, *c) = …`, `a[i] = b`, `a.grad = None`", ast.AugAssign: "`a += b`, `a[i] *= b`",
    ast.AnnAssign: "`a: torch.Tensor = b`", ast.Expr: "an expression alone, docstrings", ast.If: "`if`, `elif`, `else`",
    ast.For: "`for … in` ranges, lists, tensors, `zip`, `enumerate`, …; `else`", ast.While: "`while`; `else`", ast.Break: "`break`",
    ast.Continue: "`continue`", ast.Pass: "`pass`", ast.FunctionDef: "`def` with defaults, `*args` and keyword-only arguments",
    ast.Return: "`return`", ast.Import: "`import torch.nn as nn`", ast.ImportFrom: "`from torch import nn`",
    ast.With: "`with torch.no_grad():` and the other modes of autograd", ast.Delete: "`del name`", ast.Assert: "`assert a, text`",
    ast.Try: "`try`, `except … as e`, `else`, `finally`", ast.Raise: "`raise ValueError(…)`, `raise`",
    ast.ClassDef: "`class` alone, of `nn.Module`, of `torch.autograd.Function` or of another class of the program",
    ast.Global: "`global`", ast.Nonlocal: "`nonlocal`",
}  # fmt: skip
EXPRESSIONS: Final = {
    ast.Constant: "numbers, texts, `True`, `None`, `...`", ast.Name: "names", ast.BinOp: "`+ - * / // % ** @ & | << >>`",
    ast.UnaryOp: "`-a`, `+a`, `~a`, `not a`", ast.BoolOp: "`and`, `or`", ast.Compare: "`a < b <= c`, `==`, `is`, `in`", ast.Call: "calls",
    ast.Attribute: "attributes of the tables below", ast.Subscript: "`a[i]`", ast.Slice: "`a[1:, ::2]`", ast.Tuple: "tuples", ast.List: "lists",
    ast.Dict: "dicts", ast.IfExp: "`a if b else c`", ast.JoinedStr: "f-strings", ast.FormattedValue: "`{x:.4f}`, `{x!r}`, `{x=}`",
    ast.Lambda: "`lambda`", ast.ListComp: "list comprehensions", ast.GeneratorExp: "generator expressions", ast.DictComp: "dict comprehensions",
    ast.Starred: "`f(*args)`, `[*a, b]`", ast.NamedExpr: "`(name := value)`", ast.Set: "sets",
    ast.SetComp: "set comprehensions",
}  # fmt: skip


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_grammar(), *_textbook(), *_torch(), *_modules(), *_python(), *_limits()]).rstrip() + "\n"


def _grammar() -> Iterable[str]:
    yield "## Statements and expressions\n"
    yield from (f"- {STATEMENTS[kind]}" for kind in syntax.STATEMENTS)
    yield "- " + "; ".join(EXPRESSIONS[kind] for kind in syntax.EXPRESSIONS)
    special = ", ".join(f"`{name}`" for name in sorted(class_names.METHODS))
    yield f"- in a class also {special}\n"
    yield "Refused by name:\n"
    yield from _table(("what", "instead"), ((_code(what), how) for what, how in syntax.REFUSED.values()))


def _textbook() -> Iterable[str]:
    yield "## Mathematics as people type it\n"
    signs = {sign: plain for sign, plain in characters.SIGNS.items() if sign.strip()}
    signs |= {
        "^": "**",
        "√x": "sqrt(x)",
        "x²": "x**2",
        "x₁": "x1",
        "2x": "2*x",
        "|x|": "abs(x)",
        "sin x": "sin(x)",
        "sin² x": "sin(x)**2",
        "f(x) = …": "f = …",
    }
    yield ", ".join(f"{_code(sign)} for {_code(plain)}" for sign, plain in signs.items()) + "\n"
    yield "Functions that may stand before their argument without brackets:\n"
    yield from _list(sorted(textbook.FUNCTIONS))
    yield "Constants:\n"
    yield from _list(functions.BARE_CONSTANTS)
    yield "Refused, with what to write:\n"
    yield from _table(("sign", "what to do"), ((sign, how) for sign, how in characters.WRITTEN_OUT.items()))


def _torch() -> Iterable[str]:
    yield "## Functions of tensors\n"
    yield (
        "Where: **torch** as `torch.f(…)`, **tensor.** as `x.f(…)`, **tensor._** in place as `x.f_(…)`, **nn.functional** as "
        "`F.f(…)`, **linalg** as `torch.linalg.f(…)`, **textbook** bare in a program without imports.\n"
    )
    for kind, title in KINDS.items():
        rows = [
            (f"`{name}`", *("✓" if letter in where else "" for letter in HOMES))
            for name, one, where in TABLE
            if one is kind
        ]
        yield f"### {title}\n"
        yield from _table(("function", *HOMES.values()), sorted(rows))


def _modules() -> Iterable[str]:
    yield "## Modules\n"
    told = {id(table) for table in (functions.TORCH, functions.FUNCTIONAL, functions.LINALG)}
    known = {name for name, _, where in TABLE if "t" in where}
    for name, module in modules.IMPORTS.items():
        if id(module.members) in told:
            continue
        members = [one for one in module.members if not (name == "torch" and one in known)]
        yield f"### `{name}`" + (" besides the functions above" if name == "torch" else "") + "\n"
        yield from _list(members)
        if name == "numpy":
            yield "### `numpy.random`\n"
            yield from _list(arrays.RANDOM)


def _python() -> Iterable[str]:
    yield "## Attributes and methods\n"
    yield "Of tensors besides the functions above:\n"
    yield from _list([*attributes.PLAIN, *attributes.MADE, "grad_fn", *autograd.TENSORS])
    yield "Of `grad_fn`:\n"
    yield from _list(["next_functions", "name()", "variable"])
    yield "Of modules:\n"
    yield from _list([*methods.SPECIALS, *methods.PLAIN])
    yield "Of optimizers:\n"
    yield from _list(optimizers.SPECIALS)
    yield "Of arrays of numpy:\n"
    yield from _list([*arrays.METHODS, *arrays.ATTRIBUTES])
    for kind, names in objects.OBJECTS.items():
        yield f"Of `{kind.__name__}`:\n"
        yield from _list(names)
    yield "## Functions of Python\n"
    yield from _list(builtin.PYTHON)


def _limits() -> Iterable[str]:
    yield "## Limits\n"
    text = (ROOT / "vizgraph" / "limits.py").read_text(encoding="utf-8")
    rows = re.findall(r"^(\w+): Final = (.+?)  # (.+)$", text, re.MULTILINE)
    yield from _table(
        ("limit", "value", "of what"), ((f"`{name}`", value.replace("_", ","), what) for name, value, what in rows)
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    yield _row(head)
    yield _row("---" for _ in head)
    yield from map(_row, rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _list(names: Iterable[str] | Mapping[str, Any]) -> Iterable[str]:
    yield ", ".join(map(_code, names)) + "\n"


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(page().splitlines())} lines")
