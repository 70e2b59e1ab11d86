import torch

w = torch.tensor(1.0, requires_grad=True)
y = w * 2
with torch.no_grad():
    y += 1
y.backward()
print(w.grad)
w.requires_grad_(False)
(w * 2).backward()
