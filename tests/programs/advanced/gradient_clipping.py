import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
x = torch.tensor([[10.0, -20.0, 30.0]])
model(x).pow(2).sum().backward()
before = torch.sqrt(sum((p.grad ** 2).sum() for p in model.parameters()))
total = nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
after = torch.sqrt(sum((p.grad ** 2).sum() for p in model.parameters()))
print(f"{before.item():.2f} {total.item():.2f} {after.item():.4f}")
