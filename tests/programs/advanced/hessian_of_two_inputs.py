import torch

def f(x, y):
    return 2 * x.pow(2).sum() + (x * y).sum()

x = torch.tensor([1.0, 2.0])
y = torch.tensor([3.0, 4.0])
(xx, xy), (yx, yy) = torch.autograd.functional.hessian(f, (x, y))
print(xx)
print(xy)
print(yy)
