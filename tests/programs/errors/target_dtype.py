import torch
import torch.nn as nn
pred = torch.randn(3, 4, requires_grad=True)
target = torch.tensor([1.0, 0.0, 3.0])
loss = nn.CrossEntropyLoss()(pred, target)
