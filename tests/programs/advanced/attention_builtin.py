import torch
import torch.nn.functional as F

torch.manual_seed(1)
q, k, v = (torch.randn(1, 3, 2, requires_grad=True) for _ in range(3))
out = F.scaled_dot_product_attention(q, k, v)
manual = torch.softmax(q @ k.transpose(1, 2) / 2 ** 0.5, dim=-1) @ v
print(torch.allclose(out, manual, atol=1e-6))
out.sum().backward()
print(v.grad)
