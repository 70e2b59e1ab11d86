import torch

x = torch.ones(2, requires_grad=True)
try:
    x.mul_(2)
except RuntimeError as e:
    print(e)
with torch.no_grad():
    x.mul_(2)
print(x)
