"""Run everyday programs in Python itself and in the language, and compare all that they do."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees

HEAD = "import torch\nimport math\nimport torch.nn.functional as F\n"
X = "x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)\n"
W = "w = torch.tensor([[1.0, 2.0, 0.5], [-1.0, 3.0, 2.0]], requires_grad=True)\n"

ARITHMETIC = [
    "print(2 + 3 * 4 ** 2 / 8 - 7 // 2 + 9 % 4)",
    "print(-2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2)",
    "print(7 // -2, -7 // 2, -7 % 3, 7 % -3, 7.5 // 2)",
    "print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 1 != 2, not 1 > 2)",
    "print(0 or 5, 3 and 0, None or 'a', [] or [1], 1 and 2 and 3)",
    "print(True + True, 5 & 3, 5 | 3, 1 << 4, 64 >> 2, ~5)",
    "print(1e3, 1.5e-7, 1/3, 10/5, 2**0.5, 1e16, 123456789.0)",
    "print(3 if 2 > 1 else 4, 'a' * 3 + 'b', [1] * 3 + [2], (1,) + (2, 3))",
    "print(1 in [1, 2], 3 not in (1, 2), 'a' in 'cat', 2 in {2: 1}, None is None, 1 is not None)",
    X + "print(x + 1, 1 - x, x * x, x / 2, 2 / x, x ** 2, 2 ** x, -x, +x)",
    X + "print(x // 2, x % 2, x @ x)",
    X + "print(x > 0, x >= 1, x == 3, x != 3, (x > 0) & (x < 2), (x > 0) | (x < -1), ~(x > 0))",
    "n = torch.tensor([1, 2, 3])\nprint(n + 1, n / 2, n // 2, n ** 2, n * 1.5, n % 2, -n, ~n, n << 1, n & 1)",
    X + "y = 2 * x ** 2 - 3 * x + 1\ny.sum().backward()\nprint(x.grad)",
]
INDEXING = [
    X + "print(x[0], x[-1], x[1:], x[:2], x[::2], x[...], x[None], x[:, None])",
    X + "y = x[x > 0]\nprint(y)\ny.sum().backward()",
    X + "y = x[[0, 2, 2]]\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "i = torch.tensor([2, 0])\ny = x[i] * torch.tensor([10.0, 100.0])\ny.sum().backward()",
    W + "print(w[0], w[1, 2], w[:, 1], w[0, ::2], w[..., -1], w[-1, 1:])",
    W + "y = w[:, [0, 2]]\nz = w[[0, 1], [1, 2]]\n(y.sum() + z.sum()).backward()\nprint(w.grad)",
    W + "y = w[w > 1].sum() + w[0].max()\ny.backward()\nprint(w.grad)",
    W + "for row in w:\n    print(row)\na, b = w\nprint(a, b.sum())",
    "x = torch.arange(24.0).reshape(2, 3, 4)\nprint(x[1, ..., 2], x[:, 1], x[0, 1:, ::2].shape, x[..., None].shape)",
    "a = [1, 2, 3, 4]\nprint(a[0], a[-1], a[1:3], a[::-2], (5, 6)[1], 'text'[1:3])\na[1] = 9\na[2:] = [7]\nprint(a)",
    "d = {'a': 1, 2: 'b'}\nd['c'] = [1]\nprint(d['a'], d, d.get('z'), d.get('z', 5), list(d), list(d.items()))",
]
WRITES = [
    X + "y = torch.zeros(3)\ny[0] = x[1] * 2\ny[1] = x[0] * x[2]\ny[2] = 7\ny.sum().backward()\nprint(y, x.grad)",
    X + "y = x.clone()\ny[0] = y[1]\ny[1:] = 0\ny.sum().backward()\nprint(y, x.grad)",
    X + "y = x * 2\ny += 1\ny *= 3\ny -= x\ny /= 2\ny.sum().backward()\nprint(y, x.grad)",
    X + "y = x * 1\ny[0] += 5\ny[1] *= x[2]\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x * 1\nv = y[1:]\nv.mul_(3)\nprint(y, v)\n(y.sum() + v.sum()).backward()\nprint(x.grad)",
    X + "y = x * 1\nv = y[:2]\ny.add_(1)\nprint(v)\nv.sum().backward()\nprint(x.grad)",
    X + "y = x * 1\nv = y.view(3, 1)\nu = v[0]\nu.zero_()\nprint(y, v, u)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x.clone()\ny[x > 0] = 0\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x * 2\ny.clamp_(min=0).add_(x)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "u = x.detach()\nu[0] = 9\nprint(x, u)\n(x * x).sum().backward()\nprint(x.grad)",
    "b = torch.zeros(4)\nv = b[1:3]\nv[0] = 5\nb[3] = 2\nprint(b, v)\nb.fill_(1)\nprint(v)",
    W + "y = torch.zeros(2, 3)\ny[0] = w[1]\ny[1, 1:] = w[0, :2]\ny[:, 0] += 1\ny.sum().backward()\nprint(y, w.grad)",
    X + "y = x * 1\nwith torch.no_grad():\n    y[0] = 100\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    X + "y = x * 2\ny.detach_()\nz = (y * x).sum()\nz.backward()\nprint(x.grad, y.requires_grad)",
    X + "y = x * 1\ny.copy_(x * 3)\ny.sum().backward()\nprint(y, x.grad)",
]
FLOW = [
    "for i in range(3):\n    for j in range(i):\n        print(i, j)\nelse:\n    print('done')",
    "n = 0\nwhile True:\n    n += 1\n    if n == 2:\n        continue\n    if n > 4:\n        break\n    print(n)",
    "n = 3\nwhile n:\n    n -= 1\nelse:\n    print('end', n)",
    "def f(a, b=2):\n    return a + b\nprint(f(1), f(1, 5), f(b=1, a=2))",
    "def fact(n):\n    if n < 2:\n        return 1\n    return n * fact(n - 1)\nprint(fact(10))",
    "k = 10\ndef f(a):\n    k = a\n    return k\nprint(f(3), k)",
    "def nothing():\n    pass\nprint(nothing())",
    "def outer(a):\n    def inner(b):\n        return a * b\n    return inner\nprint(outer(3)(4))",
    "square = lambda a: a ** 2\nprint(square(3), (lambda a, b=1: a - b)(5), [g(2) for g in [square, abs]])",
    "print([a * b for a in range(3) for b in range(a)], [a for a in range(9) if a % 2 if a > 2])",
    "print(sum(a for a in range(5)), list(a * 2 for a in (1, 2)), [[b for b in range(a)] for a in range(3)])",
    "a = 1\nprint([a for a in range(3)], a)",
    "a, (b, c), *rest = 1, [2, 3], 4, 5\nprint(a, b, c, rest)\na, b = b, a\nprint(a, b)",
    "a = b = [1]\na += [2]\nprint(a, b, a is b)\na = a + [3]\nprint(a, b)",
    "x: float = 2.5\ny: int\nprint(x)\ndel x",
    "if 0:\n    print(1)\nelif []:\n    print(2)\nelse:\n    print(3)",
    "assert 1 + 1 == 2, 'arithmetic'\nprint('ok')",
    X
    + "def step(a):\n    return a * 2 if a > 0 else -a\ny = sum([step(v) for v in x])\ny.backward()\nprint(y, x.grad)",
    X + "y = x\nfor i in range(3):\n    y = y * x\ny.sum().backward()\nprint(y, x.grad)",
    X + "y = 1.0\nfor v in x:\n    y = y * v\ny.backward()\nprint(y, x.grad)",
    X + "y = x\nwhile y.norm() < 100:\n    y = y * 2\ny.sum().backward()\nprint(y, x.grad)",
    X
    + "with torch.no_grad():\n    y = x * 2\n    print(y.requires_grad, torch.is_grad_enabled())\n    with torch.enable_grad():\n        z = x * 3\nprint(z, y)",
    X
    + "with torch.set_grad_enabled(False):\n    print(x * 2)\ntorch.set_grad_enabled(False)\nprint(x * 3)\ntorch.set_grad_enabled(True)\nprint(x * 4)",
]
PRINTING = [
    "print()\nprint('a', 1, 2.0, None, True, sep='-', end='!\\n')\nprint('x', end='')\n"
    "print('y', sep='')\nprint(1, 2, sep=None, end=None)",
    "print('line\\nbreak')\nprint('tab\\there', 'quote\\'s')\nprint([1, 'a', None, (1,), {'k': 2.5}], (), {})",
    "v = 3.14159\nprint(f'{v:.2f} {v:8.3f}| {v:<8.1f}| {v:e} {v:g} {12:04d} {1234567:,} {0.5:%}')",
    "v = 'w'\nn = 5\nprint(f'{v!r:>6} {v!s} {n=} {{}} {n:>{n}}')",
    X + "print(f'{x[0]:.3f} {x[0].item():.1f} {x}')",
    X + "print(x, x * 2, x.sum(), x.grad, x.shape, x.dtype, x.requires_grad, x.is_leaf, x.ndim)",
    X + "print((x * 2).grad_fn, x.grad_fn, (x * 2).sum().grad_fn.next_functions)",
    X + "y = x * 2\nprint(y.grad_fn.name(), y.grad_fn is y.grad_fn, y.grad_fn.next_functions[0][0].name())",
    "print(torch.zeros(2, 3), torch.ones(3, dtype=torch.int64), torch.tensor(True), torch.tensor([]))",
    "print(torch.arange(2000.0))\nprint(torch.zeros(40, 50))",
    "print(torch.tensor([1e-8, 1.0, 1e8]), torch.tensor([float('nan'), float('inf'), -float('inf')]))",
    "print(torch.tensor([1.5, 2.5], dtype=torch.float64), torch.tensor([1, 2], dtype=torch.uint8), torch.float32)",
    "print([torch.tensor(1.0), torch.tensor([2.0])], {'t': torch.tensor(3)})",
    "print(range(3), range(1, 9, 2))",
    "print(math.pi, math.sqrt(2), math.exp(1), math.log(8, 2), math.floor(2.7), math.inf, math.nan)",
    "print(str(1.5) + 'a', float('2.5'), int('7'), int(2.9), int(-2.9), bool([]), ', '.join(['a', 'b']))",
]
BUILTINS = [
    "print(len([1, 2]), len('abc'), len({}), abs(-3), round(2.567, 2), round(2.5), min(3, 1), max([1, 5, 2]))",
    "print(sum([1, 2, 3]), sum([1.5], 2), sorted([3, 1, 2]), sorted([3, 1, 2], reverse=True), any([0, 1]), all([]))",
    "print(sorted(['bb', 'a'], key=len), list(map(abs, [-1, 2])), list(filter(None, [0, 1])))",
    "print(list(zip([1, 2], 'ab')), list(enumerate('ab', 1)), list(reversed([1, 2])), list(reversed(range(3))))",
    "for i, (a, b) in enumerate(zip([1, 2], [3, 4])):\n    print(i, a, b)",
    "print(tuple([1, 2]), list('ab'), dict(a=1), pow(2, 5), pow(2.0, 0.5), divmod(7, 2), divmod(-7, 2))",
    "print(isinstance(1, int), isinstance(1.0, (int, str)), isinstance(torch.ones(1), torch.Tensor))",
    X + "print(max(x[0], x[2]), min(x), sum(x), abs(x), len(x), list(x)[0], pow(x, 2), max(1, x[2]))",
    X + "total = 0\nfor i, v in enumerate(x):\n    total = total + i * v\ntotal.backward()\nprint(x.grad)",
    X + "print(float(x[0]), int(x[2]), bool(x[0]), x.tolist(), x[1].item(), x.size(), x.size(0), x.numel(), x.dim())",
    "a = [1]\na.append(2)\na.extend([3, 4])\na.insert(0, 9)\nprint(a.pop(), a, a.copy() == a, a.pop(0))",
]
AUTOGRAD = [
    X
    + "y = (x * x).sum()\ny.backward()\nprint(x.grad)\ny = (x * 3).sum()\ny.backward()\nprint(x.grad)\nx.grad.zero_()\nprint(x.grad)",
    X + "y = x * x\ny.backward(torch.tensor([0.1, 1.0, 10.0]))\nprint(x.grad)\nx.grad = None\nprint(x.grad)",
    X + "y = (x ** 3).sum()\ny.backward(retain_graph=True)\ny.backward()\nprint(x.grad)",
    X + W + "y = w @ x\nz = y.sum() * x[0]\nz.backward()\nprint(x.grad, w.grad)",
    X + W + "y = w @ x\ntorch.autograd.backward([y, x.sum()], [torch.tensor([1.0, 2.0]), None])\nprint(x.grad, w.grad)",
    X
    + "y = x * 2\nz = x ** 2\ntorch.autograd.backward((y, z), grad_tensors=(torch.ones(3), torch.ones(3)))\nprint(x.grad)",
    X + W + "y = (w @ x).sum()\ny.backward(inputs=[x])\nprint(x.grad, w.grad)",
    X + "g = torch.autograd.grad((x ** 2).sum(), x)\nprint(g, x.grad)",
    X
    + "y = (x ** 3).sum()\n(g,) = torch.autograd.grad(y, x, create_graph=True)\nprint(g)\ng.sum().backward()\nprint(x.grad)",
    X
    + "y = (x ** 4).sum()\nfor k in range(3):\n    y = torch.autograd.grad(y.sum(), x, create_graph=True)[0]\n    print(y)",
    X
    + "y = x * 2\nz = (y * y).sum()\nprint(torch.autograd.grad(z, [y, x], retain_graph=True), torch.autograd.grad(z, y))",
    X + "u = torch.ones(2, requires_grad=True)\nprint(torch.autograd.grad(x.sum(), [x, u], allow_unused=True))",
    X + "print(torch.autograd.grad([x * 2, x ** 2], x, grad_outputs=[torch.ones(3), torch.ones(3)]))",
    X
    + "y = (x ** 3).sum()\ny.backward(create_graph=True)\ng = x.grad\nx.grad = None\ng.sum().backward()\nprint(x.grad)",
    X + "y = x * 2\ny.retain_grad()\nz = (y ** 2).sum()\nz.backward()\nprint(y.grad, x.grad)",
    X
    + "y = x * 2\nh = y.register_hook(lambda g: print('hook', g))\ny.sum().backward(retain_graph=True)\nh.remove()\ny.sum().backward()\nprint(x.grad)",
    X + "def double(g):\n    return g * 2\nx.register_hook(double)\n(x * x).sum().backward()\nprint(x.grad)",
    X + "y = x.detach() * x\ny.sum().backward()\nprint(x.grad, x.detach().requires_grad)",
    X + "y = x.clone().detach().requires_grad_()\n(y * y).sum().backward()\nprint(x.grad, y.grad, y.is_leaf)",
    "x = torch.ones(3)\nx.requires_grad_()\ny = x * 2\nprint(x.requires_grad, y.is_leaf, y.requires_grad)",
    "x = torch.ones(3)\nx.requires_grad = True\n(x * 5).sum().backward()\nprint(x.grad)",
    X + "y = x.grad\nprint(y)\n(x * 2).sum().backward()\nz = x.grad * x\nz.sum().backward()\nprint(x.grad, z)",
    X
    + "a, b, c = x.unbind()\nm, i = x.max(dim=0)\np, q = x.split([1, 2])\n(a * b + c + m * q.sum() - p.sum()).backward()\nprint(x.grad, m, i)",
    W
    + "v, i = w.topk(2, dim=1)\ns = w.sort(descending=True)[0]\n(v.sum() + (s * s).sum()).backward()\nprint(w.grad, i)",
    "x = torch.zeros(0, requires_grad=True)\ny = x * 2\ny.backward(torch.zeros(0))\nprint(x.grad, y.sum())",
    "x = torch.tensor([0.0, 1.0, -1.0], requires_grad=True)\ny = torch.log(x) + 1 / x\n"
    "y.sum().backward()\nprint(y, x.grad)",
    "x = torch.tensor(2.0, requires_grad=True, dtype=torch.float64)\ny = x.float() * 3\ny.backward()\nprint(x.grad, y)",
    X + "t = torch.tensor([x[0], x[1] * 2])\nprint(t, t.requires_grad)\n(t[0] * x.sum()).backward()\nprint(x.grad)",
    X
    + "y = torch.stack([x[0] * x[1], x[1] + x[2]])\nz = torch.cat([y, x])\nz.backward(torch.arange(5.0))\nprint(x.grad)",
    X + "y = x.expand(2, 3).sum() + x.repeat(2).sum() + x.view(3, 1).expand(3, 4).sum()\ny.backward()\nprint(x.grad)",
    X
    + "y = torch.where(x > 0, x ** 2, -x).sum() + x.clamp(-1, 1).sum() + F.relu(x).sum()\ny.backward()\nprint(x.grad)",
]
TRAINING = [
    """w = torch.tensor(1.0, requires_grad=True)
