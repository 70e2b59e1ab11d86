import torch

x = torch.tensor(1.0, requires_grad=True)
batches = 0
loss = (x ** 2) * (1 / batches)
