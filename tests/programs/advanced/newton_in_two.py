import torch


def f(x):
    return (x[0] - 1) ** 4 + (x[0] - 1) ** 2 + 2 * (x[1] + 2) ** 2 + x[0] * x[1]


x = torch.tensor([3.0, 1.0])
for i in range(6):
    g = torch.autograd.functional.jacobian(f, x)
    H = torch.autograd.functional.hessian(f, x)
    step = torch.linalg.solve(H, g)
    x = x - step
    print(i, x.tolist(), f(x).item(), torch.linalg.norm(g).item())
print(torch.linalg.eigvalsh(H))
