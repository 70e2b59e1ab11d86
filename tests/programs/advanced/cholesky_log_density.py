import torch
import math

x = torch.tensor([0.5, -1.0])
S = torch.tensor([[2.0, 0.3], [0.3, 1.0]], requires_grad=True)
L = torch.linalg.cholesky(S)
z = torch.linalg.solve_triangular(L, x.unsqueeze(1), upper=False)
log_density = -0.5 * (z ** 2).sum() - torch.log(torch.diagonal(L)).sum() - math.log(2 * math.pi)
log_density.backward()
print(f"{log_density.item():.4f}")
print(S.grad)
