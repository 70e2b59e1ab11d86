import torch

a = torch.ones(3)
b = a.numpy()
a.add_(1)
print(a)
print(b)
