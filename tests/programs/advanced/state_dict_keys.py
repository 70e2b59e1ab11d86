import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
print(list(model.state_dict().keys()))
w0 = model.weight.detach().clone()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
model(torch.ones(1, 2)).sum().backward()
opt.step()
print((model.weight - w0).detach())
