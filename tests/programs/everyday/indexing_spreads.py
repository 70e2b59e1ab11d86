import torch

x = torch.arange(1.0, 7.0).view(2, 3)
x.requires_grad = True
y = x[0, 1] * 10 + x[1].sum() + x[:, 2].prod()
print(y)
y.backward()
print(x.grad)
print(x[-1, ::2])
print(x[x > 3])
