import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(2, 1))
x = torch.ones(5, 4)
print(model[0](x).shape)
out = model(x)
