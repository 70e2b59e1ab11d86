import torch


class Mul(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx, g):
        return g * ctx.k


x = torch.ones(2, requires_grad=True)
Mul.apply(x, 3.0).sum().backward()
