import torch

def scaled(x, factor):
    return x * factor

x = torch.tensor(1.0, requires_grad=True)
print(scaled(x, 2))
print(scaled(x))
