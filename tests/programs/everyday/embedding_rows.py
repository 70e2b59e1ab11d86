import torch
from torch import nn

torch.manual_seed(0)
emb = nn.Embedding(5, 3)
ids = torch.tensor([1, 3, 1])
vectors = emb(ids)
print(vectors.shape)
vectors.sum().backward()
print(emb.weight.grad)
