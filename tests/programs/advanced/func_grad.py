import torch
from torch.func import grad, jacrev

def f(x):
    return torch.sin(x) ** 2

x = torch.tensor(0.4)
print(grad(f)(x))
print(grad(grad(f))(x))
print(jacrev(lambda v: v * v)(torch.tensor([1.0, 2.0])))
