import torch

torch.manual_seed(0)
mu = torch.tensor([0.5, -0.5], requires_grad=True)
log_var = torch.tensor([0.1, -0.3], requires_grad=True)
eps = torch.randn(2)
z = mu + torch.exp(0.5 * log_var) * eps
kl = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
recon = (z ** 2).sum()
loss = recon + kl
loss.backward()
print(f"kl={kl.item():.4f} recon={recon.item():.4f}")
print(mu.grad)
print(log_var.grad)
