import torch

x = torch.tensor(2.0, requires_grad=True)
h = x ** 2
h.retain_grad()
out = 3 * h + h ** 2
out.backward()
print(h.grad, x.grad)
