import torch

x = torch.tensor(1.0, requires_grad=True)
shared = torch.exp(x)
a = shared * 2
b = shared ** 2
a.backward()
print(x.grad)
b.backward()
