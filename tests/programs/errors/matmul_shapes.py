import torch

A = torch.randn(2, 3, requires_grad=True)
B = torch.randn(2, 3)
print(A.shape, B.shape)
C = A @ B
