import torch

A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
v = torch.tensor([1.0, -1.0], requires_grad=True)
batch = torch.ones(2, 2, 2)
print(A @ v, A.mv(v), torch.matmul(v, A), v.dot(v))
print(torch.bmm(batch, A.expand(2, 2, 2)))
print(torch.outer(v, v), torch.addmm(A, A, A))
((A @ v).sum() + torch.bmm(batch, A.expand(2, 2, 2)).sum()).backward()
print(A.grad, v.grad)
