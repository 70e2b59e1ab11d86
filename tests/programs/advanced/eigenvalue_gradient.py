import torch

A = torch.tensor([[2.0, 1.0], [1.0, 2.0]], requires_grad=True)
values, vectors = torch.linalg.eigh(A)
print(values)
values[1].backward()
print(A.grad)
