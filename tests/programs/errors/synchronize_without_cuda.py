# Waiting for a device that is not there.
import torch

start = torch.ones(3, requires_grad=True)
total = (start * 2).sum()
total.backward()
print(start.grad, torch.cuda.is_available())
torch.cuda.synchronize()
