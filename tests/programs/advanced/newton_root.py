import torch

x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
for i in range(5):
    f = x ** 2 - 2
    df, = torch.autograd.grad(f, x)
    with torch.no_grad():
        x -= f / df
    print(f"{i}: {x.item():.10f}")
