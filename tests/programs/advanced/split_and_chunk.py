import torch

x = torch.arange(6.0, requires_grad=True)
a, b = x.chunk(2)
first, rest = torch.split(x, [2, 4])
u, v = x.view(2, 3).unbind(0)
print(a, rest)
print(u)
loss = (a * b).sum() + first.prod() + (u - v).pow(2).sum()
loss.backward()
print(x.grad)
