import torch
import torch.optim as optim

w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = optim.SGD([w], lr=0.1)
for i in range(5):
    optimizer.zero_grad()
    loss = (w ** 2).sum()
    loss.backward()
    optimizer.step()
    print(i, loss.item(), w.tolist())
