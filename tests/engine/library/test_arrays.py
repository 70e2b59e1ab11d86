"""Hold the arrays of numpy that programs make values with to numpy itself."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "many things": r"""
import numpy as np
import torch
np.random.seed(42)
a = np.array([1.0, 2.0, 3.0])
print(a, a * 2, a.shape, a.dtype, a.sum(), np.sqrt(2.0), a.mean())
b = np.random.randn(3)
print(b)
print(np.random.rand(2, 2), np.random.randint(0, 10, 3), np.random.uniform(-1, 1, (2,)))
x = torch.tensor(a, dtype=torch.float32, requires_grad=True)
print(x, torch.from_numpy(a), torch.as_tensor(a))
y = (x ** 2).sum()
y.backward()
print(x.grad.numpy(), y.detach().numpy(), x.detach().numpy())
print(np.linspace(0, 1, 5), np.arange(0, 6, 2), np.zeros((2, 2)), np.ones(3), np.eye(2))
a[0] = 10
print(a[0], a[1:], a > 2.5, -a, a @ a)
for v in a:
    print(v)
t = 3 * np.sin(np.pi * a) + np.array([[1, 2, 3]])
print(np.round(t, 3), t.shape)
try:
    x.numpy()
except RuntimeError as e:
    print(e)
print(np.allclose(x.grad.numpy(), 2 * x.detach().numpy()), isinstance(a, np.ndarray), type(a))
""",
    "memory is shared": r"""
import numpy as np
import torch
a = np.zeros(2)
t = torch.from_numpy(a)
a[0] = 5.0
u = t * 2
print(t, u)
b = torch.ones(2)
n = b.numpy()
b.add_(1)
print(n, n.tolist(), np.array([1, 2], dtype=float), n.astype(int), n.reshape(2, 1).T)
""",
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_with_arrays_does_what_it_does_in_python(source: str) -> None:
    assert_agrees(source)


HOSTILE = [
    "np.zeros(10**10)", "np.ones((10**5, 10**5))", "np.arange(10**12)", "np.linspace(0, 1, 10**9)", "np.eye(10**5)",
    "np.random.rand(10**5, 10**5)", "np.random.normal(0, 1, 10**10)", "np.random.randint(0, 5, size=10**9)",
    "np.ones((4096, 1)) + np.ones((1, 4096))", "np.ones((4096, 1)) @ np.ones((1, 4096))", "np.array(['a'])",
    "np.array([print])", "np.load('x')", "np.fromfile('x')", "np.ndarray((3,))", "np.zeros(3).tofile('x')",
    "np.zeros(3).dump('x')", "np.array(3, dtype='O')", "np.ones(3) + 'a'", "np.zeros(3).data", "np.lib",
    "torch.add(torch.ones(3), np.ones(3))",
]  # fmt: skip


@pytest.mark.parametrize("expression", HOSTILE)
def test_what_is_too_large_or_outside_is_refused(expression: str) -> None:
    try:
        refused = ours(f"import torch\nimport numpy as np\ny = {expression}").error is not None
    except VizgraphError:
        refused = True
    assert refused


def test_random_arrays_are_the_same_in_every_run() -> None:
    source = "import numpy as np\nprint(np.random.rand(3))"
    assert ours(source).printed == ours(source).printed
