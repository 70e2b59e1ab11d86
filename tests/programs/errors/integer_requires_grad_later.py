import torch

n = torch.arange(4)
print(n.dtype)
n.requires_grad_()
