import torch
w = torch.ones(2, 2, requires_grad=True)
x = torch.ones(2, requires_grad=True)
y = w @ x
with torch.no_grad():
    w.mul_(0.5)
y.sum().backward()
