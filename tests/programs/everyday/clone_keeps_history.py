import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
a = x.clone()
b = x.detach().clone()
a[0] = 5.0
b[0] = 7.0
print(a, b, x)
(a * 3).sum().backward()
print(x.grad)
