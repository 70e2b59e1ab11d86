import torch

x = torch.ones(2, 2, requires_grad=True)
y = x ** 2
try:
    y.backward()
except RuntimeError as e:
    print(e)
y.backward(torch.ones(2, 2))
print(x.grad)
