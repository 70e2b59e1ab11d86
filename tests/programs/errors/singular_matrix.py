import torch

A = torch.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
b = torch.tensor([1.0, 2.0])
x = torch.linalg.solve(A, b)
