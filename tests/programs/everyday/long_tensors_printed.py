import torch

x = torch.arange(30.0, requires_grad=True)
print(x)
print((x * 100).view(5, 6))
print(torch.arange(1200))
