import torch
import torch.nn.functional as F

logits = torch.tensor([[1.0, 2.0, 3.0]], requires_grad=True)
label = torch.tensor([2])
loss = F.cross_entropy(logits, label)
print(loss)
loss.backward()
print(logits.grad)
print(F.softmax(logits, dim=1))
print(F.log_softmax(logits, dim=-1))
