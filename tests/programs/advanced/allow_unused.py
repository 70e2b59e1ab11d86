import torch

x = torch.tensor(1.0, requires_grad=True)
z = torch.tensor(1.0, requires_grad=True)
y = x * 3
print(torch.autograd.grad(y, [x, z], allow_unused=True))
y = x * 3
print(torch.autograd.grad(y, [x, z], allow_unused=True, materialize_grads=True))
