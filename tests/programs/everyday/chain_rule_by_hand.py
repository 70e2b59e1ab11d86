import torch

x = torch.tensor(0.5, requires_grad=True)
u = torch.sin(x)
v = u ** 2
w = torch.exp(v)
w.backward()
by_hand = torch.exp(v) * 2 * u * torch.cos(x)
print(f"autograd: {x.grad.item():.6f}")
print(f"by hand:  {by_hand.item():.6f}")
print(torch.allclose(x.grad, by_hand.detach()))
