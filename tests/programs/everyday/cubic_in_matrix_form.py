# A cubic through a sine: the powers of x are the columns of a table, and a layer finds their factors.
import torch
from math import pi, sqrt

points = torch.linspace(-pi, pi, 2000)
target = points.sin()
powers = points.unsqueeze(-1) ** torch.tensor([1, 2, 3])
print(powers.shape, powers.numel())

torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))
criterion = torch.nn.MSELoss(reduction="sum")
optimizer = torch.optim.SGD(model.parameters(), lr=1e-6)
for step in range(60):
    loss = criterion(model(powers), target)
    if step % 20 == 0:
        print(f"{step:3d} {loss.item():12.4f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
layer = model[0]
print(layer.weight.shape, layer.weight.grad.shape, round(sqrt(loss.item()), 3))
