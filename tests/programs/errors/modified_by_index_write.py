import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = a * 3
c = b ** 2
b[0] = 10.0
c.sum().backward()
