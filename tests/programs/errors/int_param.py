import torch

a = torch.tensor([1, 2, 3])
print(a.dtype)
a.requires_grad = True
