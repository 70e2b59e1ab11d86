import torch

def f(x):
    return x ** 3

out, pull = torch.func.vjp(f, torch.tensor([1.0, 2.0]))
print(out)
print(pull(torch.tensor([1.0, 10.0]))[0])
