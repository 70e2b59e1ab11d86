import torch

class Binarize(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sign(x)

    @staticmethod
    def backward(ctx, g):
        return g

x = torch.tensor([-0.6, 0.2, 1.4], requires_grad=True)
(Binarize.apply(x) * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(x.grad)

# the same with detach
z = torch.tensor([-0.6, 0.2, 1.4], requires_grad=True)
q = z + (torch.sign(z) - z).detach()
(q * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
print(z.grad, q.detach())
