import torch

n = torch.arange(5)
x = n.float().requires_grad_()
mask = n % 2 == 0
print(n, mask)
loss = x[mask].sum() + (x * (~mask).float()).pow(2).sum()
loss.backward()
print(x.grad)
print(n.sum().item() // 3, (n / 2)[1], n.to(torch.float64).mean())
