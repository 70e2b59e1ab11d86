import torch
from torch import nn
emb = nn.Embedding(5, 2)
print(emb(torch.tensor([0, 4])).shape)
emb(torch.tensor([5]))
