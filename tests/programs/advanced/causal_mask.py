import torch

torch.manual_seed(0)
T = 4
scores = torch.randn(T, T, requires_grad=True)
mask = torch.tril(torch.ones(T, T))
masked = scores.masked_fill(mask == 0, float("-inf"))
weights = torch.softmax(masked, dim=-1)
print(weights.detach())
(weights * torch.arange(float(T))).sum().backward()
print(scores.grad.triu(1).abs().sum())
