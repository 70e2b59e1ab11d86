import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([0.1, 0.2], requires_grad=True)
y = (x ** 3).sum()
y.backward()
print(y)
print(x.grad)
print(x.dtype)
