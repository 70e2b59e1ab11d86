import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
(x ** 3).sum().backward()
assert torch.allclose(x.grad, 2 * x), "wrong derivative"
