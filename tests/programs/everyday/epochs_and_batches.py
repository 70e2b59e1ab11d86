import torch
X = torch.arange(20.).reshape(10,2) / 10
y = X @ torch.tensor([2.0, -3.4]) + 4.2
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(30):
    for i in range(0, 10, 2):
        xb, yb = X[i:i+2], y[i:i+2]
        l = ((xb @ w + b - yb)**2 / 2).sum()
        l.backward()
        with torch.no_grad():
            for p in [w, b]:
                p -= 0.03 * p.grad / 2
                p.grad.zero_()
    with torch.no_grad():
        train_l = ((X @ w + b - y)**2).mean()
        print(f'epoch {epoch + 1}, loss {float(train_l):f}')
