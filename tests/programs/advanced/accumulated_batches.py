import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
loss_fn = nn.MSELoss()
X = torch.randn(4, 2)
y = torch.randn(4, 1)
loss_fn(model(X), y).backward()
whole = model.weight.grad.clone()
model.zero_grad()
for xb, yb in zip(X.split(2), y.split(2)):
    (loss_fn(model(xb), yb) / 2).backward()
print(torch.allclose(whole, model.weight.grad))
print(whole)
