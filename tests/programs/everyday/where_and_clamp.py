import torch

x = torch.tensor([-1.0, 0.5, 2.0, 3.0], requires_grad=True)
leaky = torch.where(x > 0, x, 0.1 * x)
boxed = torch.clamp(x, min=0.0, max=2.5)
print(leaky, boxed)
leaky.sum().backward()
print(x.grad)
x.grad = None
boxed.sum().backward()
print(x.grad)
