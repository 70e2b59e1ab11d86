import numpy as np
import torch

xs = np.linspace(0, 1, 5)
ys = 2 * xs + 1
x = torch.tensor(xs, dtype=torch.float32)
y = torch.tensor(ys, dtype=torch.float32)
w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for _ in range(5):
    loss = torch.mean((w * x + b - y) ** 2)
    loss.backward()
    w.data -= 0.5 * w.grad.data
    b.data -= 0.5 * b.grad.data
    w.grad.data.zero_()
    b.grad.data.zero_()
    print(loss.item())
