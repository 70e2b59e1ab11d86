import torch

t = torch.ones(3, requires_grad=True)
s = t * 2
print(s.detach().numpy())
arr = s.numpy()
