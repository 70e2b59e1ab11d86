import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x ** 3).sum()
first = torch.autograd.grad(y, x, create_graph=True)[0]
first.sum().backward()
print(first)
print(x.grad)
