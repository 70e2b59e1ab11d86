import torch

A = torch.tensor([[3.0, 1.0], [1.0, 2.0]], requires_grad=True)
b = torch.tensor([9.0, 8.0], requires_grad=True)
x = torch.linalg.solve(A, b)
print(x.detach())
x.sum().backward()
print(b.grad)
print(A.grad)
