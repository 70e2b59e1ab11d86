import torch
from torch.autograd.functional import hvp, vhp, jvp, vjp

torch.manual_seed(0)


def pow_sum(x):
    return x.pow(3).sum()


inputs = torch.rand(2, 2)
v = torch.ones(2, 2)
print(hvp(pow_sum, inputs, v))
print(vhp(pow_sum, inputs, v)[1])
print(jvp(torch.exp, inputs, v))
print(vjp(torch.sin, inputs, v)[1])
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x ** 3).sum()
(g,) = torch.autograd.grad(y, x, create_graph=True)
(Hv,) = torch.autograd.grad(g @ torch.tensor([1.0, 0.5]), x)
print(g, Hv)
