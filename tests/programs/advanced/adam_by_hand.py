import torch

w = torch.tensor([1.0, -3.0], requires_grad=True)
ref = w.detach().clone().requires_grad_(True)
opt = torch.optim.Adam([ref], lr=0.1, betas=(0.9, 0.999), eps=1e-8)
m = torch.zeros_like(w)
v = torch.zeros_like(w)
for t in range(1, 4):
    loss = (w ** 2).sum()
    g, = torch.autograd.grad(loss, w)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    with torch.no_grad():
        w -= 0.1 * (m / (1 - 0.9 ** t)) / ((v / (1 - 0.999 ** t)).sqrt() + 1e-8)
    opt.zero_grad()
    (ref ** 2).sum().backward()
    opt.step()
print(w.detach())
print(torch.allclose(w, ref, atol=1e-6))
