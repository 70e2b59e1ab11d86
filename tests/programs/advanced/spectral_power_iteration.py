import torch

A = torch.tensor([[2.0, 0.5], [0.5, 1.0]], requires_grad=True)
v = torch.tensor([1.0, 0.0])
for _ in range(6):
    v = A @ v
    v = v / v.norm()
rayleigh = v @ A @ v
rayleigh.backward()
print(f"{rayleigh.item():.4f}")
print(torch.round(A.grad, decimals=2))
