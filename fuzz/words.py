"""List what a hostile person types: names, attributes, literals, specs, characters, values."""

from __future__ import annotations

import builtins
from typing import Final

import torch

from vizgraph.engine.library import functions

NAMES: Final = (
    *dir(builtins),
    "os", "sys", "subprocess", "socket", "importlib", "pickle", "builtins", "ctypes", "st", "streamlit", "sympy", "S",
    "I", "E", "lambda_", "__file__", "__name__", "__builtins__", "self", "cls", "env", "np", "torch", "nn", "F", "math",
    "optim", "copy", "re", "x", "w", "b", "A", "s", "y", "z", "m", "f", "g", "opt", "i", "n", "d", "t", "c", "_", "__",
    "T", "constructor", "prototype", "toString", "hasOwnProperty", "π", "α", "Δ", "x_1_2", "x\u0301", "ℯ", "ſ", "ı",
)  # fmt: skip
ATTRIBUTES: Final = tuple(sorted({
    *dir(torch.Tensor), *dir(torch), *dir(torch.nn), *dir(torch.nn.functional), *dir(torch.autograd), *dir(torch.optim),
    *dir(torch.nn.Module), *dir(torch.autograd.Function), *dir(torch.linalg), *dir(str), *dir(list), *dir(dict),
    *dir(object), "__globals__", "__code__", "__closure__", "__mro__", "__subclasses__", "__builtins__", "__import__",
    "gi_frame", "f_globals", "f_back", "tb_frame", "cr_frame", "func_globals", "im_func", "mro", "metadata",
    "saved_tensors", "from_file", "untyped_storage", "_saved_self", "next_functions", "register_prehook", "storage",
    "os", "sys", "load", "save", "hub", "jit", "utils", "ops", "classes", "_C", "__array_interface__", "ctypes",
}))  # fmt: skip
ALLOWED: Final = tuple(sorted({*functions.TORCH, *functions.METHODS, *functions.FUNCTIONAL, *functions.LINALG}))
NUMBERS: Final = (
    "0", "1", "-1", "2", "3", "1e308", "-1e308", "1e999", "1e-999", "10**9", "10**15", "10**16", "2**62", "2**63",
    "-2**63", "9**9**9", "9" * 30, "9" * 5000, "0x" + "f" * 40, "0b1", "0o7", "1_000_000", "1j", "1e5j", "nan", "inf",
    "-inf", "4095", "4096", "4097", "1 << 62", "0.1", "1e-45", "True", "None", "...", "64", "65", "256", "1000000",
)  # fmt: skip
STRINGS: Final = (
    "''", "'a'", "'__class__'", "'<script>alert(1)</script>'", "'\\x00'", "'\\u202e'", "'a' * 4000", "b'a'", "rb'\\x'",
    "f'{x}'", "f'{x.__class__}'", "f'{x!r:>{n}}'", "f'{1:{10**9}}'", "f'{s.item():.300f}'", "f'{s.item():1000000}'",
    "'%s' % x", "'%1000000d' % 1", "'{0.__class__}'.format(x)", "'{:>99999999}'.format(1)", "'{a[0]}'.format(a=x)",
    "'ij,jk->ik'", "'i->' + 'i' * 50", "'mean'", "'cuda'", "'meta'", "'cpu'", "'\\\\N{DIGIT ONE}'", "'javascript:alert(1)'",
    "'\"];a->b[URL=\"x\"]'", "'$\\\\input{/etc/passwd}$'", "'../../etc/passwd'", "'''a\nb'''", "u'x'", "'é'", "'雪' * 300",
)  # fmt: skip
SIGNS: Final = (
    "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "~", "<", ">", "==", "!=", "<=", ">=", "=", "+=",
    "*=", "@=", "**=", ":=", "->", "(", ")", "[", "]", "{", "}", ",", ".", ":", ";", "...", "not ", " and ", " or ",
    " in ", " is ", " if ", " else ", "lambda: ", "lambda x: ", "*", "**", "await ", "yield ", "\n", "\\\n", " ", "\t",
)  # fmt: skip
STATEMENTS: Final = (
    "import os", "from os import system", "import torch as x", "from torch import *", "global x", "nonlocal x", "del x",
    "while True: pass", "for _ in range(10**9): pass", "def f(*a, **k): return f(*a, **k)", "class A: pass",
    "class A(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, a):\n        return a\n    @staticmethod\n"
    "    def backward(ctx, g):\n        return x",
    "class N(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.p = nn.Parameter(torch.ones(3))\n"
    "    def forward(self, a):\n        return self(a)",
    "x.register_hook(lambda g: g * x)", "y.backward()", "y.sum().backward(retain_graph=True)", "raise ValueError('a')",
    "try:\n    y = x[9]\nexcept Exception as e:\n    print(e, e.args, e.__traceback__)", "assert x", "return 1", "break",
    "with torch.no_grad():\n    x *= 2", "with open('vizgraph_canary', 'w') as h: pass", "print(x, y, end='')",
    "print('a' * 4000)", "async def f(): pass", "@print\ndef f(): pass", "x[0] = x[1]", "x.data[0] = 1", "x.grad = x",
    "y = x.view(-1)\ny += 1", "x = [x] * 100", "a = []\na.append(a)\nprint(a)", "y = [a for a in range(9999)]",
    "torch.set_default_dtype(torch.float64)", "torch.set_grad_enabled(False)", "torch.manual_seed(1)", "x.requires_grad_()",
    "opt.step()", "m.train()", "m.zero_grad()", "torch.autograd.set_detect_anomaly(True)", "z: int = 3", "type T = int",
)  # fmt: skip
CHARACTERS: Final = (
    "\x00", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u0301", "\u200b", "\u200d", "\u202e",
    "\u2028", "\u2029", "\u2066", "\ufeff", "ｘ", "２", "（", "）", "，", "；", "。", "х", "а", "ſ", "ı", "ᵀ", "²", "³",
    "₁", "√", "×", "÷", "−", "·", "π", "°", "’", "“", "…", "\U0001d465", "\U0001f600", "\ud800", "\U000e0041", "٣", "Ⅷ",
)  # fmt: skip
VALUES: Final = (
    "1", "[1, 2, 3]", "[[1, 2], [3, 4]]", "1e999", "nan", "[]", "[[]]", "[1, [2]]", "[" * 300, "9**9**9", "2**64", "1/0",
    "0/0", "1;2", "True", "None", "x", "__import__('os')", "<b>1</b>", "１", "\u202e1", "1,,2", "(1,)*10**9", "-" * 900 + "1",
    "[" + "1," * 2000 + "]", "1 2 3", "[1 2; 3 4]", "3+4j", "'a'", "0x1f", "1_0", "pi", "π", "1e-400", "", " ", "\n", "{}",
    "[inf, -inf, nan]", "[1.5] * 3", "...", "1'000", "½", "1.0.0", "1e", "--1", "+1", "[1, 2, 3", "3.4e38", "3.5e38",
)  # fmt: skip
LOCALES: Final = ("x", "y", "z", "s", "w", "A", "b", "m", "f", "n", "x1", "x2", "c", "loss", "v")

PREAMBLES: Final = (
    "import torch\nx = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)\ny = x * 2\n",
    "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nimport math\nx = torch.ones(3, requires_grad=True)\n"
    "w = torch.full((3,), 0.5, requires_grad=True)\nA = torch.eye(3)\ns = (x * w).sum()\ny = x + w\n",
    "import torch\nimport torch.nn as nn\nm = nn.Linear(3, 2)\nx = torch.randn(4, 3)\ny = m(x)\n"
    "opt = torch.optim.SGD(m.parameters(), lr=0.1)\n",
    "import torch\nx = torch.tensor(2.0, requires_grad=True)\ns = x ** 2\ndef f(a, b=2.0):\n    return a * b\nn = 3\nd = {'a': x}\n",
    "import torch\nimport numpy as np\nx = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)\ny = x @ x.T\nz = y.sum()\n",
    "", "", "",
)  # fmt: skip
