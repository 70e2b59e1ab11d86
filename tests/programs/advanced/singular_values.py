import torch

A = torch.tensor([[3.0, 0.0], [4.0, 5.0]], requires_grad=True)
S = torch.linalg.svdvals(A)
print(S)
S[0].backward()
print(A.grad)
U, s, Vh = torch.linalg.svd(A.detach())
print(torch.allclose(U @ torch.diag(s) @ Vh, A, atol=1e-5))
