"""Draw random programs of the language: every construct is a line of a table, with holes for expressions."""

from __future__ import annotations

import re
from typing import Final

from hypothesis import strategies as st

HEAD: Final = """import torch
import torch.nn as nn
import torch.nn.functional as F
import math
a = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
b = torch.tensor([1.0, 0.25, -0.5], requires_grad=True)
s = torch.tensor(1.5, requires_grad=True)
W = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 1.5], [2.0, 0.25, -0.75]], requires_grad=True)
c = torch.tensor([2.0, 1.0, 0.5])
k, r, names, table = 3, 0.75, ["u", "v", "w"], {"one": 1, "two": [2.0, 3.0]}
def f(p, q=2.0):
    if p.sum() > 1:
        return p * q
    return p - q
g = lambda p: p.tanh() + s
"""
# Holes: V a tensor of 3 entries, S of one, M of 3 by 3, N a number of Python, I an integer, B a truth, T a text,
# n the name that the statement makes, o a tensor that an earlier statement made.
PLAIN: Final = {"V": ("a", "b", "c"), "S": ("s",), "M": ("W",), "N": ("2", "0.5", "-1.5", "r"), "I": ("k", "2", "0"),
                "B": ("True", "k > 2"), "T": ("'t'", "names[0]")}  # fmt: skip
