import torch

x = torch.tensor([0.1, 0.9, 0.5], requires_grad=True)
i = x.argmax()
print(i, i.requires_grad)
top = torch.topk(x, 2)
print(top.values, top.indices)
ordered, order = torch.sort(x, descending=True)
(ordered * torch.tensor([3.0, 2.0, 1.0])).sum().backward()
print(x.grad, order)
