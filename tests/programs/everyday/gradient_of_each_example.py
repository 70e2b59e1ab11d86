import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
data = [([1.0, 0.0], 2.0), ([0.0, 1.0], 1.0), ([1.0, 1.0], 4.0)]
grads = []
for features, target in data:
    x = torch.tensor(features)
    loss = (w @ x - target) ** 2
    grads.append(torch.autograd.grad(loss, w)[0])
print(torch.stack(grads))
print(torch.stack(grads).mean(0))
