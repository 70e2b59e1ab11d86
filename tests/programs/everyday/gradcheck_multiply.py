import torch
from torch.autograd import gradcheck

def f(a, b):
    return a * b + torch.sin(a)

a = torch.tensor([0.3, 1.2], dtype=torch.double, requires_grad=True)
b = torch.tensor([2.0, -0.7], dtype=torch.double, requires_grad=True)
print(gradcheck(f, (a, b)))
print(gradcheck(f, (a, b), eps=1e-6, atol=1e-4))
