import torch

def horner(coefficients, x):
    if len(coefficients) == 1:
        return coefficients[0]
    return coefficients[0] + x * horner(coefficients[1:], x)

x = torch.tensor(2.0, requires_grad=True)
p = horner([1.0, 0.0, -3.0, 2.0], x)
p.backward()
print(p, x.grad)
