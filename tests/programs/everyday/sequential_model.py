import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(2, 4),
    nn.ReLU(),
    nn.Linear(4, 1),
)
print(model)
x = torch.tensor([[0.5, -1.0], [1.0, 2.0]])
loss = model(x).pow(2).mean()
loss.backward()
for name, p in model.named_parameters():
    print(name, tuple(p.shape), p.grad.abs().sum() > 0)
