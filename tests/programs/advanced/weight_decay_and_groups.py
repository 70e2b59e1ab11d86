import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(2, 1)
optimizer = torch.optim.SGD([
    {"params": [layer.weight], "weight_decay": 0.1},
    {"params": [layer.bias], "lr": 0.01},
], lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    layer(torch.tensor([[1.0, 2.0]])).sum().backward()
    optimizer.step()
print(layer.weight)
print(layer.bias)
print([g["lr"] for g in optimizer.param_groups])
