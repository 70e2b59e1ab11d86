import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(2, 3)
inputs = torch.randn(4, 1, 2)
h = torch.zeros(1, 3)
for t in range(4):
    h = cell(inputs[t], h)
print(h)
h.sum().backward()
print(cell.bias_hh.grad)
print(cell.weight_hh.grad.shape)
