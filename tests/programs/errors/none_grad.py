import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([3.0, 4.0])
lr = 0.1
for epoch in range(5):
    loss = ((w * x).sum() - 1) ** 2
    loss.backward()
    w = w - lr * w.grad
    print(epoch, loss.item())
