import torch

x = torch.tensor([5.0], requires_grad=True)
best = float("inf")
for step in range(50):
    loss = (x - 2).abs().sum() + 0.5 * (x - 2).pow(2).sum()
    if loss.item() >= best:
        print("stop at", step)
        break
    best = loss.item()
    loss.backward()
    x.data.add_(x.grad, alpha=-0.5)
    x.grad.zero_()
else:
    print("never stopped")
print(f"best {best:.4f}")
