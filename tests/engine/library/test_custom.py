"""Hold autograd functions that a program writes to torch's own: what they save, mark and hand back."""

from __future__ import annotations

import pytest

from tests.engine.real import assert_agrees, ours
from vizgraph.errors import VizgraphError

HEAD = """import torch
from torch.autograd import Function
x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
"""
SQUARE = """class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, gradient):
        x, = ctx.saved_tensors
        print(ctx.needs_input_grad, gradient)
        return 2 * x * gradient
"""
PROGRAMS = {
    "saved tensors": f"{SQUARE}y = Square.apply(x)\nprint(y)\ny.sum().backward()\nprint(x.grad)",
    "twice": f"{SQUARE}(Square.apply(Square.apply(x)) * x).sum().backward()\nprint(x.grad)",
    "numbers on the context": """class Scale(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        ctx.shape = x.shape
        return x * k
    @staticmethod
    def backward(ctx, gradient):
        print(ctx.shape)
        return gradient * ctx.k, None
Scale.apply(x, 3.0).sum().backward()
print(x.grad)""",
    "a context of its own": """class Exp(Function):
    @staticmethod
    def forward(x):
        return x.exp()
    @staticmethod
    def setup_context(ctx, inputs, output):
        print(len(inputs))
        ctx.save_for_backward(output)
    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0]
Exp.apply(x).sum().backward()
print(x.grad)""",
    "several results": """class Both(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2, x * 3
    @staticmethod
    def backward(ctx, one, other):
        print(one, other)
        return 2 * one + 3 * other
a, b = Both.apply(x)
(a.sum() + 5 * b.sum()).backward()
print(x.grad)""",
    "gradients that are not made": """class Both(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3
    @staticmethod
    def backward(ctx, one, other):
        print(one, other)
        return 2 * one
Both.apply(x)[0].sum().backward()
print(x.grad)""",
    "a result without a gradient": """class Sort(Function):
    @staticmethod
    def forward(ctx, x):
        places = x.argsort()
        ctx.mark_non_differentiable(places)
        ctx.save_for_backward(places)
        return x[places], places
    @staticmethod
    def backward(ctx, gradient, of_places):
        made = torch.zeros_like(gradient)
        made[ctx.saved_tensors[0]] = gradient
        return made
y, places = Sort.apply(x)
print(y, places, places.requires_grad)
(y * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(x.grad)""",
    "written in place": """class Double(Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
    @staticmethod
    def backward(ctx, gradient):
        return gradient * 2
z = x * 1
y = Double.apply(z)
print(y)
y.sum().backward()
print(x.grad)""",
    "a function as an argument": """class Through(Function):
    @staticmethod
    def forward(ctx, f, x, ks):
        ctx.ks = ks
        return f(x) * ks[0]
    @staticmethod
    def backward(ctx, gradient):
        return None, gradient * ctx.ks[1], None
Through.apply(lambda t: t + 1, x, [2.0, 7.0]).sum().backward()
print(x.grad)""",
    "a base of its own": SQUARE
    + """class Cube(Square):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
y = Cube.apply(x)
y.sum().backward()
print(y, x.grad)""",
    "no such attribute": """class Bad(Function):
    @staticmethod
    def forward(ctx, x):
        return x * ctx.nothing
    @staticmethod
    def backward(ctx, gradient):
        return gradient
Bad.apply(x)""",
    "saved what is no tensor": """class Bad(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(3)
        return x * 1
    @staticmethod
    def backward(ctx, gradient):
        return gradient
Bad.apply(x)""",
    "marked what is no tensor": """class Bad(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x, 3)
        return x
    @staticmethod
    def backward(ctx, gradient):
        return gradient
Bad.apply(x * 1)""",
    "marked no result": """class Bad(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_non_differentiable(3)
        return x * 1
    @staticmethod
    def backward(ctx, gradient):
        return gradient
Bad.apply(x)""",
    "too few arguments": f"{SQUARE}Square.apply()",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_function_of_the_program_does_what_torch_makes_of_it(program: str) -> None:
    assert_agrees(HEAD + program)


def test_its_inside_is_one_operation_of_the_graph() -> None:
    run = ours(f"{HEAD}{SQUARE}y = Square.apply(x)")
    assert [node.grad_fn for node in run.graph.nodes if node.kind != "leaf"] == ["SquareBackward"]


def test_to_call_it_is_refused_with_what_to_write() -> None:
    with pytest.raises(VizgraphError, match=r"an autograd function is not called; write its name with .apply\(x\)"):
        ours(f"{HEAD}{SQUARE}Square(x)")
