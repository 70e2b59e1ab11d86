import torch

def power(base, exponent=2, *, scale=1.0):
    """Raise, then scale."""
    return scale * base ** exponent

x = torch.tensor(2.0, requires_grad=True)
total = power(x) + power(x, 3) + power(base=x, scale=0.5)
total.backward()
print(total.item(), x.grad.item())
