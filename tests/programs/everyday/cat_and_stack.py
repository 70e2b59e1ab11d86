import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
c = torch.cat([a, b])
s = torch.stack([a, b], dim=1)
print(c)
print(s)
loss = (c * torch.arange(4.)).sum() + s[:, 1].sum()
loss.backward()
print(a.grad, b.grad)
