import torch
from torch.autograd.functional import jvp, vjp

def f(x):
    return torch.stack((x[0] * x[1] * x[2], x.sum(), x[0] + x[1] * x[2]))

x = torch.tensor([1.0, 2.0, 3.0])
out, pulled = vjp(f, x, v=torch.tensor([0.1, 0.2, 0.3]))
print(out, pulled)
out, pushed = jvp(f, x, torch.tensor([1.0, 0.0, 0.0]))
print(pushed)
