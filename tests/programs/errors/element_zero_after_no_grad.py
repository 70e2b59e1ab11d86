import torch

w = torch.tensor(1.0, requires_grad=True)
with torch.no_grad():
    loss = (w - 3) ** 2
print(loss)
loss.backward()
