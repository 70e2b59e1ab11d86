import torch

w1 = torch.tensor([[1.0, 2.0]], requires_grad=True)
w2 = torch.tensor([[0.5], [1.5]], requires_grad=True)
out = (w1 @ w2).sum()
with torch.no_grad():
    w2 -= 0.1
out.backward()
