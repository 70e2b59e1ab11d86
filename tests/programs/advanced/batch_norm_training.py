import torch
from torch import nn

bn = nn.BatchNorm1d(2)
x = torch.tensor([[1.0, 10.0], [2.0, 20.0], [3.0, 60.0]], requires_grad=True)
y = bn(x)
print(y)
print(bn.running_mean)
(y * torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])).sum().backward()
print(bn.weight.grad, bn.bias.grad)
bn.eval()
print(bn(x)[0].detach())
