import torch

torch.manual_seed(0)
A = torch.randn(4, 3, requires_grad=True)
U, S, Vh = torch.linalg.svd(A, full_matrices=False)
print(S)
S.sum().backward()
print(torch.allclose(A.grad, (U @ Vh).detach(), atol=1e-5))
v = torch.ones(3)
for _ in range(100):
    v = A.detach().T @ (A.detach() @ v)
    v = v / v.norm()
print(((A.detach() @ v).norm() - S[0].detach()).abs() < 1e-4)
