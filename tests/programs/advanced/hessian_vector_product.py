import torch

A = torch.tensor([[2.0, 1.0], [1.0, 4.0]])
x = torch.tensor([1.0, -1.0], requires_grad=True)
v = torch.tensor([0.5, 2.0])
f = 0.5 * x @ A @ x + torch.exp(x[0])
g, = torch.autograd.grad(f, x, create_graph=True)
hv, = torch.autograd.grad(g, x, grad_outputs=v)
print(hv)
print(A @ v + torch.exp(x.detach()) * torch.tensor([1.0, 0.0]) * v)
