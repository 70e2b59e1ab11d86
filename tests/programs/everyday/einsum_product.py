import torch

a = torch.arange(6.).reshape(2, 3)
b = torch.arange(12.).reshape(3, 4)
a.requires_grad_(); b.requires_grad_()
c = torch.einsum("ij,jk->ik", a, b)
print(torch.equal(c, a @ b))
c.sum().backward()
print(a.grad)
print(b.grad[0])
