import torch

x1 = torch.tensor(1., requires_grad=True)
x2 = torch.tensor(2., requires_grad=True)
y = torch.zeros(3)
y[0] = x1 + x2
y[1] = x1 * x2
y[2] = x1 / x2
print(y)
y.backward(torch.tensor([1., 0.5, 2.]))
print(x1.grad, x2.grad)
