import torch

torch.manual_seed(0)
data = torch.arange(8.0).view(-1, 1)
goal = 3 * data - 1
w = torch.randn(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
batch_size = 4
for epoch in range(2):
    for start in range(0, len(data), batch_size):
        xb = data[start:start + batch_size]
        yb = goal[start:start + batch_size]
        loss = (xb @ w + b - yb).pow(2).mean()
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
            b -= 0.01 * b.grad
            w.grad.zero_()
            b.grad.zero_()
        print(f"{epoch}/{start}: {loss.item():.4f}")
