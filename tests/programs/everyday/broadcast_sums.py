import torch

m = torch.arange(6.0).reshape(2, 3).requires_grad_()
row = torch.tensor([1.0, 10.0, 100.0], requires_grad=True)
s = torch.tensor(2.0, requires_grad=True)
out = m * row + s
print(out.shape)
out.sum().backward()
print(m.grad)
print(row.grad)
print(s.grad)
