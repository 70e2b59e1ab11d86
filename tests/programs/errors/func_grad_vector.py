import torch
from torch.func import grad
print(grad(lambda x: (x ** 2).sum())(torch.ones(2)))
grad(lambda x: x ** 2)(torch.ones(2))
