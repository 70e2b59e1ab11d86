import torch

def rosenbrock(p):
    return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

p = torch.tensor([0.5, 0.5], requires_grad=True)
g = torch.autograd.grad(rosenbrock(p), p, create_graph=True)[0]
H = torch.stack([torch.autograd.grad(g[i], p, retain_graph=True)[0] for i in range(2)])
print(g.detach())
print(H)
step = torch.linalg.solve(H, g.detach())
print((p - step).detach())
