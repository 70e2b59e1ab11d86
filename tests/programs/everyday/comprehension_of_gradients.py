import torch

xs = [torch.tensor(float(i), requires_grad=True) for i in range(4)]
y = sum([(i + 1) * x ** 2 for i, x in enumerate(xs)])
y.backward()
print([x.grad.item() for x in xs])
print([x.grad.item() for x in xs if x > 1])
