import torch
import torch.nn as nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 1, bias=False))
total = 0
for name, p in model.named_parameters():
    print(f"{name:12s} {str(list(p.shape)):8s} {p.numel()}")
    total += p.numel()
print("total", total)
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
