import torch

x = torch.tensor(3.0, requires_grad=True)
loss = (x - 1) ** 2
lss.backward()
