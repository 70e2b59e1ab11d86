import torch

base = torch.zeros(2, 3)
w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
row = base[1]
row += w
row[0] = row[0] * 5
print(base)
base.sum().backward()
print(w.grad)
