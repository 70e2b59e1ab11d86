import torch

xs = torch.arange(-2.0, 2.5, 1.0, requires_grad=True)
for name, f in [("relu", torch.relu), ("sigmoid", torch.sigmoid), ("tanh", torch.tanh)]:
    y = f(xs)
    y.sum().backward()
    print(name, y.detach(), xs.grad)
    xs.grad.zero_()
