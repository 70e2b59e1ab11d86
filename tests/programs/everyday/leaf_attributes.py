import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0])
c = a * b
print(a.requires_grad, b.requires_grad, c.requires_grad)
print(a.is_leaf, b.is_leaf, c.is_leaf)
print(a.grad_fn, b.grad_fn)
print(c.grad_fn)
print(a.grad)
c.sum().backward()
print(a.grad, b.grad)