for i in range(4):
    loss = (w * 2.0 - 6.0) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
    print(i, f'{w.item():.4f}', f'{loss.item():.4f}')
print(w, w.grad)""",
    """w = torch.tensor([1.0, 2.0], requires_grad=True)
for i in range(2):
    loss = (w * w).sum()
    loss.backward()
    w.data -= 0.1 * w.grad.data
    w.grad.data.zero_()
print(w)""",
    """torch.manual_seed(3)
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
print(w, b)""",
    """w = torch.tensor(1.0, requires_grad=True)
for i in range(2):
    g, = torch.autograd.grad((w - 3) ** 2, w)
    w = (w - 0.1 * g).detach().requires_grad_()
print(w)""",
    """torch.manual_seed(1)
x = torch.rand(4, 3)
target = torch.tensor([0, 2, 1, 1])
w = torch.randn(3, 3, requires_grad=True)
loss = F.cross_entropy(x @ w, target)
loss.backward()
print(loss, w.grad)""",
]
GROUPS = {
    "arithmetic": ARITHMETIC, "indexing": INDEXING, "writes": WRITES, "flow": FLOW, "printing": PRINTING,
    "builtins": BUILTINS, "autograd": AUTOGRAD, "training": TRAINING,
}  # fmt: skip


@pytest.mark.parametrize(
    "program",
    [pytest.param(HEAD + body, id=f"{group}-{n}") for group, bodies in GROUPS.items() for n, body in enumerate(bodies)],
)
def test_a_program_does_what_it_does_in_python(program: str) -> None:
    assert_agrees(program)
