import torch

w = torch.tensor(1.0, requires_grad=True)
lr = 0.1


def update():
    w = w - lr * w.grad
    return w


loss = (w - 3) ** 2
loss.backward()
update()
