import torch

A = torch.zeros(2, 2, requires_grad=True)
try:
    torch.inverse(A)
except RuntimeError as e:
    print(e)
print(torch.linalg.pinv(torch.eye(2)))
