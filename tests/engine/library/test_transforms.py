"""Hold the helpers of torch that take a function, and functions with a backward of their own, to Python."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

PROGRAMS = {
    "an own square": r"""
import torch
from torch.autograd import Function
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.k = 2
        return x * x
    @staticmethod
    def backward(ctx, grad_output):
        x, = ctx.saved_tensors
        print("in backward", grad_output)
        return ctx.k * x * grad_output
x = torch.tensor([3.0, 4.0], requires_grad=True)
y = Square.apply(x)
print(y, y.grad_fn)
y.sum().backward()
print(x.grad)
square = Square.apply
print(torch.autograd.gradcheck(square, torch.tensor([1.0, 2.0], dtype=torch.double, requires_grad=True)))
""",
    "functions of functions": r"""
import torch
def f(x):
    return x ** 3
x = torch.tensor(2.0)
print(torch.func.grad(f)(x), torch.func.grad(torch.func.grad(f))(x))
print(torch.func.jacrev(lambda v: v * v)(torch.tensor([1.0, 2.0])))
print(torch.func.jacfwd(lambda v: v * v)(torch.tensor([1.0, 2.0])))
print(torch.func.hessian(lambda v: (v ** 3).sum())(torch.tensor([1.0, 2.0])))
out, pull = torch.func.vjp(f, x)
print(out, pull(torch.tensor(1.0)))
J = torch.autograd.functional.jacobian(lambda a, b: a * b + a ** 2, (torch.tensor([1., 2.]), torch.tensor([3., 4.])))
print(J)
print(torch.autograd.functional.hessian(lambda v: (v ** 3).sum(), torch.tensor([1.0, 2.0])))
print(torch.autograd.functional.vjp(lambda v: v ** 2, torch.tensor([1.0, 2.0]), torch.tensor([1., 1.])))
print(torch.autograd.functional.jvp(lambda v: v ** 2, torch.tensor([1.0, 2.0]), torch.tensor([1., 1.])))
print(torch.func.vmap(torch.func.grad(f))(torch.tensor([1.0, 2.0, 3.0])))
try:
    torch.autograd.gradcheck(lambda a: a.detach() * a, torch.tensor([1.0], dtype=torch.double, requires_grad=True))
except RuntimeError as e:
    print(e)
g, v = torch.func.grad_and_value(f)(x)
print(g, v)
""",
    "inputs that need no gradient": r"""
import torch
class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        ctx.set_materialize_grads(True)
        return x * factor
    @staticmethod
    def backward(ctx, g):
        print(ctx.needs_input_grad)
        return g * ctx.factor, None
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Scale.apply(x, 3)
y.sum().backward()
print(y, x.grad)
""",
    "setup_context": r"""
import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x ** 3
    @staticmethod
    def setup_context(ctx, inputs, output):
        x, = inputs
        ctx.save_for_backward(x)
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x ** 2
x = torch.tensor(2.0, requires_grad=True)
g, = torch.autograd.grad(Cube.apply(x), x, create_graph=True)
print(g)
g.backward()
print(x.grad)
""",
    "a jacobian that goes on": r"""
import torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
J = torch.autograd.functional.jacobian(lambda v: v ** 3, x, create_graph=True)
print(J)
J.sum().backward()
print(x.grad)
""",
    "too many gradients": r"""
import torch
class Two(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        return g, g
x = torch.ones(1, requires_grad=True)
Two.apply(x).backward()
""",
    "an error inside": r"""
import torch
def f(v):
    return v @ torch.ones(5)
torch.autograd.functional.jacobian(f, torch.ones(2))
""",
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program_with_functions_of_functions_does_what_it_does_in_python(source: str) -> None:
    assert_agrees(source)


def test_an_own_function_is_one_call_and_one_step() -> None:
    run = ours(PROGRAMS["an own square"])
    assert next(call.operation for call in run.calls if call.kind == "operation") == "Square"
    assert "SquareBackward" in {node.grad_fn for node in run.graph.nodes}


def test_the_inside_of_a_helper_is_no_part_of_the_run() -> None:
    run = ours("import torch\nx = torch.ones(2)\nh = torch.autograd.functional.hessian(lambda v: (v ** 3).sum(), x)")
    assert [call.operation for call in run.calls] == ["ones", "hessian"]
    assert run.passes == ()


def test_a_function_without_its_method_is_told_so() -> None:
    run = ours("import torch\nclass F(torch.autograd.Function):\n    forward = 3\nF.apply(torch.ones(1))")
    assert run.error is not None
    assert "forward" in run.error.message


HOSTILE = [
    "torch.autograd.functional.hessian(lambda v: v.sum(), torch.ones(4096))",
    "torch.autograd.functional.jacobian(lambda v: v * 2, torch.ones(4096))",
    "torch.func.jacrev(lambda v: v * 2)(torch.ones(4096))",
    "torch.autograd.gradcheck(lambda v: v * 2, torch.ones(4096, dtype=torch.double, requires_grad=True))",
    "torch.func.grad(lambda v: [v for _ in range(10**9)])(torch.ones(1))",
    "torch.func.vmap(print, chunk_size=print)(torch.ones(1))",
]


@pytest.mark.parametrize("expression", HOSTILE)
def test_what_would_be_too_large_is_refused(expression: str) -> None:
    with pytest.raises(VizgraphError):
        ours(f"import torch\ny = {expression}")
