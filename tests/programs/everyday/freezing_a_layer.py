import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
for p in model[0].parameters():
    p.requires_grad = False
model(torch.ones(1, 2)).sum().backward()
for name, p in model.named_parameters():
    print(name, p.grad)