EXPRESSIONS: Final = {
    "V": (
        "({V}).exp()", "torch.sin({V})", "({V}).sigmoid()", "torch.relu({V})", "-({V})", "({V}).abs()", "({V}).clamp(-1, 1)",
        "f({V})", "g({V})", "f({V}, q=s)", "({V}).cumsum(0)", "({V}).flip(0)", "torch.softmax({V}, 0)", "F.gelu({V})",
        "({V}).view(3, 1).squeeze(1)", "({V})[[2, 0, 1]]", "({V}).detach()", "torch.where(({V}) > 0, a, b)", "({V}).clone()",
        "torch.stack([{V}, a]).sum(0)", "({V})[None][0]", "({V} + {V})", "({V} - {V})", "({V} * {V})", "({V} / {V})",
        "({V} + {S})", "({V} * {S})", "({V} * {N})", "({N} - {V})", "({V} ** 2)", "({M} @ {V})", "({M}).sum(1)", "({M})[{I}]",
        "({M})[:, 1]", "({M}).diagonal()", "({M}).mean(dim=0)", "torch.cat([({V})[:1], ({V})[1:]])", "({V}).roll(1)",
        "({M}).max(dim=1).values", "F.layer_norm({V}, (3,))", "torch.stack([v * {N} for v in ({V})])", "({V}).masked_fill({V} > 1, 0.0)",
        "torch.einsum('ij,j->i', {M}, {V})", "torch.outer({V}, {V})[0]", "({V}).repeat(2)[:3]", "({V}).expand(2, 3)[1]",
        "({V}).sort().values", "({V} if {B} else {V})", "torch.maximum({V}, {V})", "F.softplus({V})", "torch.full_like({V}, {N})",
        "({V}).reshape(-1)", "({V}).double().float()", "({M}).prod(0)", "({V}).unsqueeze(0).mv({V}).expand(3)", "({V})[{I}:].sum() * c",
        "({V}).atan2({V})", "({V}).fmod(2)", "({V}).lerp({V}, 0.25)", "({V}).log_softmax(0)", "({V}).cumprod(0)", "({V}) % 2",
        "({V}).gather(0, torch.tensor([0, 2, 2]))", "({M}).T[0]", "({V}).pow({N})",
    ),
    "S": (
        "({V}).sum()", "({V}).mean()", "({V}).max()", "({V})[0]", "({V})[-1]", "({V}).norm()", "({V} @ {V})", "({V}).prod()",
        "({V})[1:].sum()", "sum([v * 2 for v in {V}])", "({V}).unbind()[1]", "torch.dot({V}, b)", "({S} + {S})", "({S} * {S})",
        "({S} / {N})", "({S} - {N})", "({M}).trace()", "({M}).sum()", "({M})[0, 1]", "({V}).std()", "({V}).var(unbiased=False)",
        "F.mse_loss({V}, {V})", "torch.logsumexp({V}, 0)", "({S}).exp()", "torch.linalg.norm({V})", "({M}).det()", "({V}).amax()",
        "F.cross_entropy(({M}), torch.tensor([0, 2, 1]))", "({S}) ** {N}", "({V}).min()", "({V}).median()", "({S}).abs() ** 0.5",
        "F.l1_loss({V}, {V})", "({V}).sum(dim=0)", "min(({V}).unbind())", "({V}).dot({V})",
    ),
    "M": (
        "({M} @ {M})", "({M}).T", "torch.outer({V}, {V})", "({M} * {V})", "({M} + {S})", "({M}).softmax(dim=-1)", "torch.diag({V})",
        "({M}).tril()", "torch.stack([{V}, {V}, {V}])", "({M}).exp()", "({M}).permute(1, 0)", "({M}).view(9).view(3, 3)", "({M} * {N})",
        "({M}).relu()", "torch.cat([({M})[:1], ({M})[1:]])", "({V})[:, None] * {V}", "({M}).flip(1)", "({M}).cumsum(1)", "({M}).clone()",
        "({M} - ({M}).mean(dim=1, keepdim=True))", "({M}).contiguous().detach()", "torch.eye(3) + {M}", "({M}).transpose(0, 1)",
    ),
    "N": (
        "3", "1e-2", "7 // 2", "(1 + 2) * 0.5", "-7 // 2", "-7 % 3", "2 ** {I}", "float({I})", "len(names) / 4", "abs(-{N})", "math.sqrt(2)",
        "round({N}, 1)", "max({N}, {N})", "sum([{N}, {N}])", "({S}).item()", "table['two'][1]", "int({N})", "({N} if {B} else {N})",
        "table.get('three', {N})", "math.pi", "math.exp({N})", "sum(x * x for x in range({I}))", "min([{N}, {N}], default=0)",
    ),
    "I": ("1", "len(names)", "({V}).numel() - 2", "({M}).shape[0] - 2", "k - 2", "({V}).dim()", "int({B})", "[3, 1, 2][1]", "({V}).argmax().item()"),
    "B": (
        "{N} > {N}", "({S}) > 0", "not {B}", "({B} and {B})", "({B} or {B})", "({V} > 0).any()", "({V} > 0).all()", "0 < {N} < 2", "'one' in table",
        "({V}).requires_grad", "({V}).is_leaf", "isinstance({N}, float)", "names is not None", "{N} == {N}", "torch.equal({V}, {V})",
        "({V}).shape == (3,)", "torch.allclose({V}, {V})", "any(x > 1 for x in [{N}, {N}])", "names[0] != 'u'",
    ),
    "T": (
        "'%.3f' % ({N})", "f'{{k:>4d}}|{{r:.2f}}|{{names[0]!r:>5}}'", "'{{:+.2e}}'.format(({S}).item())", "str({N})", "'-'.join(names)", "names[{I}].upper()", "'%.2f' % {N}",
        "'{{}} {{:.1f}}'.format({I}, {N})", "str({V})", "repr({T})", "{T} + {T}", "{T} * 2", "str(({V}).shape)", "repr({T}).rjust(8)", "str({B})",
        "({V}).grad_fn.__class__.__name__ if ({V}).grad_fn is not None else 'leaf'", "f'{{k=}}'", "str(({V}).dtype)", "str(({S}).tolist())",
    ),
}  # fmt: skip
STATEMENTS: Final = (
    "{n} = {V}", "{n} = {V}", "{n} = {V}", "{n} = {o} * {S}", "{n} = {o} + {V}", "print({V}, {S})", "print({M})", "print({N}, {I}, {B})", "print({T})",
    "print({T}, {n!r}, end=';')", "print([{V}, {S}], ({I}, {N}), {{'key': {S}}})", "print({n!r}, {B}, sep=' | ')",
    "if {B}:\n    {n} = {V}\nelse:\n    {n} = {V}", "if {B}:\n    print({T})\nelif {B}:\n    print({N})\n{n} = {V}",
    "{n} = {V}\nfor i in range(3):\n    {n} = {n} * 0.5 + i * {V}", "{n} = {V}\nj = 0\nwhile j < 2:\n    j += 1\n    {n} = {n} + j",
    "{n} = {V}\nfor i, v in enumerate({V}):\n    if i == 1:\n        continue\n    {n} = {n} + v * i\nelse:\n    print(i)",
    "{n} = {V}\nfor x, y in zip([1, 2, 3], {V}):\n    if x > 2:\n        break\n    {n} = {n} * y", "with torch.no_grad():\n    {n} = {V}",
    "{n} = torch.zeros(3)\n{n}[0] = {S}\n{n}[1:] = ({V})[:2]", "{n} = ({V}).clone()\n{n}[{I}] = {S}", "{n} = ({V}) * 1\nu = {n}[1:]\nu.mul_(2)\nprint(u)",
    "{n} = ({V}) * 1\n{n}[{n} > 0] = {N}", "{n} = ({V}).clone()\n{n}[[0, 2]] = {S}", "{n} = ({M}).clone()[1]\n{n} += {V}", "{n} = {V}\n{n} = {n}.detach().requires_grad_()",
    "{o} = {o} + {V}", "{o} += {V}", "{o}.mul_({S})", "{o}[0] *= {S}", "{o}[1:] = {N}", "{o}[...] = {V}", "{o}.add_({V}, alpha=2)", "del {o}\n{o} = ({V}) * 1",
    "def h(p, *more, scale={N}):\n    total = p * scale\n    for one in more:\n        total = total + one\n    return total\n{n} = h({V}, {V}, scale={S})",
    "def h(p):\n    def inner(q):\n        return q * {N}\n    return inner(p) + inner({V})\n{n} = h({V})",
    "def h(p, depth):\n    return p if depth == 0 else h(p * 0.5 + {V}, depth - 1)\n{n} = h({V}, {I})",
    "h = lambda p, q={N}: p * q\n{n} = h({V}) + h({V}, {S})", "parts = [p * {N} for p in {V}]\nparts.append({S})\n{n} = torch.stack(parts)[1:]\nprint(len(parts))",
    "parts = ({V}).split([1, 2])\n{n} = torch.cat(parts[::-1])", "x, y, z = {V}\n{n} = torch.stack([z, x * y, {S}])", "(x, *rest), y = {V}, {N}\n{n} = x * {V} + y\nprint(rest)",
    "box = {{'v': {V}, 's': {S}}}\nbox['t'] = box['v'] * box['s']\n{n} = box['t']\nprint(sorted(box))", "{n}: torch.Tensor = {V}", "{n} = u = {V}",
    "class Scale:\n    factor = {N}\n    def __init__(self, by):\n        self.by = by\n    def __call__(self, p):\n        return p * self.by * self.factor\n{n} = Scale({S})({V})",
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.w = nn.Parameter(torch.ones(3) * {N})\n    def forward(self, p):\n"
    "        return F.relu(p * self.w)\nnet = Net()\n{n} = net({V})\nprint([p.shape for p in net.parameters()])",
    "class Twice(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, p):\n        ctx.save_for_backward(p)\n        return p * 2\n    @staticmethod\n"
    "    def backward(ctx, grad):\n        (p,) = ctx.saved_tensors\n        return grad * 2\n{n} = Twice.apply({V})",
    "torch.manual_seed({I})\n{n} = {V} + torch.randn(3) * 0.1", "layer = nn.Linear(3, 3)\n{n} = layer({V})\nprint(layer)", "{n} = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 3))({V})",
    "{n} = {V} * 1\nif {n}.requires_grad:\n    {n}.register_hook(lambda grad: grad * 2)", "{n} = {V} * 1\nif {n}.requires_grad:\n    {n}.register_hook(lambda grad: print('hook', grad))",
    "{n} = {V} * 1\nif {n}.requires_grad:\n    {n}.retain_grad()\n    {n}.sum().backward(retain_graph=True)\n    print({n}.grad)",
    "leaf = ({V}).detach().clone().requires_grad_()\n(leaf * {V}).sum().backward(retain_graph=True)\nprint(leaf.grad)\n{n} = leaf * 2",
    "print(torch.autograd.grad(({V} * a).sum(), a, retain_graph=True))\n{n} = {V}", "try:\n    {E}\nexcept (RuntimeError, ValueError) as e:\n    print('caught', e)\n{n} = {V}",
    "try:\n    {E}\nexcept Exception as e:\n    print(type(e).__name__, e)\nfinally:\n    print('done')\n{n} = {V}", "assert {B}, {T}\n{n} = {V}", "assert k == 3\n{n} = {V}",
    "p = torch.ones(3, requires_grad=True)\nopt = torch.optim.SGD([p], lr=0.1)\nfor _ in range(2):\n    opt.zero_grad()\n    (p * ({V}).detach()).sum().backward()\n    opt.step()\nprint(p)\n{n} = p * {V}",
    "p = torch.ones(3, requires_grad=True)\nopt = torch.optim.Adam([p], lr=0.1)\n((p * {N}) ** 2).sum().backward()\nopt.step()\nprint(p, p.grad)\n{n} = p.detach() * {V}",
    "torch.set_grad_enabled({B})\n{n} = {V}\ntorch.set_grad_enabled(True)", "with torch.enable_grad():\n    {n} = {V}", "{n} = {V}\nprint({n}.shape, {n}.requires_grad, {n}.is_leaf, {n}.grad_fn is None)",
    "print(({V}).tolist(), ({M}).size(), ({V}).argsort(), ({V} > 0))", "print(({M}).max(dim=0))\n{n} = {V}", "print(({V}).grad_fn)\n{n} = {V}", "names.append({T})\nprint(names)", "k += {I}\nprint(k)", "r = {N}\nprint(r)",
)  # fmt: skip
ERRORS: Final = (
    "{V} + torch.ones(4)", "{V} @ torch.ones(2)", "({M})[7]", "({V})[3]", "undefined_name", "({V}).view(2, 2)", "a[0] = 1.0", "a += 1", "float({V})",
    "1 / 0", "int('x')", "table['none']", "names[9]", "({V}).sum(dim=3)", "raise ValueError({T})", "raise RuntimeError('stop')", "assert False, 'never'", "f()", "f({V}, 1, 2)",
    "f({V}, nothing=1)", "({V}).backward()", "torch.ones(3).sum().backward()", "torch.cat([{M}, {V}])", "torch.tensor([1, 2], requires_grad=True)", "({V}).item()", "3()", "k.shape",
    "None + 1", "'a' + 1", "torch.stack([{V}, {S}])", "({M}).reshape(4)", "bool({V})", "torch.ones(2, 3) @ torch.ones(2, 3)", "a.zero_()", "if {V} > 0:\n        pass", "for x in 3:\n        pass",
    "x, y = {V}", "torch.autograd.grad({S}, c)", "({V}).numpy()", "({S})[0]", "[1, 2] < 3", "math.sqrt(-1)", "F.mse_loss()", "nn.Linear(2, 2)({V})", "len({N})", "({V}).transpose(0, 1)", "c.grad.zero_()",
    "torch.dot({M}, {V})", "({V}).expand(2, 2)", "0.0 ** -1", "2 % 0", "dict(a=1)['b']", "torch.gather({V}, 0, torch.tensor([5]))", "F.cross_entropy({V}[None], torch.tensor([7]))", "({V}).to(torch.int64).sum().backward()",
)  # fmt: skip
ENDS: Final = (
    "z = ({V}).sum() + {S}\nz.backward()", "z = ({o} * {V}).sum()\nz.backward()", "z = {V}\nz.backward(torch.tensor([0.1, 1.0, 10.0]))", "z = {V}\nz.backward()", "z = ({V}).sum()\nz.backward()\nz.backward()",
    "z = ({V}).sum()\nz.backward(retain_graph=True)\nz.backward()", "torch.autograd.backward([({V}).sum(), {S}])\na.grad = None\n(a * b * s).sum().backward()",
    "print(torch.autograd.grad(({V}).sum(), [a, b, s], allow_unused=True))", "e = torch.autograd.grad(({V}).sum() + (a * b * s).sum(), a, create_graph=True)[0]\n(e * e).sum().backward()",
    "(({V}) * a).sum().backward()\nwith torch.no_grad():\n    a -= 0.1 * a.grad\n    a.grad.zero_()\n(a * b).sum().backward()", "{E}", "({M} @ {V}).sum().backward()\nprint(W.grad)",
    "z = ({V} * {V}).sum()\nz.backward(inputs=[a])", "print(torch.autograd.functional.jacobian(lambda p: p * {N} + f(p), c))", "print(torch.func.grad(lambda p: (p * {V}).sum())(c))", "z = {o}.sum()\nz.backward()\nprint({o}.grad_fn)",
)  # fmt: skip
HOLE: Final = re.compile(r"\{\{|\}\}|\{(n!r|[a-zA-Z])\}")
DEPTH: Final = 3


