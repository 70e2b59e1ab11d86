import torch
from torch import nn

torch.manual_seed(0)
W = nn.Parameter(torch.tensor([[1.0, 0.5], [-0.5, 2.0]]))
x = torch.tensor([[1.0, 3.0]])
hidden = x @ W
back = hidden @ W.t()
loss = (back - x).pow(2).sum()
loss.backward()
print(W)
print(W.grad)
