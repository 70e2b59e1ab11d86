"""Run hostile programs through the worker: refused or harmless, quickly, in one sentence, and the next one is right."""

from __future__ import annotations

import pytest

from tests.hostile.zygote import BAD, answer, trouble
from vizgraph.worker import Zygote

DEEP = 3000

# Programs that must never be answered, whatever they would do.
REFUSED = {
    "attributes": [
        "y = x.untyped_storage().from_file('vizgraph_canary', True, 8)",
        "y = torch.storage.UntypedStorage.from_file('vizgraph_canary', True, 8)",
        "torch.save(x, 'vizgraph_canary')",
        "y = torch.hub.load('a/b', 'c')",
        "y = x.share_memory_()",
        "y = x.data_ptr()",
        "torch.utils.cpp_extension.load(name='a', sources=['a.cpp'])",
        "torch.classes.load_library('a.so')",
        "y = x.register_hook.im_func",
        "y = (x * 2).grad_fn.saved_tensors",
        "y = x.apply_(print)",
        "y = x.map_(x, print)",
        "y = torch.set_num_threads(1000)",
        "torch.manual_seed.func_globals",
    ],
    "underscores": [
        "y = x.__class__.__base__.__subclasses__()",
        "y = ().__class__.__mro__",
        "def __init__(a):\n    return a\ny = __init__(x)",
        "y = f'{x.__dict__}'",
        "y = (lambda: 0).__globals__",
        "y = [].__init__",
        "class A:\n    __slots__ = ()",
        "y = __file__",
        "y = x._make_subclass(x, x)",
        "x.__setattr__('grad', x)",
    ],
    "text as code": [
        "exec('import os')",
        "y = compile('1', 'a', 'eval')",
        "y = eval(\"open('vizgraph_canary', 'w')\")",
        "y = torch.jit.script(x)",
        "y = torch.compile(x)",
        "y = sympify('x')",
        "y = torch.fx.wrap('a')",
    ],
    "builtins": [
        "y = open('vizgraph_canary', 'w')",
        "y = input()",
        "y = breakpoint()",
        "y = dir()",
        "y = locals()",
        "y = memoryview(b'a')",
        "y = object()",
        "y = delattr(x, 'grad')",
        "y = exit()",
        "y = help(x)",
    ],
    "imports": [
        "import os\nos.system('touch vizgraph_canary')",
        "from os import path",
        "import torch.utils.cpp_extension",
        "import torch, subprocess",
        "from torch import *",
        "from torch import load",
        "from . import x",
        "import math.os as m",
        "import builtins",
    ],
    "formats": [
        "y = f'{x:1000000000}'",
        "y = f'{1:999999999d}'",
        "y = f'{1.0:.999999f}'",
        "y = '%1000000000d' % 1",
        "y = '{:1000000000}'.format(1)",
        "y = '{0.__class__}'.format(x)",
        "print(f'{print}')",
    ],
    "large numbers": [
        "y = x * 10**10**10",
        "y = 2**(2**40)",
        "y = 1 << 10**9",
        "y = x + 99999999999999999999",
        "y = 7**7**7**7",
        "n = 2\nwhile True:\n    n = n * n\ny = x * n",
        "y = int('9' * 4000)",
        "y = divmod(10**15 * 10**15, 3)",
    ],
    "large memory": [
        "y = torch.zeros(10**6, 10**6)",
        "y = torch.ones(2**31)",
        "y = x.repeat(10**9)",
        "y = torch.eye(10**6)",
        "y = torch.arange(1e12)",
        "y = torch.arange(0, 1, 1e-12)",
        "y = torch.linspace(0, 1, 10**10)",
        "y = torch.full((10**5, 10**5), 1.0)",
        "y = torch.randn(10**5, 10**5)",
        "y = torch.outer(torch.ones(4000), torch.ones(4000))",
        "y = torch.ones(64, 64).kron(torch.ones(64, 64))",
        "y = torch.nn.functional.pad(x, (10**9, 0))",
        "y = torch.nn.functional.one_hot(torch.tensor([10**9]))",
        "y = torch.bincount(torch.tensor([10**12]))",
        "y = torch.repeat_interleave(x, 10**9)",
        "y = torch.meshgrid(torch.ones(4000), torch.ones(4000))",
        "y = torch.tril_indices(10**5, 10**5)",
        "y = torch.einsum('i,j,k->ijk', torch.ones(1000), torch.ones(1000), torch.ones(1000))",
        "y = torch.stack([torch.ones(4000)] * 4000)",
        "y = torch.cdist(torch.ones(4000, 1), torch.ones(4000, 1))",
        "y = x.unfold(0, 1, 1).expand(3, 10**9)",
        "y = x.new_zeros(10**10)",
        "y = torch.tensor([[0] * 4000] * 4000)",
        "y = torch.diag(torch.ones(4000))",
        "y = torch.vander(x, 10**9)",
        "y = torch.normal(0.0, 1.0, (10**5, 10**5))",
        "y = torch.nn.functional.interpolate(x[None, None], 10**9)",
        "a = 'a' * 4000\nb = [a] * 4000\ny = ''.join(b)",
    ],
    "nested lists": [
        "a = [1] * 4000\nb = [a] * 4000\nc = [b] * 4000\nprint(c)",
        "a = [1] * 4000\nb = [a] * 4000\ny = torch.tensor(b)",
        "a = []\nfor i in range(100):\n    a = [a, a]\nprint(a)",
        "a = [1] * 4000\nb = [a] * 4000\nc = [[1] * 4000] * 4000\nprint(b == c)",
        "a = []\na.append(a)\nprint(a)",
        "a = []\nb = [a]\na.append(b)\ny = torch.tensor(a)",
        "a = [1]\nwhile True:\n    a += a",
        "a = [1] * 4000\na[:] = range(10**15)",
        "y = list(range(10**12))",
        "y = sum(range(10**12))",
    ],
    "endless": [
        "while True:\n    pass",
        "for i in range(10**12):\n    y = x * i",
        "def f(n):\n    return f(n + 1)\ny = f(1)",
        "f = lambda a: f(a)\ny = f(x)",
        "y = [a for a in range(10**9)]",
        "for i in enumerate(range(10**15)):\n    pass",
        "a = [1]\nfor i in a:\n    a.append(i)",
        "y = 0.5 in range(10**15)",
        "y = max(range(10**15))",
        "for i, j in zip(range(10**15), range(10**15)):\n    pass",
        "y = sorted(range(10**12))",
        "for i in range(10**9):\n    y = (x * i).sum()\n    y.backward()",
        "y = x\nwhile True:\n    y = y * 1.01",
    ],
    "nesting": [
        "y = " + "(" * DEEP + "x" + ")" * DEEP,
        "y = " + "-" * DEEP + "x",
        "y = " + "[" * DEEP + "]" * DEEP,
        "y = x" + "[0]" * (DEEP // 2),
        "y = " + "not " * (DEEP // 2) + "x",
        "y = " + "abs(" * 190 + "x" + ")" * 190,
        "\n".join(" " * n + "if x:" for n in range(110)),
        "y = x" + ".T" * DEEP,
        "y = " + "lambda: " * 900 + "x",
        "y = " + "f'{" * 200 + "x" + "}'" * 200,
    ],
    "characters": [
        "y = x\x00",
        "y = \u202ex",
        "y = x\u200b * 2",
        "ｅｘｅｃ('1')",
        "y = __ｃlass__",
        "y = x \u2028 z",
        "# \u202e hidden\ny = x",
        "y = 'a\x1b[2J'",
        "y = х * 2",  # a Cyrillic letter
        "\ud800 = 1".encode("utf-8", "replace").decode(),
    ],
    "statements": [
        "async def f():\n    pass",
        "def f():\n    yield x",
        "@f\ndef g():\n    pass",
        "@eval\ndef g():\n    pass",
        "@(lambda f: f.__globals__)\ndef g():\n    pass\ny = g",
        "def f():\n    global __builtins__\n    __builtins__ = 1",
        "class A:\n    def __getattribute__(self, name):\n        return 1",
        "class A:\n    def __reduce__(self):\n        return print, (1,)",
        "class A:\n    __class__ = int",
        "class A(type):\n    pass",
        "class A(Exception):\n    def __init__(self):\n        pass\nA()._x = 1\ny = x",
        "def f():\n    yield x\ny = f().gi_frame",
        "def f():\n    while True:\n        yield 1\ny = list(f())",
        "class A:\n    def __next__(self):\n        return 1\n    def __iter__(self):\n        return self\n"
        "for i in A():\n    y = x",
        "class A:\n    def __len__(self):\n        return len(self)\nif A():\n    y = x",
        "class A:\n    def __add__(self, o):\n        return self + o\ny = A() + 1",
        "class A:\n    def __repr__(self):\n        return 'a' * 4000 + str(self)\nprint(A())",
        "import torch.utils.data as d\ny = d.DataLoader(range(10**9), batch_size=10**9)",
        "import torch.utils.data as d\nfor b in d.DataLoader([1], num_workers=4, worker_init_fn=print):\n    pass",
        "import itertools\ny = list(itertools.product(range(4000), range(4000)))",
        "import itertools\nfor i in itertools.count():\n    pass",
        "import itertools\ny = list(itertools.permutations(range(4000)))",
        "import functools\ny = functools.reduce(lambda a, b: a * b, range(1, 100))",
        "import random\nrandom.seed([])",
        "import random\ny = random.SystemRandom()",
        "import random\ny = random.sample(range(10**12), 10**12)",
        "import time\nwhile True:\n    time.sleep(1)",
        "import time\ny = time.os",
        "import copy\na = [1] * 4000\nb = [a] * 4000\ny = copy.deepcopy(b)",
        "import collections\nd = collections.defaultdict(list)\ny = d.default_factory.__self__",
        "import matplotlib.pyplot as plt\nprint(plt)",
        "import typing\ny = typing.get_type_hints(x)",
        "a = ()\nfor i in range(200):\n    a = (a, a)\ny = {a: 1}",
        "a = ()\nfor i in range(200):\n    a = (a, a)\ny = {a}",
        "torch.nn.Sequential(torch.nn.ReLU()).add_module('forward', torch.nn.ReLU())",
        "torch.nn.ModuleDict({'__init__': torch.nn.ReLU()})",
        "torch.nn.ModuleDict({'<b>': torch.nn.ReLU()})",
        "y = (x * 2).grad_fn._saved_tensors_hooks",
        "y = (x * 2).grad_fn._raw_saved_self",
        "torch.autograd.graph.saved_tensors_hooks(print, print)",
        "match x:\n    case 1:\n        y = 1",
        "break",
        "return x",
        "for i in [1]:\n    def f():\n        continue",
        "def f(**a):\n    return a\ny = f(x)",
        "y = print(*x, **{'file': 1})",
        "y = f(**x)",
        "del x[0]",
        "x.shape = 3",
        "torch.ones = x",
        "y = await x",
    ],
    "no program": ["", "   \n\n", "# only a comment", "\n" * 9000, "y = x" + " " * 9000, "()", "42", "'text'"],
}  # fmt: skip
# Programs that look dangerous and may be answered or refused, but never harm.
HARMLESS = {
    "markup": [
        "y = x # <script>alert(1)</script>",
        "print('<img src=x onerror=alert(1)>')\ny = x",
        "y = x # ]]> --> </svg>",
        "print('$\\\\input{/etc/passwd}$')\ny = x",
        "print('javascript:alert(1)')\ny = x*2",
    ],
    "text for Graphviz": ["print('\"];a->b[URL=\"x\"]')\ny = x", "y = x # \\\" ]", "print('<b>\\\\N</b>')\ny = x"],
    "shadows": [
        "print = x\ny = print * 2",
        "sum = 3\ny = sum * x",
        "lambda_ = x\nI = x\nE = x\ny = lambda_ * I * E",
        "S = x\ny = S * S",
    ],
    "formulas": [
        "y = x\n" + "y = y * sin(y) + y\n" * 30,
        "y = (x + 1)" + "**2" * 6,
        "y = " + " * ".join(["(x + 1)"] * 80),
        "y = " + " + ".join(["x"] * 500),
        "y = exp(exp(exp(exp(x))))",
        "y = x\nfor i in range(500):\n    y = y * 1.01",
    ],
    "numbers": [
        "y = x / 0.0",
        "y = log(-x).sqrt()",
        "y = x * 1e400",
        "y = x.sum() * nan",
        "y = (x * 0) / (x * 0)",
        "y = tan(x * inf)",
    ],
    "states": [
        "torch.manual_seed(99)\ny = torch.rand(2) * x.sum()",
        "torch.set_grad_enabled(False)\ny = x * 2",
        "x.requires_grad_(False)\ny = x * 2",
        "x.data = torch.zeros(2)\ny = x * 2",
        "x.grad = torch.ones(5)",
        "y = x.detach()\ny[0] = 100\nz = x * x",
    ],
}  # fmt: skip
VALUES = [
    "__import__('os').system('touch vizgraph_canary')", "[" * 2000, "9**9**9**9", "1e999999", "0" * 9000, "[1, [2]]",
    "lambda: 0", "{}", "x", "\u202e1", "１", "<b>1</b>", "1;2", "'; drop table", "[1," * 500, "nan" * 40,
    "-" * 900 + "1", "[" + "1," * 5000 + "]", "1 if 1 else 2", "(1,)*10**9", "True and 1",
]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [pytest.param(one, id=f"{kind}-{n}") for kind, many in REFUSED.items() for n, one in enumerate(many)],
)
def test_a_hostile_program_is_refused(source: str, zygote: Zygote) -> None:
    assert trouble(answer(zygote, source, values={"x": "[1.0, 2.0]"})) is not None


@pytest.mark.parametrize(
    "source", [pytest.param(one, id=f"{kind}-{n}") for kind, many in HARMLESS.items() for n, one in enumerate(many)]
)
def test_a_strange_program_is_answered_or_refused(source: str, zygote: Zygote) -> None:
    stages = answer(zygote, source, values={"x": "[1.0, 2.0]"})
    assert "refused" in stages or "form" in stages
    for one in stages.get("failed", {}).values():  # a picture that is too large says so
        assert not BAD.search(one["message"])


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_hostile_value_is_refused(value: str, zygote: Zygote) -> None:
    for job in ({"values": {"x": value}}, {"values": {"x": 1}, "gradient": value}):
        said = trouble(answer(zygote, "y = 2*x", **job))
        assert said is not None or value == "1e999999"


def test_a_value_for_what_is_no_name_is_refused(zygote: Zygote) -> None:
    for name in ('x"><script>', "x//", "x\\", "", "a b", "1", "\u202ex"):
        stages = answer(zygote, "y = x*2", values={"x": 1, name: "1"})
        assert stages["refused"]["message"] == "a value is given for what is no name"


def test_a_value_that_the_program_does_not_use_is_data(zygote: Zygote) -> None:
    for name in ("__class__", "os", "constructor"):
        stages = answer(zygote, "y = x*2", values={"x": 1, name: "1"})
        assert [one["name"] for one in stages["form"]["inputs"]] == ["x"]
