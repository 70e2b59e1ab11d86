import torch

x = torch.tensor(2.0, requires_grad=True)
y = x ** 4
g, = torch.autograd.grad(y, x, create_graph=True)
print(g)
h, = torch.autograd.grad(g, x)
print(h)
