import torch

w = torch.tensor([3.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.2)
for epoch in range(4):
    optimizer.zero_grad()
    (w ** 2).sum().backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.5
    print(epoch, round(w.item(), 4), optimizer.param_groups[0]["lr"])
