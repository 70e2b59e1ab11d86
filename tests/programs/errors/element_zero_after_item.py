import torch

w = torch.tensor(2.0, requires_grad=True)
y = w * 3
loss = torch.tensor(y.item()) ** 2
loss.backward()
