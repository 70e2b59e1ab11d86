import torch

x = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)
s = 1 / (1 + torch.exp(-x))
s.sum().backward()
expected = s * (1 - s)
print(s.data)
assert torch.allclose(x.grad, expected)
print("ok")
