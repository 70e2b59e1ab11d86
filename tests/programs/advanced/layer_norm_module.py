import torch
from torch import nn

ln = nn.LayerNorm(4)
x = torch.tensor([[1.0, 2.0, 3.0, 6.0]], requires_grad=True)
y = ln(x)
print(y)
y[0, 0].backward()
print(ln.weight.grad)
print(ln.bias.grad)
