import torch

x = torch.tensor([[1.0, 5.0], [3.0, 2.0]], requires_grad=True)
print(x.sum(dim=0), x.mean(dim=1))
print(x.max(), x.min(), x.argmax())
value, where = x.max(dim=1)
print(value, where)
(x.max() + x.prod() + x.std()).backward()
print(x.grad)
