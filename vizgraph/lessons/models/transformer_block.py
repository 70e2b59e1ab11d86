import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.project = nn.Linear(width, width)

    def split(self, x):
        time, width = x.shape
        return x.view(time, self.heads, width // self.heads).transpose(0, 1)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5
        mixed = F.softmax(scores, dim=-1) @ v
        return self.project(mixed.transpose(0, 1).reshape(x.shape))


class Block(nn.Module):
    def __init__(self, width=8, heads=2):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


torch.manual_seed(0)
block = Block()
x = torch.randn(4, 8, requires_grad=True)  # 4 tokens of width 8
target = torch.randn(4, 8)

loss = F.mse_loss(block(x), target)
loss.backward()
print(f"loss {loss.item():.4f}")
