import torch
from torch import nn

torch.manual_seed(0)
attention = nn.MultiheadAttention(embed_dim=4, num_heads=2, batch_first=True)
x = torch.randn(1, 3, 4, requires_grad=True)
out, weights = attention(x, x, x)
print(out.shape, weights.shape)
print(weights.detach().sum(-1))
out.sum().backward()
print(x.grad.shape, attention.out_proj.bias.grad)
