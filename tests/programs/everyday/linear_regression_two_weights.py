import torch

torch.manual_seed(1)
true_w = torch.tensor([2.0, -3.4])
true_b = 4.2
features = torch.normal(0, 1, (10, 2))
labels = features @ true_w + true_b

w = torch.normal(0, 0.01, size=(2,), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
lr = 0.1
for epoch in range(6):
    loss = ((features @ w + b - labels) ** 2 / 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    print(f'epoch {epoch + 1}, loss {float(loss):f}')
print(w)
print(b)
