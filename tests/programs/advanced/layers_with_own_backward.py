import torch
from torch import nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable


class ClippedScale(Function):
    """Scale in the forward pass, clip the gradient in the backward pass."""

    @staticmethod
    def forward(ctx, x, factor, limit):
        ctx.factor, ctx.limit = factor, limit
        return x * factor

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        return (grad * ctx.factor).clamp(-ctx.limit, ctx.limit), None, None


class SineAndCosine(Function):
    @staticmethod
    def forward(x):
        return x.sin(), x.cos()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*output)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, grad_sine, grad_cosine):
        sine, cosine = ctx.saved_tensors
        total = torch.zeros_like(sine)
        if grad_sine is not None:
            total = total + grad_sine * cosine
        if grad_cosine is not None:
            total = total - grad_cosine * sine
        return total


class Rotation(nn.Module):
    def __init__(self, factor=2.0):
        super().__init__()
        self.factor = factor
        self.angle = nn.Parameter(torch.tensor([0.5]))

    def forward(self, x):
        sine, cosine = SineAndCosine.apply(self.angle)
        return ClippedScale.apply(x * cosine - sine, self.factor, 1.0)

    def extra_repr(self):
        return f"factor={self.factor}"


layer = Rotation()
print(layer)
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
out = layer(x)
print(out)
out.sum().backward()
print(x.grad, layer.angle.grad)
one, _ = SineAndCosine.apply(x)
one.sum().backward()
print(x.grad)
