import torch
x = torch.arange(6).reshape(2, 3)
print(x.sum(), x.float().mean())
print(x.mean())
