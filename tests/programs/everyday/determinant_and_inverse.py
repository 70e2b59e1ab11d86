import torch

M = torch.tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
d = torch.det(M)
d.backward()
print(d.item())
print(M.grad)
print(torch.allclose(M.grad, d.detach() * torch.inverse(M.detach()).T))
