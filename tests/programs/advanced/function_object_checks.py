import torch

class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x ** 2 * grad

cube = Cube.apply
x = torch.tensor([1.5, -2.0], dtype=torch.float64, requires_grad=True)
print(torch.autograd.gradcheck(cube, x))
print(torch.autograd.gradgradcheck(cube, x))
g, = torch.autograd.grad(cube(x).sum(), x, create_graph=True)
print(torch.autograd.grad(g.sum(), x)[0])
