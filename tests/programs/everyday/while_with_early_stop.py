import torch

torch.manual_seed(0)
x = torch.tensor([5.0, -3.0], requires_grad=True)
tolerance, max_iters = 1e-4, 1000
history = []
k = 0
while k < max_iters:
    f = x[0] ** 2 + 3 * x[1] ** 2
    f.backward()
    with torch.no_grad():
        g = x.grad.clone()
        x -= 0.05 * g
        x.grad.zero_()
    history.append(f.item())
    k += 1
    if g.norm() < tolerance:
        print(f"converged after {k} iterations")
        break
else:
    print("did not converge")
print(x.detach(), len(history), f"{history[-1]:.3e}")
