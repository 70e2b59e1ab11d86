import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
X, y = torch.eye(3), torch.ones(3)

def l2_penalty(w):
    return w.pow(2).sum() / 2

for lambd in (0, 3):
    w.grad = None
    loss = ((X @ w - y) ** 2).mean() + lambd * l2_penalty(w)
    loss.backward()
    print(f"lambda {lambd}: |grad| = {w.grad.norm().item():.4f}, |w| = {torch.norm(w).item():.4f}")
