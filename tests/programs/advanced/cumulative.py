import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
c = torch.cumsum(x, dim=0)
p = torch.cumprod(x, dim=0)
print(c, p)
(c.sum() + p[-1]).backward()
print(x.grad)
