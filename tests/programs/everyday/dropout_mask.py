import torch
import torch.nn.functional as F

torch.manual_seed(2)
x = torch.ones(8, requires_grad=True)
y = F.dropout(x, p=0.5, training=True)
print(y)
y.sum().backward()
print(x.grad)
print(F.dropout(x, p=0.5, training=False))
