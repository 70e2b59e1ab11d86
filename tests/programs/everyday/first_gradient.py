import torch

# one number in, one number out
x = torch.tensor(3.0, requires_grad=True)
y = x ** 2 + 4 * x + 1
print("y =", y)
y.backward()
print("dy/dx =", x.grad)
