import torch
w = torch.ones(2, requires_grad=True)
loss = (w * 3).sum().item()
print(loss)
loss.backward()
