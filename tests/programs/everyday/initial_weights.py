import torch
from torch import nn
import torch.nn.init as init

torch.manual_seed(0)
layer = nn.Linear(16, 16)
for name, f in [("xavier_uniform", init.xavier_uniform_), ("xavier_normal", init.xavier_normal_),
                ("kaiming_uniform", init.kaiming_uniform_), ("kaiming_normal", init.kaiming_normal_),
                ("orthogonal", init.orthogonal_)]:
    f(layer.weight)
    print(f"{name:16s} std={layer.weight.std().item():.4f} max={layer.weight.abs().max().item():.4f}")
init.constant_(layer.bias, 0.5)
init.normal_(layer.weight, mean=0.0, std=0.02)
print(layer.bias[:3], init.calculate_gain('relu'), init.calculate_gain('tanh'))
x = torch.randn(4, 16)
for depth in range(3):
    x = torch.relu(layer(x))
    print(depth, x.var().item())
