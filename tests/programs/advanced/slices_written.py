import torch

x = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
y = torch.zeros(4)
y[1:3] = x[:2] ** 2
y[-1] = x[3]
y *= 2
print(y)
y.backward(torch.tensor([1.0, 1.0, 1.0, 1.0]))
print(x.grad)
