import torch

torch.manual_seed(0)
Wx = torch.randn(2, 3) * 0.5
Wh = torch.randn(3, 3) * 0.5
Wx.requires_grad_(True)
Wh.requires_grad_(True)
x = torch.ones(5, 2)
h = torch.zeros(3)
states = []
for t in range(5):
    h = torch.tanh(x[t] @ Wx + h @ Wh)
    states.append(h)
loss = torch.stack(states).pow(2).mean()
loss.backward()
print(f"{loss.item():.5f}")
print(Wh.grad)
