import torch

def f(x):
    return torch.sin(x[0]) * x[1] ** 2

x = torch.tensor([0.7, 1.3], dtype=torch.float64, requires_grad=True)
f(x).backward()
eps = 1e-6
numeric = torch.zeros(2, dtype=torch.float64)
with torch.no_grad():
    for i in range(2):
        step = torch.zeros(2, dtype=torch.float64)
        step[i] = eps
        numeric[i] = (f(x + step) - f(x - step)) / (2 * eps)
print(x.grad)
print(torch.allclose(x.grad, numeric, atol=1e-6))
