"""Run everyday programs in Python itself and in the language, and compare all that they do."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours, real

# Every program begins with these; a line of dashes ends it.
HEAD = """import torch
import math
import torch.nn.functional as F
x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
w = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 3.0, 2.0]], requires_grad=True)
"""

ARITHMETIC = r"""
print(2 + 3 * 4 ** 2 / 8 - 7 // 2 + 9 % 4)
---
print(-2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2)
---
print(7 // -2, -7 // 2, -7 % 3, 7 % -3, 7.5 // 2)
---
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 1 != 2, not 1 > 2)
---
print(0 or 5, 3 and 0, None or 'a', [] or [1], 1 and 2 and 3)
---
print(True + True, 5 & 3, 5 | 3, 1 << 4, 64 >> 2, ~5)
---
print(1e3, 1.5e-7, 1/3, 10/5, 2**0.5, 1e16, 123456789.0)
---
print(3 if 2 > 1 else 4, 'a' * 3 + 'b', [1] * 3 + [2], (1,) + (2, 3))
---
print(1 in [1, 2], 3 not in (1, 2), 'a' in 'cat', 2 in {2: 1}, None is None, 1 is not None)
---
print(x + 1, 1 - x, x * x, x / 2, 2 / x, x ** 2, 2 ** x, -x, +x)
---
print(x // 2, x % 2, x @ x)
---
print(x > 0, x >= 1, x == 3, x != 3, (x > 0) & (x < 2), (x > 0) | (x < -1), ~(x > 0))
---
n = torch.tensor([1, 2, 3])
print(n + 1, n / 2, n // 2, n ** 2, n * 1.5, n % 2, -n, ~n, n << 1, n & 1)
---
y = 2 * x ** 2 - 3 * x + 1
y.sum().backward()
print(x.grad)
"""

INDEXING = r"""
print(x[0], x[-1], x[1:], x[:2], x[::2], x[...], x[None], x[:, None])
---
y = x[x > 0]
print(y)
y.sum().backward()
---
y = x[[0, 2, 2]]
print(y)
y.sum().backward()
print(x.grad)
---
i = torch.tensor([2, 0])
y = x[i] * torch.tensor([10.0, 100.0])
y.sum().backward()
---
print(w[0], w[1, 2], w[:, 1], w[0, ::2], w[..., -1], w[-1, 1:])
---
y = w[:, [0, 2]]
z = w[[0, 1], [1, 2]]
(y.sum() + z.sum()).backward()
print(w.grad)
---
y = w[w > 1].sum() + w[0].max()
y.backward()
print(w.grad)
---
for row in w:
    print(row)
a, b = w
print(a, b.sum())
---
x = torch.arange(24.0).reshape(2, 3, 4)
print(x[1, ..., 2], x[:, 1], x[0, 1:, ::2].shape, x[..., None].shape)
---
a = [1, 2, 3, 4]
print(a[0], a[-1], a[1:3], a[::-2], (5, 6)[1], 'text'[1:3])
a[1] = 9
a[2:] = [7]
print(a)
---
d = {'a': 1, 2: 'b'}
d['c'] = [1]
print(d['a'], d, d.get('z'), d.get('z', 5), list(d), list(d.items()))
"""

WRITES = r"""
y = torch.zeros(3)
y[0] = x[1] * 2
y[1] = x[0] * x[2]
y[2] = 7
y.sum().backward()
print(y, x.grad)
---
y = x.clone()
y[0] = y[1]
y[1:] = 0
y.sum().backward()
print(y, x.grad)
---
y = x * 2
y += 1
y *= 3
y -= x
y /= 2
y.sum().backward()
print(y, x.grad)
---
y = x * 1
y[0] += 5
y[1] *= x[2]
print(y)
y.sum().backward()
print(x.grad)
---
y = x * 1
v = y[1:]
v.mul_(3)
print(y, v)
(y.sum() + v.sum()).backward()
print(x.grad)
---
y = x * 1
v = y[:2]
y.add_(1)
print(v)
v.sum().backward()
print(x.grad)
---
y = x * 1
v = y.view(3, 1)
u = v[0]
u.zero_()
print(y, v, u)
y.sum().backward()
print(x.grad)
---
y = x.clone()
y[x > 0] = 0
print(y)
y.sum().backward()
print(x.grad)
---
y = x * 2
y.clamp_(min=0).add_(x)
print(y)
y.sum().backward()
print(x.grad)
---
u = x.detach()
u[0] = 9
print(x, u)
(x * x).sum().backward()
print(x.grad)
---
b = torch.zeros(4)
v = b[1:3]
v[0] = 5
b[3] = 2
print(b, v)
b.fill_(1)
print(v)
---
y = torch.zeros(2, 3)
y[0] = w[1]
y[1, 1:] = w[0, :2]
y[:, 0] += 1
y.sum().backward()
print(y, w.grad)
---
y = x * 1
with torch.no_grad():
    y[0] = 100
print(y)
y.sum().backward()
print(x.grad)
---
y = x * 2
y.detach_()
z = (y * x).sum()
z.backward()
print(x.grad, y.requires_grad)
---
y = x * 1
y.copy_(x * 3)
y.sum().backward()
print(y, x.grad)
"""

FLOW = r"""
for i in range(3):
    for j in range(i):
        print(i, j)
else:
    print('done')
---
n = 0
while True:
    n += 1
    if n == 2:
        continue
    if n > 4:
        break
    print(n)
---
n = 3
while n:
    n -= 1
else:
    print('end', n)
---
def f(a, b=2):
    return a + b
print(f(1), f(1, 5), f(b=1, a=2))
---
def fact(n):
    if n < 2:
        return 1
    return n * fact(n - 1)
print(fact(10))
---
k = 10
def f(a):
    k = a
    return k
print(f(3), k)
---
def nothing():
    pass
print(nothing())
---
def outer(a):
    def inner(b):
        return a * b
    return inner
print(outer(3)(4))
---
square = lambda a: a ** 2
print(square(3), (lambda a, b=1: a - b)(5), [g(2) for g in [square, abs]])
---
print([a * b for a in range(3) for b in range(a)], [a for a in range(9) if a % 2 if a > 2])
---
print(sum(a for a in range(5)), list(a * 2 for a in (1, 2)), [[b for b in range(a)] for a in range(3)])
---
a = 1
print([a for a in range(3)], a)
---
a, (b, c), *rest = 1, [2, 3], 4, 5
print(a, b, c, rest)
a, b = b, a
print(a, b)
---
a = b = [1]
a += [2]
print(a, b, a is b)
a = a + [3]
print(a, b)
---
x: float = 2.5
y: int
print(x)
del x
---
if 0:
    print(1)
elif []:
    print(2)
else:
    print(3)
---
assert 1 + 1 == 2, 'arithmetic'
print('ok')
---
def step(a):
    return a * 2 if a > 0 else -a
y = sum([step(v) for v in x])
y.backward()
print(y, x.grad)
---
y = x
for i in range(3):
    y = y * x
y.sum().backward()
print(y, x.grad)
---
y = 1.0
for v in x:
    y = y * v
y.backward()
print(y, x.grad)
---
y = x
while y.norm() < 100:
    y = y * 2
y.sum().backward()
print(y, x.grad)
---
with torch.no_grad():
    y = x * 2
    print(y.requires_grad, torch.is_grad_enabled())
    with torch.enable_grad():
        z = x * 3
print(z, y)
---
with torch.set_grad_enabled(False):
    print(x * 2)
torch.set_grad_enabled(False)
print(x * 3)
torch.set_grad_enabled(True)
print(x * 4)
"""

PRINTING = r"""
print()
print('a', 1, 2.0, None, True, sep='-', end='!\n')
print('x', end='')
print('y', sep='')
print(1, 2, sep=None, end=None)
---
print('line\nbreak')
print('tab\there', 'quote\'s')
print([1, 'a', None, (1,), {'k': 2.5}], (), {})
---
v = 3.14159
print(f'{v:.2f} {v:8.3f}| {v:<8.1f}| {v:e} {v:g} {12:04d} {1234567:,} {0.5:%}')
---
v = 'w'
n = 5
print(f'{v!r:>6} {v!s} {n=} {{}} {n:>{n}}')
---
print(f'{x[0]:.3f} {x[0].item():.1f} {x}')
---
print(x, x * 2, x.sum(), x.grad, x.shape, x.dtype, x.requires_grad, x.is_leaf, x.ndim)
---
print((x * 2).grad_fn, x.grad_fn, (x * 2).sum().grad_fn.next_functions)
---
y = x * 2
print(y.grad_fn.name(), y.grad_fn is y.grad_fn, y.grad_fn.next_functions[0][0].name())
---
print(torch.zeros(2, 3), torch.ones(3, dtype=torch.int64), torch.tensor(True), torch.tensor([]))
---
print(torch.arange(2000.0))
print(torch.zeros(40, 50))
---
print(torch.tensor([1e-8, 1.0, 1e8]), torch.tensor([float('nan'), float('inf'), -float('inf')]))
---
print(torch.tensor([1.5, 2.5], dtype=torch.float64), torch.tensor([1, 2], dtype=torch.uint8), torch.float32)
---
print([torch.tensor(1.0), torch.tensor([2.0])], {'t': torch.tensor(3)})
---
print(range(3), range(1, 9, 2))
---
print(math.pi, math.sqrt(2), math.exp(1), math.log(8, 2), math.floor(2.7), math.inf, math.nan)
---
print(str(1.5) + 'a', float('2.5'), int('7'), int(2.9), int(-2.9), bool([]), ', '.join(['a', 'b']))
"""

BUILTINS = r"""
print(len([1, 2]), len('abc'), len({}), abs(-3), round(2.567, 2), round(2.5), min(3, 1), max([1, 5, 2]))
---
print(sum([1, 2, 3]), sum([1.5], 2), sorted([3, 1, 2]), sorted([3, 1, 2], reverse=True), any([0, 1]), all([]))
---
print(sorted(['bb', 'a'], key=len), list(map(abs, [-1, 2])), list(filter(None, [0, 1])))
---
print(list(zip([1, 2], 'ab')), list(enumerate('ab', 1)), list(reversed([1, 2])), list(reversed(range(3))))
---
for i, (a, b) in enumerate(zip([1, 2], [3, 4])):
    print(i, a, b)
---
print(tuple([1, 2]), list('ab'), dict(a=1), pow(2, 5), pow(2.0, 0.5), divmod(7, 2), divmod(-7, 2))
---
print(isinstance(1, int), isinstance(1.0, (int, str)), isinstance(torch.ones(1), torch.Tensor))
---
print(max(x[0], x[2]), min(x), sum(x), abs(x), len(x), list(x)[0], pow(x, 2), max(1, x[2]))
---
total = 0
for i, v in enumerate(x):
    total = total + i * v
total.backward()
print(x.grad)
---
print(float(x[0]), int(x[2]), bool(x[0]), x.tolist(), x[1].item(), x.size(), x.size(0), x.numel(), x.dim())
---
a = [1]
a.append(2)
a.extend([3, 4])
a.insert(0, 9)
print(a.pop(), a, a.copy() == a, a.pop(0))
"""

AUTOGRAD = r"""
y = (x * x).sum()
y.backward()
print(x.grad)
y = (x * 3).sum()
y.backward()
print(x.grad)
x.grad.zero_()
print(x.grad)
---
y = x * x
y.backward(torch.tensor([0.1, 1.0, 10.0]))
print(x.grad)
x.grad = None
print(x.grad)
---
y = (x ** 3).sum()
y.backward(retain_graph=True)
y.backward()
print(x.grad)
---
y = w @ x
z = y.sum() * x[0]
z.backward()
print(x.grad, w.grad)
---
y = w @ x
torch.autograd.backward([y, x.sum()], [torch.tensor([1.0, 2.0]), None])
print(x.grad, w.grad)
---
y = x * 2
z = x ** 2
torch.autograd.backward((y, z), grad_tensors=(torch.ones(3), torch.ones(3)))
print(x.grad)
---
y = (w @ x).sum()
y.backward(inputs=[x])
print(x.grad, w.grad)
---
g = torch.autograd.grad((x ** 2).sum(), x)
print(g, x.grad)
---
y = (x ** 3).sum()
(g,) = torch.autograd.grad(y, x, create_graph=True)
print(g)
g.sum().backward()
print(x.grad)
---
y = (x ** 4).sum()
for k in range(3):
    y = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    print(y)
---
y = x * 2
z = (y * y).sum()
print(torch.autograd.grad(z, [y, x], retain_graph=True), torch.autograd.grad(z, y))
---
u = torch.ones(2, requires_grad=True)
print(torch.autograd.grad(x.sum(), [x, u], allow_unused=True))
---
print(torch.autograd.grad([x * 2, x ** 2], x, grad_outputs=[torch.ones(3), torch.ones(3)]))
---
y = (x ** 3).sum()
y.backward(create_graph=True)
g = x.grad
x.grad = None
g.sum().backward()
print(x.grad)
---
y = x * 2
y.retain_grad()
z = (y ** 2).sum()
z.backward()
print(y.grad, x.grad)
---
y = x * 2
h = y.register_hook(lambda g: print('hook', g))
y.sum().backward(retain_graph=True)
h.remove()
y.sum().backward()
print(x.grad)
---
def double(g):
    return g * 2
x.register_hook(double)
(x * x).sum().backward()
print(x.grad)
---
y = x.detach() * x
y.sum().backward()
print(x.grad, x.detach().requires_grad)
---
y = x.clone().detach().requires_grad_()
(y * y).sum().backward()
print(x.grad, y.grad, y.is_leaf)
---
x = torch.ones(3)
x.requires_grad_()
y = x * 2
print(x.requires_grad, y.is_leaf, y.requires_grad)
---
x = torch.ones(3)
x.requires_grad = True
(x * 5).sum().backward()
print(x.grad)
---
y = x.grad
print(y)
(x * 2).sum().backward()
z = x.grad * x
z.sum().backward()
print(x.grad, z)
---
a, b, c = x.unbind()
m, i = x.max(dim=0)
p, q = x.split([1, 2])
(a * b + c + m * q.sum() - p.sum()).backward()
print(x.grad, m, i)
---
v, i = w.topk(2, dim=1)
s = w.sort(descending=True)[0]
(v.sum() + (s * s).sum()).backward()
print(w.grad, i)
---
x = torch.zeros(0, requires_grad=True)
y = x * 2
y.backward(torch.zeros(0))
print(x.grad, y.sum())
---
x = torch.tensor([0.0, 1.0, -1.0], requires_grad=True)
y = torch.log(x) + 1 / x
y.sum().backward()
print(y, x.grad)
---
x = torch.tensor(2.0, requires_grad=True, dtype=torch.float64)
y = x.float() * 3
y.backward()
print(x.grad, y)
---
t = torch.tensor([x[0], x[1] * 2])
print(t, t.requires_grad)
(t[0] * x.sum()).backward()
print(x.grad)
---
y = torch.stack([x[0] * x[1], x[1] + x[2]])
z = torch.cat([y, x])
z.backward(torch.arange(5.0))
print(x.grad)
---
y = x.expand(2, 3).sum() + x.repeat(2).sum() + x.view(3, 1).expand(3, 4).sum()
y.backward()
print(x.grad)
---
y = torch.where(x > 0, x ** 2, -x).sum() + x.clamp(-1, 1).sum() + F.relu(x).sum()
y.backward()
print(x.grad)
"""

TRAINING = r"""
w = torch.tensor(1.0, requires_grad=True)
for i in range(4):
    loss = (w * 2.0 - 6.0) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
    print(i, f'{w.item():.4f}', f'{loss.item():.4f}')
print(w, w.grad)
---
w = torch.tensor([1.0, 2.0], requires_grad=True)
for i in range(2):
    loss = (w * w).sum()
    loss.backward()
    w.data -= 0.1 * w.grad.data
    w.grad.data.zero_()
print(w)
---
torch.manual_seed(3)
X = torch.randn(8, 2)
y = X @ torch.tensor([2.0, -1.0]) + 0.5
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(3):
    loss = ((X @ w + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in [w, b]:
            p.sub_(p.grad * 0.1)
            p.grad = None
    print(epoch, loss)
print(w, b)
---
w = torch.tensor(1.0, requires_grad=True)
for i in range(2):
    g, = torch.autograd.grad((w - 3) ** 2, w)
    w = (w - 0.1 * g).detach().requires_grad_()
print(w)
---
torch.manual_seed(1)
x = torch.rand(4, 3)
target = torch.tensor([0, 2, 1, 1])
w = torch.randn(3, 3, requires_grad=True)
loss = F.cross_entropy(x @ w, target)
loss.backward()
print(loss, w.grad)
"""

GROUPS = {
    "arithmetic": ARITHMETIC, "indexing": INDEXING, "writes": WRITES, "flow": FLOW, "printing": PRINTING,
    "builtins": BUILTINS, "autograd": AUTOGRAD, "training": TRAINING,
}  # fmt: skip


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(HEAD + program.strip() + "\n", id=f"{group}-{number}")
        for group, programs in GROUPS.items()
        for number, program in enumerate(programs.split("---\n"))
    ],
)
def test_a_program_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(program)


def test_the_extremes_take_a_default_and_a_key() -> None:
    assert_agrees(
        "import torch\nx = torch.tensor([1.0, -3.0, 2.0])\n"
        "print(min([], default=7), max([3, -5], key=abs), min(1, 2, key=lambda n: -n))\n"
        "print(max(x, key=lambda v: v.abs()), min([x[0], x[1]], default=None))\n"
    )
    assert_agrees("import torch\nmin([])")


HOOKED = (
    "import torch\nx = torch.ones(2, requires_grad=True)\ny = x * 2\n"
    "y.register_hook(lambda g: print('hook', g))\nz = y.sum()\n"
)


@pytest.mark.parametrize("end", ["print(z)", "z.backward()"])
def test_hooks_print_in_passes_of_the_program_only(end: str) -> None:
    assert_agrees(HOOKED + end)


def test_a_view_that_torch_has_made_unusable_is_told_where_it_is_used() -> None:
    unusable = (
        "import torch\nx = torch.ones(3, requires_grad=True)\ny = x * 2\nwith torch.no_grad():\n    v = y[1:]\n"
        "y.mul_(2)\nwith torch.no_grad():\n    v *= 2\nprint(y)\n"
    )
    caught = unusable + "try:\n    print(v)\nexcept RuntimeError as e:\n    print(e)"
    assert list(ours(caught).printed) == real(caught).printed


@pytest.mark.parametrize("change", ["d[k + 1] = 0", "del d", "d.pop(k)", "d[k] = 1"])
def test_a_dict_that_is_changed_while_a_loop_runs_over_it_is_pythons_error(change: str) -> None:
    assert_agrees(f"import torch\nd = {{0: 1, 5: 2}}\nfor k in d:\n    print(k)\n    {change}\nprint('end')")


def test_a_mode_that_gets_what_it_can_not_take_is_torchs_error() -> None:
    assert_agrees("import torch\nwith torch.autograd.detect_anomaly('a'):\n    pass")
