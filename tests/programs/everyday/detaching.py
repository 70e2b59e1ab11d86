import torch

x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
y = x * x
u = y.detach()
z = u * x
print(u.requires_grad, z.requires_grad)
z.sum().backward()
print(x.grad == u)
print(x.grad)
