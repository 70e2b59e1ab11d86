import torch

w = torch.zeros(3, requires_grad=True)
loss = (w - 1).pow(2).sum()
loss.backward()
w.sub_(0.1 * w.grad)
