import torch

torch.manual_seed(0)
w = torch.tensor([[1.0, -1.0], [0.5, 2.0]], requires_grad=True)
x = torch.tensor([[0.3, 0.7]], requires_grad=True)
score = torch.tanh(x @ w).sum()
gx, = torch.autograd.grad(score, x, create_graph=True)
penalty = (gx.norm(2, dim=1) - 1).pow(2).mean()
penalty.backward()
print(f"penalty {penalty.item():.5f}")
print(w.grad)
