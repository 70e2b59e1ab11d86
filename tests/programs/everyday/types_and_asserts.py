import torch

x = torch.tensor([1, 2, 3], dtype=torch.float32, requires_grad=True)
assert isinstance(x, torch.Tensor)
assert x.dtype == torch.float32, "wrong type"
y = x.double() * 2
print(y.dtype, isinstance(y.sum().item(), float))
y.sum().backward()
print(x.grad, x.grad.dtype)
