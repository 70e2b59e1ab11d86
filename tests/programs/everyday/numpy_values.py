import numpy as np
import torch

data = np.array([[1.0, 2.0], [3.0, 4.0]])
x = torch.from_numpy(data)
print(x)
x = x.float().requires_grad_(True)
y = (x ** 2).sum()
y.backward()
print(x.grad.numpy())
print(y.detach().numpy())
