import torch

torch.manual_seed(0)
n = 20
x = torch.cat([torch.randn(n, 2) + 2, torch.randn(n, 2) - 2])
y = torch.cat([torch.ones(n), torch.zeros(n)])
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(1, 301):
    z = x @ w + b
    p = 1 / (1 + torch.exp(-z))
    loss = -(y * torch.log(p + 1e-9) + (1 - y) * torch.log(1 - p + 1e-9)).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
    w.grad.zero_(); b.grad.zero_()
    if epoch in (1, 10, 100, 300):
        acc = ((p > 0.5).float() == y).sum().item() / len(y)
        print(epoch, f"{loss.item():.4f}", acc)
print(w.data, b.data)
