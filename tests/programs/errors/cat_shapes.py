import torch

a = torch.zeros(2, 3, requires_grad=True)
b = torch.zeros(3, 2)
torch.cat([a, b], dim=0)
