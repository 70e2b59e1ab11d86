import torch
import torch.nn.functional as F

x = torch.tensor([[1.0, 2.0, 4.0], [0.0, 0.5, -0.5]], requires_grad=True)
a = F.layer_norm(x, (3,))
mean = x.mean(dim=-1, keepdim=True)
var = x.var(dim=-1, unbiased=False, keepdim=True)
b = (x - mean) / torch.sqrt(var + 1e-5)
print(torch.allclose(a, b, atol=1e-6))
(a * torch.tensor([1.0, 0.0, 0.0])).sum().backward()
print(x.grad.round(decimals=3))
