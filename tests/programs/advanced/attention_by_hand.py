import math
import torch
import torch.nn.functional as F

torch.manual_seed(0)
q = torch.randn(3, 4, requires_grad=True)
k = torch.randn(3, 4, requires_grad=True)
v = torch.randn(3, 4, requires_grad=True)
scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
weights = F.softmax(scores, dim=-1)
out = weights @ v
print(out.shape, weights.sum(dim=-1).detach())
out.pow(2).sum().backward()
print(q.grad)
print(v.grad.norm())
