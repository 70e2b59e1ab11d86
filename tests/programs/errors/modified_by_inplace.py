import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.exp(x)
z = y * 2
y += 1
z.sum().backward()
print(x.grad)
