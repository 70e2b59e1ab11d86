import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(3, 3), nn.Dropout(p=0.5), nn.Linear(3, 1))
x = torch.ones(1, 3)
model.train()
a = model(x)
model.eval()
b = model(x)
c = model(x)
print(a, torch.equal(b, c), model.training)
b.backward()
print(model[0].bias.grad)
