import torch
import torch.nn.functional as F

logits = torch.zeros(3, 2, requires_grad=True)
labels = torch.tensor([0, 1])
loss = F.cross_entropy(logits, labels)
