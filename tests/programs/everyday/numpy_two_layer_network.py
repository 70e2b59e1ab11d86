import numpy as np
import torch

np.random.seed(0)
X = torch.from_numpy(np.random.randn(4, 3).astype(np.float32))
y = torch.from_numpy(np.array([[1], [0], [1], [0]], dtype=np.float32))
W1 = torch.tensor(np.ones((3, 2)) * 0.1, dtype=torch.float32, requires_grad=True)
W2 = torch.tensor([[0.5], [-0.5]], requires_grad=True)
for it in range(3):
    h = (X @ W1).clamp(min=0)
    loss = ((h @ W2 - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        W1 -= 0.1 * W1.grad
        W2 -= 0.1 * W2.grad
        W1.grad.zero_()
        W2.grad.zero_()
    print(it, "%.5f" % loss.item())
