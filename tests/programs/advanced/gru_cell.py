import torch
from torch import nn

torch.manual_seed(0)
gru = nn.GRUCell(2, 2)
h = torch.zeros(1, 2, requires_grad=True)
x = torch.tensor([[1.0, -1.0]])
state = gru(x, h)
state = gru(x, state)
state.sum().backward()
print(state)
print(h.grad)
