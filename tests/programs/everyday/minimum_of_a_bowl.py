import torch

x = torch.tensor(4.0, requires_grad=True)
path = []
for step in range(10):
    y = (x - 1) ** 2 + 2
    y.backward()
    with torch.no_grad():
        x -= 0.2 * x.grad
    x.grad = None
    path.append(round(x.item(), 4))
print(path)
print(f"{x.item():.2f} {y.item():>8.3f}")
