import torch
import torch.nn.functional as F
from torch import nn

WIDTH, HEADS, LAYERS = 16, 2, 2


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.project = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        time = x.shape[0]
        q, k, v = (part.view(time, HEADS, -1).transpose(0, 1) for part in self.qkv(x).split(WIDTH, dim=1))
        scores = q @ k.transpose(1, 2) / (WIDTH // HEADS) ** 0.5
        future = torch.ones(time, time).triu(diagonal=1).bool()
        weights = F.softmax(scores.masked_fill(future, float("-inf")), dim=-1)
        return self.project((weights @ v).transpose(0, 1).reshape(time, WIDTH))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class GPT(nn.Module):
    def __init__(self, vocabulary, longest):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, WIDTH)
        self.positions = nn.Embedding(longest, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        nn.init.normal_(self.tokens.weight, std=0.02)

    def forward(self, text):
        x = self.tokens(text) + self.positions(torch.arange(len(text)))
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.tokens.weight.T  # the same weights at both ends


text = "hello world"
letters = sorted(set(text))
codes = torch.tensor([letters.index(letter) for letter in text])

torch.manual_seed(0)
model = GPT(len(letters), len(text))
loss = F.cross_entropy(model(codes[:-1]), codes[1:])  # what comes after each letter
loss.backward()
print(f"loss {loss.item():.4f}")
