import torch

x = torch.arange(6.0, requires_grad=True)
y = x.view(4, 2)
