import random
import torch


def batches(features, targets, size):
    """Hand out the rows in a random order, a few at a time."""
    order = list(range(len(features)))
    random.shuffle(order)
    for start in range(0, len(order), size):
        chosen = torch.tensor(order[start:start + size])
        yield features[chosen], targets[chosen]


def numbers():
    n = 0
    while True:
        yield n
        n += 1


random.seed(3)
torch.manual_seed(3)
X = torch.randn(12, 2)
y = X @ torch.tensor([1.5, -2.0]) + 0.7
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(8):
    for xb, yb in batches(X, y, 4):
        loss = ((xb @ w + b - yb) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w, b):
                p -= 0.1 * p.grad
                p.grad.zero_()
    print(f"epoch {epoch}: {loss.item():.4f}")
print(w, b)
print([n for n, _ in zip(numbers(), range(3))], next(batches(X, y, 2))[0].shape)
print(sum(xb.shape[0] for xb, _ in batches(X, y, 5)))
