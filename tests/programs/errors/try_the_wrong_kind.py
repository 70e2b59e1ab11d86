import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
try:
    y = x.view(3)
except ValueError:
    print("not this one")
