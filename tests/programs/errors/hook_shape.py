import torch
x = torch.ones(3, requires_grad=True)
y = x * 2
y.register_hook(lambda g: g[:2])
y.sum().backward()
