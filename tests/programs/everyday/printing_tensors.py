import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
print(x)
print(x + 1)
print(x * 2)
print(x.sum())
print(x.mean())
print(x @ x)
print(x.exp())
print(x[0])
print(x.t())
print(x.view(4))
