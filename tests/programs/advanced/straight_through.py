import torch


class STEBinarize(torch.autograd.Function):
    """Straight-through estimator."""
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.sign()

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[input.abs() > 1] = 0
        return grad_input


x = torch.tensor([-1.5, -0.3, 0.2, 0.9, 2.0], requires_grad=True)
y = STEBinarize.apply(x)
print(y)
(y * torch.arange(5.)).sum().backward()
print(x.grad)
# the detach trick
x.grad = None
q = x + (torch.round(x) - x).detach()
print(q)
q.pow(2).sum().backward()
print(x.grad)
