import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.sigmoid(x)
loss = y.sum()
y.mul_(2)
try:
    loss.backward()
    y.sum().backward()
except RuntimeError as e:
    print("failed:", e)
