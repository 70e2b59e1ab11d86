import torch
x = torch.ones(2, requires_grad=True)
y = (x * 2).detach()
z = y.sum()
torch.autograd.grad(z, x)
