import numpy as np
import torch

a = np.arange(6).reshape(2, 3)
print(a)
print(a.shape, a.dtype, a.sum(), a.mean())
x = torch.tensor(np.array([0.0, np.pi]), dtype=torch.float32, requires_grad=True)
y = torch.sin(x)
y.sum().backward()
print(x.grad)
print(np.allclose(x.grad.numpy(), np.cos(x.detach().numpy()), atol=1e-6))
