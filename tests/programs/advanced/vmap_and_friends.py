import torch
from torch.func import grad, vmap, jacrev, hessian

w = torch.tensor([1.0, -1.0, 0.5])
X = torch.arange(6.).reshape(2, 3)
y = torch.tensor([1.0, 0.0])


def loss(w, x, y):
    return (torch.dot(w, x) - y) ** 2


per_sample = vmap(grad(loss), in_dims=(None, 0, 0))(w, X, y)
print(per_sample)
f = lambda x: x.sin().sum()
print(grad(f)(w))
print(jacrev(torch.sin)(w))
print(hessian(f)(w))
print(vmap(torch.dot)(X, X))
