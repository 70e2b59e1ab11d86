import torch

x = torch.randn(3, requires_grad=True)
y = torch.sigmoid(x)
z = y * 2
y += 1
z.sum().backward()
print("z is fine because mul by a constant saves nothing", x.grad is not None)
y = torch.sigmoid(x)
y.mul_(2)
y.sum().backward()
