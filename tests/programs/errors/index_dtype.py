import torch
import torch.nn.functional as F

logits = torch.zeros(2, 3, requires_grad=True)
labels = torch.tensor([0.0, 1.0])
loss = F.nll_loss(F.log_softmax(logits, dim=1), labels)
