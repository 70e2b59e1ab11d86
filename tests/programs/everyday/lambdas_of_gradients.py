import torch

torch.manual_seed(0)
f = lambda x, y: torch.sin(x) * torch.cos(y) + 0.1 * x * y
g = lambda fn: lambda *a: torch.autograd.grad(fn(*a), a, create_graph=True)
x = torch.tensor(0.7, requires_grad=True)
y = torch.tensor(0.2, requires_grad=True)
gx, gy = g(f)(x, y)
print(f"{gx.item():.5f} {gy.item():.5f}")
gxx, gxy = torch.autograd.grad(gx, (x, y), retain_graph=True)
gyx, gyy = torch.autograd.grad(gy, (x, y))
print(gxy == gyx, gxx + gyy)
ops = [("add", torch.add), ("mul", torch.mul), ("pow", torch.pow)]
for name, op in ops:
    a, b = (torch.tensor(v, requires_grad=True) for v in (2.0, 3.0))
    op(a, b).backward()
    print(f"{name:>4}: da={a.grad:.4f} db={b.grad:.4f}")
