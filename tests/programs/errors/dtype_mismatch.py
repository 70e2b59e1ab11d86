import torch

A = torch.ones(2, 2, dtype=torch.float64, requires_grad=True)
B = torch.ones(2, 2)
C = A @ B