class Drawer:
    """Fill the holes of templates with what a hypothesis draws, simpler things inside."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.made: list[str] = []

    def pick(self, choices: tuple[str, ...] | list[str]) -> str:
        return choices[self._draw(st.integers(0, len(choices) - 1))]

    def fill(self, template: str, name: str = "v0", depth: int = DEPTH) -> str:
        def hole(match: re.Match[str]) -> str:
            kind = match[1]
            if kind is None:
                return match[0][0]
            if kind in ("n", "n!r"):
                return name if kind == "n" else repr(name)
            if kind == "o":
                return self.pick(self.made or ["c"])
            if kind == "E":
                return self.fill(self.pick(ERRORS), name, depth - 1)
            return self._expression(kind, name, depth)

        return HOLE.sub(hole, template)

    def _expression(self, kind: str, name: str, depth: int) -> str:
        plain = (*PLAIN[kind], *self.made) if kind == "V" else PLAIN[kind]
        number = self._draw(st.integers(0, len(plain) + (len(EXPRESSIONS[kind]) if depth > 0 else 0) - 1))
        if number < len(plain):
            return plain[number]
        return self.fill(EXPRESSIONS[kind][number - len(plain)], name, depth - 2)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program of the head, some statements and an end."""
    drawer, lines = Drawer(draw), [HEAD]
    for number in range(draw(st.integers(1, 4))):
        template = drawer.pick(STATEMENTS)
        lines.append(drawer.fill(template, f"v{number}"))
        if "{n} =" in template or "{n}:" in template:
            drawer.made.append(f"v{number}")
    lines.append(drawer.fill(drawer.pick(ENDS), "end"))
    return "\n".join([*lines, "print(a.grad, b.grad, s.grad)"])
